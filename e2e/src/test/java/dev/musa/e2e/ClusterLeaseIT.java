package dev.musa.e2e;

import dev.musa.k8s.LeaseContract;
import dev.musa.k8s.TestCluster;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which replica of control works, by a Lease of a cluster. */
@Tag("cluster")
class ClusterLeaseIT extends LeaseContract {
  @RegisterExtension private static final RealCluster CLUSTER = new RealCluster();

  @Override
  protected TestCluster cluster() {
    return CLUSTER;
  }
}
