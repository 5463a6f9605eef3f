package dev.musa.schemas.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetadataCodecTest {
  private static final Pod POD =
      new Pod(
          "edge",
          "0b1c",
          "shop-7d9-x2",
          "prod",
          "node-7",
          List.of(new Pod.Address("10.1.2.3", 1_000, 0), new Pod.Address("fd00::1", 1_000, 5_000)),
          true,
          900,
          0,
          Map.of("k8s.pod.name", "shop-7d9-x2", "k8s.namespace.name", "prod"),
          List.of(
              new Pod.Container(
                  "app",
                  List.of(new Pod.Run("c0", 0), new Pod.Run("c1", 1)),
                  Map.of("container.image.name", "shop"))),
          List.of(new Pod.Owner("ReplicaSet", "shop-7d9", "r1")));

  @Test
  void pod_isReadAsWritten() {
    assertThat(MetadataCodec.readPod(MetadataCodec.write(POD))).isEqualTo(POD);
    Pod gone = POD.deletedAt(7_000);
    assertThat(MetadataCodec.readPod(MetadataCodec.write(gone))).isEqualTo(gone);
  }

  @Test
  void deletedAt_givesBackWhatThePodStillHas() {
    assertThat(POD.deletedAt(7_000).addresses())
        .containsExactly(
            new Pod.Address("10.1.2.3", 1_000, 7_000), new Pod.Address("fd00::1", 1_000, 5_000));
    assertThat(POD.deletedAt(500).addresses().getFirst().untilUnixMilli()).isEqualTo(1_000);
  }

  @Test
  void keys_tellPodsAndClusters() {
    byte[] pod = MetadataCodec.podKey("a/b", "u1");
    assertThat(MetadataCodec.isPodKey(pod)).isTrue();
    assertThat(MetadataCodec.clusterOf(pod)).isEqualTo("a/b");
    assertThat(MetadataCodec.uidOf(pod)).isEqualTo("u1");
    assertThat(MetadataCodec.isPodKey(MetadataCodec.watchKey("edge"))).isFalse();
    assertThat(MetadataCodec.clusterOf(MetadataCodec.watchKey("edge"))).isEqualTo("edge");
  }

  @Test
  void watch_isReadAsWritten() {
    assertThat(MetadataCodec.readWatch(MetadataCodec.writeWatch(42))).isEqualTo(42);
  }

  @Test
  void whatIsNoPod_isRefused() {
    assertThatThrownBy(() -> MetadataCodec.readPod("no pod".getBytes(UTF_8)))
        .isInstanceOf(MalformedMetadataException.class)
        .hasMessageContaining("a pod of the metadata topic, 6 bytes");
  }
}
