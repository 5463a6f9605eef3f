package dev.musa.benchmarks.leg;

import dev.musa.benchmarks.process.Watched;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.Signal;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An endpoint that runs already, with processes whose numbers are known. */
public final class TargetSubject implements Subject {
  private static final Pattern FORM = Pattern.compile("([^:\\s]+):(\\d{1,5})");

  private final String name;
  private final InetSocketAddress target;
  private final Map<String, Long> pids;

  public TargetSubject(String name, String target, Map<String, Long> pids) {
    this.name = name;
    this.target = address(target);
    this.pids = new TreeMap<>(pids);
  }

  static InetSocketAddress address(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new StartupException(
          "the target is " + text + " (expected: HOST:PORT, such as 127.0.0.1:4317)");
    }
    return new InetSocketAddress(matcher.group(1), Integer.parseInt(matcher.group(2)));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Watched> prepare() {
    return List.of();
  }

  @Override
  public List<Watched> startIntake() {
    return pids.entrySet().stream()
        .map(entry -> Watched.process(entry.getKey(), entry.getValue()))
        .toList();
  }

  @Override
  public void stopIntake() {
    throw new IllegalStateException("what the bench has not started, it cannot stop");
  }

  @Override
  public List<Watched> startDrain() {
    return List.of();
  }

  @Override
  public InetSocketAddress target() {
    return target;
  }

  @Override
  public @Nullable String bootstrapServers() {
    return null;
  }

  @Override
  public String topic(Signal signal) {
    throw new IllegalStateException("no Kafka is known");
  }

  @Override
  public String group(Signal signal) {
    throw new IllegalStateException("no Kafka is known");
  }

  @Override
  public void check() {
    // It belongs to somebody else.
  }
}
