package dev.musa.processors.streams;

import java.util.Map;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * A store that holds nothing and calls itself persistent. Streams derives its transactional ids
 * from a process id, and keeps that id in the state directory only if the topology has a persistent
 * store; otherwise every start has new transactional ids, and what a killed process left open
 * blocks readers until it times out.
 *
 * <p>It says that it manages its offsets, because it has none: otherwise Streams would write a
 * checkpoint file beside it.
 */
final class IdentityStore implements StateStore {
  private final String name;
  private boolean open;

  private IdentityStore(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    context.register(root, (key, value) -> {});
    open = true;
  }

  @Override
  public void close() {
    open = false;
  }

  @Override
  public boolean persistent() {
    return true;
  }

  @Override
  @SuppressWarnings("deprecation") // Deprecated because in the future true is assumed.
  public boolean managesOffsets() {
    return true;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /** Builds it, without a changelog. */
  record Builder(String name) implements StoreBuilder<IdentityStore> {
    @Override
    public IdentityStore build() {
      return new IdentityStore(name);
    }

    @Override
    public StoreBuilder<IdentityStore> withCachingEnabled() {
      return this;
    }

    @Override
    public StoreBuilder<IdentityStore> withCachingDisabled() {
      return this;
    }

    @Override
    public StoreBuilder<IdentityStore> withLoggingEnabled(Map<String, String> config) {
      throw new UnsupportedOperationException(name + " holds nothing to log");
    }

    @Override
    public StoreBuilder<IdentityStore> withLoggingDisabled() {
      return this;
    }

    @Override
    public Map<String, String> logConfig() {
      return Map.of();
    }

    @Override
    public boolean loggingEnabled() {
      return false;
    }
  }
}
