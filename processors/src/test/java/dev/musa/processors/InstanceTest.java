package dev.musa.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceTest {
  private static final Map<String, String> NO_POD = Map.of("HOSTNAME", "laptop-3");

  private @TempDir Path stateDir;

  @Test
  void claim_configured_isThat() {
    assertThat(idOf("eu-1", Map.of())).isEqualTo("eu-1");
  }

  @Test
  void claim_configuredWithASpace_isRefused() {
    assertThatThrownBy(() -> idOf("eu 1", Map.of()))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("processors.instance: eu 1");
    assertThat(idOf("eu1", Map.of())).isEqualTo("eu1");
  }

  @Test
  void claim_podOfAStatefulSet_isItsOrdinal() {
    assertThat(idOf("", pod("musa-processors-12"))).isEqualTo("12");
  }

  @Test
  void claim_podOfADeployment_isKeptInTheDirectory() {
    assertThat(idOf("", pod("musa-processors-6d4b9f7c5-24689"))).hasSize(36);
  }

  @Test
  void claim_elsewhere_isMadeUpOnceAndKept() {
    String first = idOf("", NO_POD);

    assertThat(first).hasSize(36);
    assertThat(idOf("", NO_POD)).isEqualTo(first);
  }

  @Test
  void claim_keptIdIsBroken_namesTheFile() throws IOException {
    Files.writeString(stateDir.resolve("instance"), "");

    assertThatThrownBy(() -> idOf("", NO_POD))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining(stateDir.resolve("instance").toString());
  }

  @Test
  void claim_directoryInUse_isRefusedUntilItIsFree() {
    try (Instance _ = Instance.claim("", stateDir, NO_POD)) {
      assertThatThrownBy(() -> Instance.claim("", stateDir, NO_POD))
          .isInstanceOf(StartupException.class)
          .hasMessageContaining("is in use by another process");
    }
    assertThat(idOf("", NO_POD)).hasSize(36);
  }

  private String idOf(String configured, Map<String, String> environment) {
    try (Instance instance = Instance.claim(configured, stateDir, environment)) {
      return instance.id();
    }
  }

  private static Map<String, String> pod(String name) {
    return Map.of("HOSTNAME", name, "KUBERNETES_SERVICE_HOST", "10.0.0.1");
  }
}
