package dev.musa.chaos;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The faults that there are, by name. */
final class Faults {
  private static final Map<String, Fault> ALL = all();

  private Faults() {}

  private static Map<String, Fault> all() {
    Map<String, Fault> all = new LinkedHashMap<>();
    all.putAll(PartFaults.all());
    all.putAll(KafkaFaults.all());
    all.putAll(DiskFaults.all());
    all.putAll(BackendFaults.all());
    all.putAll(RuleFaults.all());
    all.putAll(ClientFaults.all());
    return all;
  }

  static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /** Those that need no more than this. */
  static List<String> names(Set<Fault.Need> met) {
    return names().stream().filter(name -> met.containsAll(named(name).needs())).toList();
  }

  static Fault named(String name) {
    Fault fault = ALL.get(name);
    if (fault == null) {
      throw new IllegalArgumentException("fault " + name);
    }
    return fault;
  }
}
