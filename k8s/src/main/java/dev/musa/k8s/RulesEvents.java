package dev.musa.k8s;

import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells those who look at the ConfigMap of the rules what becomes of them, as Events on it. Nothing
 * waits for the API: what it does not take is counted and not told again.
 */
public final class RulesEvents implements Service {
  private static final Logger log = LoggerFactory.getLogger(RulesEvents.class);
  private static final String CONTROLLER = "musa.dev/control";
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  /** While the API is away, that many may wait. */
  private static final int QUEUED = 16;

  private static final int MAX_INSTANCE = 128;

  /** Leaves room for what makes the name of each Event another one. */
  private static final int MAX_NAME = 230;

  /** The API refuses times with more or fewer digits. */
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final String configMap;
  private final Supplier<KubernetesClient> connect;
  private final String instance;
  private final InstantSource clock;
  private final Counter failures;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(QUEUED),
          Thread.ofPlatform().name("rules-events").daemon().factory(),
          (_, _) -> failed("too many wait for the Kubernetes API, or this process ends"));
  private @Nullable KubernetesClient client;
  private volatile @Nullable String trouble;

  /**
   * @param config with a {@code rulesConfigMap}
   * @param instance the name of this process
   */
  public RulesEvents(
      KubernetesConfig config, String instance, MeterRegistry registry, InstantSource clock) {
    this(
        Objects.requireNonNull(config.rulesConfigMap(), "rulesConfigMap"),
        () -> Clients.connect(config),
        instance,
        registry,
        clock);
  }

  RulesEvents(
      String configMap,
      Supplier<KubernetesClient> connect,
      String instance,
      MeterRegistry registry,
      InstantSource clock) {
    this.configMap = configMap;
    this.connect = connect;
    this.instance = start(instance, MAX_INSTANCE);
    this.clock = clock;
    this.failures =
        Counter.builder("musa.kubernetes.events.failed")
            .description("events about the rules that the Kubernetes API did not take")
            .register(registry);
  }

  @Override
  public String name() {
    return "rules events";
  }

  @Override
  public void start() {
    // Connects when there is something to tell.
  }

  /**
   * Returns at once.
   *
   * @param version of the rules that were published last
   * @param problems why what the ConfigMap holds is refused; empty if it is published
   */
  public void tell(String version, List<String> problems) {
    Instant now = clock.instant();
    boolean refused = !problems.isEmpty();
    thread.execute(() -> {
      String note = refused ? Note.refusal(version, problems) : "rules " + version + " published";
      create(
          now, refused ? "Warning" : "Normal", refused ? "RulesRefused" : "RulesPublished", note);
    });
  }

  /** Ready whatever the API does: the rules do not need it. */
  @Override
  public Health health() {
    String problem = trouble;
    return problem == null ? Health.ok() : Health.ok("events are not written: " + problem);
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    KubernetesClient connected = client;
    if (connected != null) {
      connected.close();
    }
  }

  private void create(Instant time, String type, String reason, String note) {
    try {
      KubernetesClient connected = client;
      if (connected == null) {
        connected = connect.get();
        client = connected;
      }
      ObjectReference regarding = regarding(connected);
      Event event =
          new EventBuilder()
              .withNewMetadata()
              .withName(start(configMap, MAX_NAME) + "." + micros(time))
              .withNamespace(regarding.getNamespace())
              .endMetadata()
              .withEventTime(new MicroTime(MICROS.format(time)))
              .withReportingController(CONTROLLER)
              .withReportingInstance(instance)
              .withAction("PublishRules")
              .withReason(reason)
              .withType(type)
              .withNote(note)
              .withRegarding(regarding)
              .build();
      connected.events().v1().events().resource(event).create();
      trouble = null;
    } catch (RuntimeException e) {
      failed(
          isForbidden(e)
              ? "the Kubernetes API refuses ("
                  + e.getMessage()
                  + "): grant create on events in events.k8s.io"
              : String.valueOf(e.getMessage() == null ? e : e.getMessage()));
    }
  }

  /** With its uid, without which {@code kubectl describe} does not find the Event. */
  private ObjectReference regarding(KubernetesClient connected) {
    String namespace = connected.getNamespace();
    ObjectReferenceBuilder regarding =
        new ObjectReferenceBuilder()
            .withApiVersion("v1")
            .withKind("ConfigMap")
            .withName(configMap)
            .withNamespace(namespace);
    try {
      ConfigMap found = connected.configMaps().inNamespace(namespace).withName(configMap).get();
      if (found != null) {
        regarding.withUid(found.getMetadata().getUid());
      }
    } catch (KubernetesClientException e) {
      if (!isForbidden(e)) {
        throw e;
      }
      log.atDebug().setCause(e).log("the ConfigMap of the rules may not be read");
    }
    return regarding.build();
  }

  private static boolean isForbidden(RuntimeException e) {
    return e instanceof KubernetesClientException refused
        && refused.getCode() == HttpURLConnection.HTTP_FORBIDDEN;
  }

  /** Said once, and again only after one was written. */
  private void failed(String reason) {
    failures.increment();
    if (trouble == null) {
      log.atWarn()
          .addKeyValue("configMap", configMap)
          .addKeyValue("reason", reason)
          .log("an event about the rules is not written");
    }
    trouble = reason;
  }

  private static String micros(Instant time) {
    return Long.toHexString(
        Math.addExact(
            Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000));
  }

  private static String start(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length);
  }
}
