package dev.musa.rules;

import dev.musa.rules.publish.Publication;
import dev.musa.rules.publish.PublicationLog;
import dev.musa.rules.publish.Refusal;
import dev.musa.rules.publish.RuleDirectory;
import dev.musa.runtime.kafka.FollowedTopic;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the rule directory to the rules topic, as its one writer. The directory is polled, as a
 * mounted ConfigMap changes by swapping a symbolic link. A set that is wrong is refused whole: the
 * one in force stays.
 */
public final class RulePublisher implements Service {
  private static final Logger log = LoggerFactory.getLogger(RulePublisher.class);
  private static final int CLOSE_SECONDS = 5;

  /**
   * Who is told of a refusal may forget it after an hour, as the Kubernetes API does its Events.
   */
  private static final Duration TELL_AGAIN = Duration.ofMinutes(30);

  /** So far may a publication lie ahead without a clock that was set back. */
  private static final Duration AHEAD = Duration.ofMinutes(1);

  private final RulesConfig config;
  private final Supplier<PublicationLog> open;
  private final DirectoryListener listener;
  private final InstantSource clock;
  private final Counter refused;
  private @Nullable HashKey hashKey;
  private @Nullable PublicationLog publications;
  private @Nullable ScheduledExecutorService schedule;

  /** What the last look at the directory brought; its problems are reported once. */
  private @Nullable SortedMap<String, String> refusedFiles;

  /** Why what the directory holds is not published; null if it is. */
  private volatile @Nullable Refusal refusal;

  /** The same, each problem in one line; empty if it is published. */
  private List<String> reasons = List.of();

  private @Nullable Instant told;
  private volatile String status = "rules: not read yet";
  private volatile boolean fenced;

  public RulePublisher(
      RulesConfig config,
      KafkaConfig kafka,
      Topics topics,
      DirectoryListener listener,
      MeterRegistry registry,
      InstantSource clock) {
    this(config, () -> open(kafka, topics), listener, registry, clock);
  }

  RulePublisher(
      RulesConfig config,
      Supplier<PublicationLog> open,
      DirectoryListener listener,
      MeterRegistry registry,
      InstantSource clock) {
    this.config = config;
    this.open = open;
    this.listener = listener;
    this.clock = clock;
    this.refused =
        Counter.builder("musa.rules.refused")
            .description("Rule sets in the directory that were refused because they are wrong")
            .register(registry);
    Gauge.builder(
            "musa.rules.directory.valid", this, publisher -> publisher.refusal == null ? 1 : 0)
        .description("1 if what the rule directory holds is published, 0 if it was refused")
        .register(registry);
  }

  @Override
  public String name() {
    return "rule publisher";
  }

  @Override
  public void start() {
    hashKey = config.readHashKey();
    Path directory = config.directory();
    if (directory != null && !Files.isDirectory(directory)) {
      throw new StartupException(
          "rules.directory is "
              + directory
              + ", which is no directory (expected: one with *.yaml files); leave it out to go"
              + " without rules");
    }
    try {
      publications = open.get();
    } catch (KafkaException e) {
      throw new StartupException(
          "the rules topic cannot be written: "
              + e.getMessage()
              + "; check that Kafka answers at kafka.bootstrapServers",
          e);
    }
    poll();
    ScheduledExecutorService scheduler =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("rule-publisher").daemon().factory());
    schedule = scheduler;
    long millis = config.pollInterval().toMillis();
    var _ = scheduler.scheduleWithFixedDelay(this::poll, millis, millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    ScheduledExecutorService scheduler = schedule;
    if (scheduler != null) {
      scheduler.shutdownNow();
      try {
        if (!scheduler.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
          log.atWarn().log("the rule publisher did not stop in time");
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      schedule = null;
    }
    disconnect();
  }

  /** Not ready only if another process writes the rules: whatever is in force stays in force. */
  @Override
  public Health health() {
    return fenced ? Health.notReady(status) : Health.ok(status);
  }

  /** One line: which rules are published, and what is wrong with the directory if anything is. */
  public String status() {
    return status;
  }

  /** Looks at the directory once and publishes it if it has changed. */
  void poll() {
    if (fenced) {
      return;
    }
    guarded(this::look);
    guarded(this::tell);
  }

  private void look() {
    try {
      SortedMap<String, String> files = readDirectory();
      if (files != null && files.isEmpty() && config.directory() != null) {
        // Going without rules would let through what they redact, so it has to be asked for.
        refuse(
            "no *.yaml or *.yml in it; leave rules.directory out to go without rules", List.of());
      } else if (files != null) {
        publishIfChanged(files);
      }
    } catch (IOException e) {
      refuse("cannot be read: " + e.getMessage(), List.of());
    }
  }

  /** On the topic, so that everybody can see what the directory's state is. */
  private void tell() {
    PublicationLog current = publications;
    if (current == null || fenced) {
      return;
    }
    boolean isNew = current.tell(refusal);
    if (isNew || isToBeToldAgain()) {
      listener.changed(newestVersion(), reasons);
      told = clock.instant();
    }
  }

  /** Also at the start: whether a process before this one could tell it nobody knows. */
  private boolean isToBeToldAgain() {
    Instant before = told;
    return refusal != null
        && (before == null
            || Duration.between(before, clock.instant()).abs().compareTo(TELL_AGAIN) >= 0);
  }

  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (ProducerFencedException | InvalidProducerEpochException e) {
      fenced = true;
      status = "rules: another process publishes them (same Kafka, same topic prefix); stop one";
      log.atError().addKeyValue("reason", e.toString()).log(status);
    } catch (KafkaException e) {
      status = "rules: Kafka does not take them (" + e.getMessage() + "); trying again";
      log.atWarn().addKeyValue("reason", e.toString()).log("publishing rules failed");
      disconnect();
    } catch (RuntimeException e) {
      status = "rules: publishing failed (" + e + "); trying again";
      log.atError().setCause(e).log("publishing rules failed");
      disconnect();
    }
  }

  private @Nullable SortedMap<String, String> readDirectory() throws IOException {
    Path directory = config.directory();
    return directory == null ? Collections.emptySortedMap() : RuleDirectory.read(directory);
  }

  private void publishIfChanged(SortedMap<String, String> files) {
    PublicationLog current = publications;
    if (current == null) {
      current = open.get();
      publications = current;
    }
    if (files.equals(refusedFiles)) {
      return;
    }
    String version = RuleSet.versionOf(files);
    String newest = current.newestVersion();
    boolean nothingToSay = newest == null && files.isEmpty();
    if (!nothingToSay && (!version.equals(newest) || isSetBack(current))) {
      try {
        RuleSet.load(files, hashKey);
      } catch (RuleException e) {
        refusedFiles = files;
        refuse("refused, see below", e.problems());
        return;
      }
      publish(current, version, files);
    }
    refusedFiles = null;
    refusal = null;
    reasons = List.of();
    status = "rules " + version + source();
  }

  private void publish(PublicationLog current, String version, SortedMap<String, String> files) {
    long now = clock.millis();
    // Nobody reads by other rules before the first set, so it need not wait for anybody.
    long soonest =
        current.newestVersion() == null ? now : now + config.activationDelay().toMillis();
    long activeFrom =
        isSetBack(current) ? soonest : Math.max(soonest, current.newestActivation() + 1);
    current.append(new Publication(version, activeFrom, files), now - config.history().toMillis());
    log.atInfo()
        .addKeyValue("version", version)
        .addKeyValue("files", files.keySet())
        .addKeyValue("activeInMs", activeFrom - now)
        .log("rules published");
  }

  /**
   * Whether what was published last would come into force only after the clock has gone again where
   * it has been: until then older rules would be, or none.
   */
  private boolean isSetBack(PublicationLog current) {
    Duration longest = config.activationDelay().plus(AHEAD);
    return current.newestActivation() > clock.millis() + longest.toMillis();
  }

  private void refuse(String reason, List<Problem> problems) {
    reasons =
        problems.isEmpty() ? List.of(reason) : problems.stream().map(Problem::toString).toList();
    String first = reasons.getFirst();
    String line =
        "rules %s stay: %s refused, %s"
            .formatted(
                newestVersion(),
                config.directory(),
                problems.size() > 1 ? first + " (and " + (problems.size() - 1) + " more)" : first);
    if (!line.equals(status)) {
      refused.increment();
      log.atError().addKeyValue("directory", config.directory()).log(line);
      for (Problem problem : problems) {
        log.atError().log(problem.format());
      }
    }
    List<String> lines =
        problems.isEmpty() ? List.of(reason) : problems.stream().map(Problem::format).toList();
    refusal = new Refusal(clock.millis(), String.valueOf(config.directory()), lines);
    status = line;
  }

  private String newestVersion() {
    PublicationLog current = publications;
    String newest = current == null ? null : current.newestVersion();
    return newest == null ? RuleSet.EMPTY.version() : newest;
  }

  private String source() {
    Path directory = config.directory();
    if (directory == null) {
      return " (no directory is configured: everything is kept)";
    }
    return " from " + directory;
  }

  private void disconnect() {
    PublicationLog current = publications;
    publications = null;
    if (current != null) {
      current.close();
    }
  }

  private static PublicationLog open(KafkaConfig kafka, Topics topics) {
    Map<String, Object> properties =
        kafka.soleWriterProperties("rule-publisher", topics.rules() + ".publisher");
    try (FollowedTopic reader =
        FollowedTopic.open(kafka.clientProperties("rule-publisher"), topics.rules())) {
      return PublicationLog.open(new KafkaProducer<>(properties), reader, topics.rules());
    }
  }
}
