package dev.musa.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.app.config.MusaConfig;
import dev.musa.runtime.config.ConfigReader;
import dev.musa.schemas.TopicLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The topics that the Helm chart has Strimzi make are those that MUSA itself would create. */
class ChartTopicsTest {

  @ParameterizedTest
  @ValueSource(strings = {"everything", "single-tenant"})
  void kafkaTopics_areAsMusaWantsThem(String valueSet) {
    RenderedChart chart = RenderedChart.of(valueSet);
    Map<String, Object> made = new TreeMap<>();
    chart
        .all("KafkaTopic")
        .forEach(topic -> made.put(topic.at("/metadata/name").asString(), spec(topic)));

    chart
        .configurations()
        .forEach(part ->
            assertThat(made)
                .as(
                    "KafkaTopics (k8s/chart/templates/_topics.tpl) beside TopicLayout by %s",
                    part.getKey())
                .isEqualTo(wanted(part.getValue())));
  }

  private static Object spec(JsonNode topic) {
    return JsonMapper.shared().convertValue(topic.path("spec"), Map.class);
  }

  /** With what is a matter of the cluster, of three brokers here, and not of the topic. */
  private static Map<String, Object> wanted(String musaYaml) {
    // Its secrets are files that only a cluster has.
    String readable = musaYaml.replaceAll("\\$\\{file:[^}]+}", "secret");
    MusaConfig config = ConfigReader.read("musa.yaml", readable, MusaConfig.defaults());
    Map<String, Object> wanted = new TreeMap<>();
    for (TopicLayout.Spec spec : config.topicLayout(false).specs()) {
      Map<String, String> configs = new HashMap<>(spec.configs());
      configs.put("min.insync.replicas", "2");
      configs.put("unclean.leader.election.enable", "false");
      wanted.put(
          spec.name(), Map.of("partitions", spec.partitions(), "replicas", 3, "config", configs));
    }
    return wanted;
  }
}
