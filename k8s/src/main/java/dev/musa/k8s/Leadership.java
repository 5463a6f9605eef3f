package dev.musa.k8s;

import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import dev.musa.runtime.lifecycle.Services;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Services of which only one process of an installation may run each, so they start when this one
 * gets the Lease. One that loses it ends: whoever has it now begins with what this one has written.
 */
public final class Leadership implements Service {
  private static final Logger log = LoggerFactory.getLogger(Leadership.class);

  /** How often it is renewed while it lasts. */
  private static final int RENEWALS = 5;

  /** How often it is looked at whether it is renewed, in the same time. */
  private static final int LOOKS = 20;

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final KubernetesConfig.Lease lease;
  private final Supplier<KubernetesClient> connect;
  private final String identity;
  private final Services work;
  private final Runnable lost;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("lease-", 0).daemon().factory());
  private @Nullable KubernetesClient client;
  private @Nullable CompletableFuture<?> election;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile String leader = "";
  private volatile boolean leads;
  private volatile long renewedNanos;
  private volatile @Nullable RuntimeException failure;

  /**
   * @param identity of this process among those that want the Lease
   * @param services start in this order
   * @param lost ends this process
   */
  public Leadership(
      KubernetesConfig config,
      String identity,
      List<? extends Service> services,
      Runnable lost,
      MeterRegistry registry) {
    this(
        config.lease(),
        // Renewed as often; an answer that comes later than the next one is due helps nobody.
        () -> Clients.connect(config, config.lease().duration().dividedBy(RENEWALS)),
        identity,
        services,
        lost,
        registry);
  }

  Leadership(
      KubernetesConfig.Lease lease,
      Supplier<KubernetesClient> connect,
      String identity,
      List<? extends Service> services,
      Runnable lost,
      MeterRegistry registry) {
    this.lease = lease;
    this.connect = connect;
    this.identity = identity;
    this.work = new Services(services);
    this.lost = lost;
    Gauge.builder("musa.control.leader", this, each -> each.leads ? 1 : 0)
        .description("1 in the replica of control that does the work, 0 in those that stand by")
        .register(registry);
  }

  @Override
  public String name() {
    return "lease";
  }

  /** Does not wait to lead: one that stands by is as good as it can be. */
  @Override
  public void start() {
    KubernetesClient connected = connect.get();
    client = connected;
    String namespace = lease.namespace();
    Duration duration = lease.duration();
    LeaderElectionConfig config =
        new LeaderElectionConfig(
            new TimedLock(namespace == null ? connected.getNamespace() : namespace),
            duration,
            deadline(),
            duration.dividedBy(RENEWALS),
            new LeaderCallbacks(this::begin, this::end, this::show),
            true,
            lease.name());
    election = new LeaderElector(connected, config, threads).start();
    threads.execute(this::keepToTheDeadline);
  }

  /** Without having renewed it for so long, a leader ends: soon others may take the Lease. */
  private Duration deadline() {
    return lease.duration().multipliedBy(2).dividedBy(3);
  }

  /**
   * The elector looks at the time between its requests, and gives the Lease back before it says
   * that it is lost: both may hang where the API is out of reach.
   */
  private void keepToTheDeadline() {
    try {
      while (!closing.await(lease.duration().toMillis() / LOOKS, TimeUnit.MILLISECONDS)) {
        if (leads && System.nanoTime() - renewedNanos > deadline().toNanos()) {
          end();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Knows when the Lease was renewed last. */
  private final class TimedLock extends LeaseLock {
    private long askedNanos;
    private boolean renewed;

    TimedLock(String namespace) {
      super(namespace, lease.name(), identity);
    }

    /** The elector takes the time for the Lease before it asks who has it. */
    @Override
    public synchronized @Nullable LeaderElectionRecord get(KubernetesClient api) {
      askedNanos = System.nanoTime();
      LeaderElectionRecord record = super.get(api);
      if (record != null && !renewed && identity.equals(record.getHolderIdentity())) {
        // Of an earlier life, or a request whose answer was lost: it leads before it has renewed.
        Duration age = Duration.between(record.getRenewTime(), ZonedDateTime.now(ZoneOffset.UTC));
        renewedNanos = askedNanos - Math.max(0, age.toNanos());
      }
      return record;
    }

    @Override
    public synchronized void create(KubernetesClient api, LeaderElectionRecord record) {
      super.create(api, record);
      renewedNanos = askedNanos;
      renewed = true;
    }

    @Override
    public synchronized void update(KubernetesClient api, LeaderElectionRecord record) {
      super.update(api, record);
      renewedNanos = askedNanos;
      renewed = true;
    }
  }

  @Override
  public void close() {
    closing.countDown();
    // The work first: whoever gets the Lease must not meet it.
    work.close();
    CompletableFuture<?> running = election;
    if (running != null) {
      running.cancel(true);
    }
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.atWarn().log("the Lease was not given back in time; it runs out by itself");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    KubernetesClient connected = client;
    if (connected != null) {
      connected.close();
    }
  }

  @Override
  public Health health() {
    RuntimeException failed = failure;
    if (failed != null) {
      return Health.notReady("has the Lease but cannot work: " + failed.getMessage());
    }
    if (!leads) {
      return Health.ok(leader.isEmpty() ? "stands by" : "stands by, " + leader + " leads");
    }
    Health health = work.health();
    return new Health(health.ready(), "leads\n" + health.detail());
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private void begin() {
    if (isClosing()) {
      return;
    }
    log.atInfo().addKeyValue("lease", lease.name()).log("this replica leads");
    leads = true;
    threads.execute(() -> {
      try {
        work.start();
      } catch (RuntimeException e) {
        failure = e;
        log.atError().setCause(e).log("the work of the leader cannot start");
        lost.run();
      }
    });
  }

  private void end() {
    boolean led;
    synchronized (this) {
      led = leads;
      leads = false;
    }
    if (led && !isClosing()) {
      log.atError().addKeyValue("lease", lease.name()).log("the Lease is lost, this process ends");
      lost.run();
    }
  }

  private void show(String newLeader) {
    leader = newLeader;
    log.atInfo().addKeyValue("leader", newLeader).log("leader of control");
  }
}
