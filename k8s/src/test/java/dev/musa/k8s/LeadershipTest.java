package dev.musa.k8s;

import org.junit.jupiter.api.extension.RegisterExtension;

class LeadershipTest extends LeaseContract {
  @RegisterExtension private final MockApi api = new MockApi();

  @Override
  protected TestCluster cluster() {
    return api;
  }
}
