package dev.musa.e2e;

import dev.musa.k8s.RulesEventsContract;
import dev.musa.k8s.TestCluster;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events about refused rules, as the API of a cluster takes them. */
@Tag("cluster")
class ClusterRulesEventsIT extends RulesEventsContract {
  @RegisterExtension private static final RealCluster CLUSTER = new RealCluster();

  @Override
  protected TestCluster cluster() {
    return CLUSTER;
  }
}
