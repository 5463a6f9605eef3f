package dev.musa.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.musa.runtime.config.ConfigPrinter;
import dev.musa.runtime.config.ConfigReader;
import dev.musa.runtime.tls.TlsConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaConfigTest {

  private static final KafkaConfig KAFKA =
      new KafkaConfig(
          List.of("kafka1:9092", "[::1]:9093"),
          Map.of("security.protocol", "SASL_SSL", "sasl.jaas.config", "hush"));

  @Test
  void defaults_haveNoServersYet() {
    assertThat(KafkaConfig.defaults()).isEqualTo(new KafkaConfig(List.of(), Map.of()));
    assertThatIllegalStateException()
        .isThrownBy(() -> KafkaConfig.defaults().clientProperties("c"))
        .withMessage("bootstrapServers is [] (expected: at least one)");
  }

  @Test
  void allKeysAreReadFromYaml() {
    String yaml =
        """
        bootstrapServers: ["kafka1:9092", "[::1]:9093"]
        properties:
          security.protocol: SASL_SSL
          sasl.jaas.config: hush
        """;

    assertThat(ConfigReader.read("kafka.yaml", yaml, KafkaConfig.defaults())).isEqualTo(KAFKA);
  }

  @Test
  void clientProperties_haveServersClientIdAndTheConfiguredOnes() {
    assertThat(KAFKA.clientProperties("me"))
        .isEqualTo(
            Map.of(
                "bootstrap.servers", "kafka1:9092,[::1]:9093",
                "client.id", "me",
                "metric.reporters", "",
                "enable.metrics.push", false,
                "security.protocol", "SASL_SSL",
                "sasl.jaas.config", "hush"));
    var reporting = new KafkaConfig(List.of("a:1"), Map.of("metric.reporters", "my.Reporter"));
    assertThat(reporting.clientProperties("me")).containsEntry("metric.reporters", "my.Reporter");
    assertThat(KAFKA.withBootstrapServers(List.of("a:1")).clientProperties("me"))
        .containsEntry("bootstrap.servers", "a:1")
        .containsEntry("security.protocol", "SASL_SSL");
  }

  @Test
  void tls_isReadFromYaml_andLeavesToThePropertiesHowClientsSayWhoTheyAre() {
    TlsConfig tls = new TlsConfig(Path.of("c.pem"), Path.of("k.pem"), Path.of("ca.pem"));
    String yaml =
        """
        bootstrapServers: ["a:1"]
        tls: {certificate: c.pem, key: k.pem, ca: ca.pem}
        """;
    KafkaConfig config = ConfigReader.read("kafka.yaml", yaml, KafkaConfig.defaults());
    assertThat(config).isEqualTo(new KafkaConfig(List.of("a:1"), tls, Map.of()));
    assertThat(config.withBootstrapServers(List.of("b:1")).tls()).isEqualTo(tls);
    assertThat(config.clientProperties("me"))
        .containsEntry("security.protocol", "SSL")
        .containsEntry("ssl.engine.factory.class", TlsEngineFactory.class)
        .containsEntry("musa.tls", tls);

    var scram = new KafkaConfig(List.of("a:1"), tls, Map.of("security.protocol", "sasl_ssl"));
    assertThat(scram.clientProperties("me")).containsEntry("security.protocol", "sasl_ssl");
  }

  @Test
  void tls_saidTwiceOrContradicted_isRefused() {
    TlsConfig tls = TlsConfig.defaults();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new KafkaConfig(List.of("a:1"), tls, Map.of("ssl.truststore.location", "t.jks")))
        .withMessage("properties has 'ssl.truststore.location' beside tls (expected: one of them)");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new KafkaConfig(List.of("a:1"), tls, Map.of("producer.ssl.key.password", "p")))
        .withMessageStartingWith("properties has 'producer.ssl.key.password' beside tls");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new KafkaConfig(List.of("a:1"), tls, Map.of("ssl.provider", "FIPS")))
        .withMessageStartingWith("properties has 'ssl.provider' beside tls");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new KafkaConfig(List.of("a:1"), tls, Map.of("security.protocol", "SASL_PLAINTEXT")))
        .withMessage(
            "properties has security.protocol SASL_PLAINTEXT beside tls (expected: SSL, SASL_SSL,"
                + " or left out for SSL)");
  }

  @Test
  void consumersNeverSkipAndProducersNeverLose() {
    assertThat(KAFKA.consumerProperties("me", "readers"))
        .containsAllEntriesOf(KAFKA.clientProperties("me"))
        .containsEntry("group.id", "readers")
        .containsEntry("auto.offset.reset", "none")
        .containsEntry("enable.auto.commit", false)
        .containsEntry("isolation.level", "read_committed")
        .containsEntry("allow.auto.create.topics", false);
    assertThat(KAFKA.producerProperties("me"))
        .containsAllEntriesOf(KAFKA.clientProperties("me"))
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kafka", "kafka:", ":9092", "http://kafka:9092", "a:1,b:2", "a b:1", ""})
  void serversWithoutHostAndPortAreRefused(String server) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new KafkaConfig(List.of("ok:1", server), Map.of()))
        .withMessage("bootstrapServers has '%s' (expected: host:port, such as kafka:9092)", server);
  }

  @ParameterizedTest
  @ValueSource(strings = {"acks", "producer.acks", "auto.offset.reset", "main.consumer.group.id"})
  void propertiesThatDeliveryDependsOnAreRefused(String key) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new KafkaConfig(List.of(), Map.of(key, "1")))
        .withMessageStartingWith("properties has '" + key + "', which cannot be set: ")
        .withMessageEndingWith(" (expected: left out)");
  }

  @Test
  void passwordsAreMasked() {
    assertThat(KAFKA.toString())
        .isEqualTo(
            "KafkaConfig[bootstrapServers=[kafka1:9092, [::1]:9093],"
                + " tls=null, properties={sasl.jaas.config=***, security.protocol=SASL_SSL}]");
    assertThat(ConfigPrinter.print(KAFKA)).doesNotContain("hush").contains("SASL_SSL");
  }
}
