package dev.musa.e2e;

import dev.musa.k8s.TestCluster;
import dev.musa.k8s.WatchContract;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The watch, its comparison after a restart and the change of its writer, in a cluster. */
@Tag("cluster")
class ClusterWatchIT extends WatchContract {
  @RegisterExtension private static final RealCluster CLUSTER = new RealCluster();

  @Override
  protected TestCluster cluster() {
    return CLUSTER;
  }
}
