package dev.musa.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.musa.runtime.lifecycle.Gate;
import dev.musa.runtime.lifecycle.StartupException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedNodeTest {
  @TempDir Path temp;

  @BeforeAll
  static void quiet() {
    TestLogging.quiet();
  }

  @Test
  void start_withDataOfAnEarlierLife_servesItsRecords() throws Exception {
    try (EmbeddedNode node = node(temp)) {
      node.start();
      assertThat(node.health().ready()).isTrue();
      Clients.createTopic(node.bootstrapServers(), "t", 2, Map.of());
      send(node, "a", "b");
    }
    try (EmbeddedNode node = node(temp)) {
      node.start();
      send(node, "c");
      assertThat(Clients.readAll(node.bootstrapServers(), "t", Duration.ofSeconds(20)))
          .containsExactlyInAnyOrder("a", "b", "c");
    }
  }

  @Test
  void start_onNewData_makesTheTopicsOfTheCoordinatorsAsKafkaWould() throws Exception {
    try (EmbeddedNode node = node(temp)) {
      node.start();
      try (Admin admin = Clients.admin(node.bootstrapServers())) {
        assertThat(admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get())
            .containsExactlyInAnyOrder("__consumer_offsets", "__transaction_state");
        for (String topic : List.of("__consumer_offsets", "__transaction_state")) {
          var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
          var configs = admin.describeConfigs(List.of(resource)).all().get().get(resource);
          assertThat(configs.get("cleanup.policy").value()).isEqualTo("compact");
          assertThat(configs.get("segment.bytes").value()).isEqualTo("104857600");
        }
      }
    }
  }

  @Test
  void start_onDataInUse_namesTheOwnerAndTheRemedy() {
    try (EmbeddedNode first = node(temp);
        EmbeddedNode second = node(temp)) {
      first.start();
      assertThatThrownBy(second::start)
          .isInstanceOf(StartupException.class)
          .hasMessageContaining(temp.toString())
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining("stop that one")
          .hasMessageNotContaining("\n");
      assertThat(first.health().ready()).isTrue();
    }
  }

  @Test
  void start_onAPortInUse_namesPortAndKeyAndLeavesTheDataFree() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      int port = taken.getLocalPort();
      try (EmbeddedNode node = node(config(temp).withPort(port))) {
        assertThatThrownBy(node::start)
            .isInstanceOf(StartupException.class)
            .hasMessageContaining("node.port: port " + port)
            .hasMessageNotContaining("\n");
      }
    }
    DataDirectory.open(temp).close();
  }

  @Test
  void start_onDataOfAnotherFormat_namesBothFormats() throws Exception {
    Files.writeString(temp.resolve("musa.version"), "7\n");
    try (EmbeddedNode node = node(temp)) {
      assertThatThrownBy(node::start)
          .isInstanceOf(StartupException.class)
          .hasMessageContaining("format 7")
          .hasMessageContaining("format " + DataDirectory.FORMAT)
          .hasMessageContaining("start the version that wrote it");
    }
  }

  @Test
  void start_onDataWithoutAFormat_isRefused() throws Exception {
    Files.createDirectories(temp.resolve("kafka"));
    try (EmbeddedNode node = node(temp)) {
      assertThatThrownBy(node::start)
          .isInstanceOf(StartupException.class)
          .hasMessageContaining("musa.version is missing");
    }
  }

  @Test
  void start_underAPathThatIsAFile_saysThatItCannotBeWritten() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "");
    try (EmbeddedNode node = node(file.resolve("data"))) {
      assertThatThrownBy(node::start)
          .isInstanceOf(StartupException.class)
          .hasMessageContaining(file.resolve("data").toString())
          .hasMessageContaining("cannot be written")
          .hasMessageContaining("name another directory");
    }
  }

  @Test
  void start_whereNobodyMayWrite_saysThatItCannotBeWritten() {
    Path proc = Path.of("/proc");
    assumeTrue(Files.isDirectory(proc), "no /proc here: nothing that refuses writes to every user");
    try (EmbeddedNode node = node(proc.resolve("musa"))) {
      assertThatThrownBy(node::start)
          .isInstanceOf(StartupException.class)
          .hasMessageContaining("cannot be written");
    }
  }

  private static void send(EmbeddedNode node, String... values) throws Exception {
    try (var producer = Clients.producer(node.bootstrapServers(), Map.of())) {
      for (String value : List.of(values)) {
        producer.send(new ProducerRecord<>("t", value)).get();
      }
    }
  }

  private static EmbeddedNode node(Path data) {
    return node(config(data));
  }

  private static EmbeddedNode node(NodeConfig config) {
    return new EmbeddedNode(config, new Gate(), new SimpleMeterRegistry(), InstantSource.system());
  }

  private static NodeConfig config(Path data) {
    return NodeConfig.defaults().withData(data).withPort(0);
  }
}
