package dev.musa.k8s;

import dev.musa.runtime.kafka.FollowedTopic;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One life of the watch of a cluster, from reading what is published to the first failure. All is
 * done on the thread that calls {@link #run}; what the API shows comes to it by a queue.
 */
final class WatchSession implements ApiWatch.Listener {
  /** How often it says how far it has come; readers doubt addresses if it does not twice. */
  private static final Duration BEAT = Duration.ofMillis(500);

  private static final Duration EXPIRY_PERIOD = Duration.ofMinutes(1);
  private static final Duration QUEUE_WAIT = Duration.ofMillis(100);

  /** Beyond this the client holds what the API shows until it is taken. */
  private static final int QUEUED = 1_000;

  private final KubernetesClient client;
  private final KubernetesConfig config;
  private final MetadataLog log;
  private final InstantSource clock;
  private final OwnerStore around;
  private final PodBook book;
  private final List<Pattern> excluded;
  private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(QUEUED);
  private final Settling settling = new Settling();
  private long nextBeat;
  private long nextExpiry;
  private volatile int pods;
  private volatile boolean synced;
  private volatile boolean watching;
  private volatile boolean ended;

  private record Event(HasMetadata object, boolean isGone) {}

  /**
   * @param keep for how long the record of a pod that is gone may still be asked for
   * @param published counts records
   */
  WatchSession(
      KubernetesClient client,
      KubernetesConfig config,
      MetadataLog log,
      Duration keep,
      Counter published,
      InstantSource clock) {
    this.client = client;
    this.config = config;
    this.log = log;
    this.clock = clock;
    this.around = new OwnerStore(config.extract());
    this.book =
        new PodBook(
            new PodMapper(config.cluster(), config.extract()),
            around,
            keep,
            (uid, pod) -> {
              log.put(uid, pod);
              published.increment();
            });
    this.excluded =
        config.exclude().pods().stream().map(pod -> Pattern.compile(pod.name())).toList();
  }

  /** How many pods there are. */
  int pods() {
    return pods;
  }

  /** Whether all that the API has is published, and all watches stand. */
  boolean isWatching() {
    return synced && watching;
  }

  /**
   * Publishes what the API shows until told to end.
   *
   * @throws RuntimeException if Kafka or the API does not let it go on
   */
  void run(FollowedTopic reader, BooleanSupplier goOn) throws InterruptedException {
    log.restore(reader, book::restore, book::forget);
    try (ApiWatch watch = new ApiWatch(client, config, this)) {
      // On a thread of its own: the queue has to be emptied meanwhile.
      CompletableFuture<Void> started =
          CompletableFuture.runAsync(
              watch::start, task -> Thread.ofVirtual().name("kubernetes-list").start(task));
      while (goOn.getAsBoolean()) {
        takeEvents();
        long now = clock.millis();
        if (!synced && queue.isEmpty() && hasStarted(started)) {
          synced = hasSeenAll(watch);
        }
        if (synced) {
          watching = watch.isWatching();
          settling.look(watching, now);
          beat(now);
        }
        log.commit();
        if (synced && watch.hasEnded()) {
          throw new IllegalStateException("a watch of the Kubernetes API has ended");
        }
      }
    } finally {
      ended = true;
    }
  }

  @Override
  public void shown(HasMetadata object) {
    enqueue(new Event(object, false));
  }

  @Override
  public void gone(HasMetadata object) {
    enqueue(new Event(object, true));
  }

  private void enqueue(Event event) {
    try {
      // After the end nobody takes anything, and the client's threads are not ours to hold.
      boolean taken = false;
      while (!taken && !ended) {
        taken = queue.offer(event, QUEUE_WAIT.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void takeEvents() throws InterruptedException {
    Event first = queue.poll(QUEUE_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    if (first == null) {
      return;
    }
    List<Event> events = new ArrayList<>(QUEUED);
    events.add(first);
    queue.drainTo(events);
    events.forEach(this::take);
    settling.taken(clock.millis());
    pods = book.size();
  }

  private void take(Event event) {
    HasMetadata object = event.object();
    if (object instanceof Pod pod) {
      takePod(pod, event.isGone());
    } else if (event.isGone()) {
      around.gone(object);
    } else {
      Predicate<dev.musa.schemas.metadata.Pod> touched = around.seen(object);
      if (touched != null) {
        book.around(touched);
      }
    }
  }

  private void takePod(Pod pod, boolean isGone) {
    if (isGone) {
      book.gone(pod.getMetadata().getUid(), clock.millis());
    } else if (!isExcluded(pod.getMetadata().getName())) {
      book.seen(pod, clock.millis());
    }
  }

  private boolean isExcluded(String name) {
    return excluded.stream().anyMatch(pattern -> pattern.matcher(name).lookingAt());
  }

  private static boolean hasStarted(CompletableFuture<Void> started) {
    if (!started.isDone()) {
      return false;
    }
    try {
      started.join();
      return true;
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** The client hands over what it has listed on threads of its own, after the list is there. */
  private boolean hasSeenAll(ApiWatch watch) {
    Set<String> missing =
        watch
            .pods()
            .filter(stub -> !isExcluded(stub.getMetadata().getName()))
            .map(stub -> stub.getMetadata().getUid())
            .filter(uid -> !book.hasSeen(uid))
            .collect(Collectors.toSet());
    if (!missing.isEmpty()) {
      return false;
    }
    long seenTo = log.seenTo();
    book.allSeen(seenTo == 0 ? clock.millis() : seenTo);
    return true;
  }

  private void beat(long now) {
    // A watch that was opened again has first to show what was missed.
    if (now >= nextBeat && settling.isOver(queue.isEmpty(), now)) {
      log.seenTo(now);
      nextBeat = now + BEAT.toMillis();
    }
    if (now >= nextExpiry) {
      book.expire(now);
      nextExpiry = now + EXPIRY_PERIOD.toMillis();
    }
  }
}
