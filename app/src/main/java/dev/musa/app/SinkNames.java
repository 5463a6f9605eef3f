package dev.musa.app;

import dev.musa.schemas.Groups;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import dev.musa.sinks.SinksConfig;
import dev.musa.sinks.backend.OtlpConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which sinks a configuration turns on, and which groups read what because of it. */
final class SinkNames {
  private SinkNames() {}

  /** The sinks that take this signal. */
  static List<String> of(SinksConfig sinks, Signal signal) {
    List<String> names = new ArrayList<>();
    if (sinks.filesEnabled()) {
      names.add("files");
    }
    boolean own =
        switch (signal) {
          case TRACES -> sinks.tempo().endpoint() != null;
          case LOGS -> sinks.loki().endpoint() != null;
          case METRICS -> sinks.prometheus().endpoint() != null;
        };
    if (own) {
      names.add(
          switch (signal) {
            case TRACES -> "tempo";
            case LOGS -> "loki";
            case METRICS -> "prometheus";
          });
    }
    for (OtlpConfig otlp : sinks.otlp()) {
      if (otlp.signals().contains(signal)) {
        names.add(otlp.name());
      }
    }
    return names;
  }

  /**
   * The groups that have to pass a record before the embedded node may delete it. Topics that are
   * compacted are not among them.
   */
  static Map<String, Set<String>> readers(SinksConfig sinks, Topics topics, Groups groups) {
    Map<String, Set<String>> readers = new HashMap<>();
    for (Signal signal : Signal.values()) {
      String processor = signal == Signal.TRACES ? groups.traces() : groups.streams();
      readers.put(topics.raw(signal), Set.of(processor));
      if (signal != Signal.TRACES) {
        readers.put(topics.waiting(signal), Set.of(processor));
      }
      Set<String> deliverers = new HashSet<>();
      of(sinks, signal).forEach(name -> deliverers.add(groups.sink(name)));
      readers.put(topics.processed(signal), deliverers);
      readers.put(topics.redrive(signal), deliverers);
    }
    // Nothing waits for these: they are kept for their age.
    readers.put(topics.decisions(), Set.of());
    readers.put(topics.deadLetter(), Set.of());
    return readers;
  }
}
