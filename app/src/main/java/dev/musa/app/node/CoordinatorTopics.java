package dev.musa.app.node;

import dev.musa.runtime.lifecycle.StartupException;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import kafka.server.BrokerServer;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.controller.Controller;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.image.TopicsImage;

/**
 * The topics in which Kafka's coordinators keep groups and transactions. Kafka makes them when the
 * first client asks for a coordinator, and answers every other client that asks meanwhile with a
 * try of its own and a refusal: with a dozen clients that start together a second goes by.
 */
final class CoordinatorTopics {
  private CoordinatorTopics() {}

  /** Creates those that do not exist, with the settings that Kafka would give them. */
  static void create(
      Controller controller, ControllerRequestContext context, BrokerServer broker, TopicsImage now)
      throws InterruptedException, ExecutionException {
    Map<String, Properties> settings =
        Map.of(
            Topic.GROUP_METADATA_TOPIC_NAME,
            broker.groupCoordinator().groupMetadataTopicConfigs(),
            Topic.TRANSACTION_STATE_TOPIC_NAME,
            broker.transactionCoordinator().transactionTopicConfigs());
    CreateTopicsRequestData request = new CreateTopicsRequestData();
    settings.forEach((name, configs) -> {
      if (now.getTopic(name) == null) {
        request.topics().add(topic(name, configs));
      }
    });
    if (request.topics().isEmpty()) {
      return;
    }
    var answer = controller.createTopics(context, request, Set.of(), false).get();
    for (CreatableTopicResult result : answer.topics()) {
      Errors error = Errors.forCode(result.errorCode());
      if (error != Errors.NONE && error != Errors.TOPIC_ALREADY_EXISTS) {
        throw new StartupException(
            "topic %s cannot be created: %s %s"
                .formatted(result.name(), error, result.errorMessage()));
      }
    }
  }

  private static CreatableTopic topic(String name, Properties configs) {
    CreatableTopic topic =
        new CreatableTopic()
            .setName(name)
            .setNumPartitions(BrokerSettings.COORDINATOR_PARTITIONS)
            .setReplicationFactor((short) 1);
    for (String key : configs.stringPropertyNames()) {
      topic
          .configs()
          .add(new CreatableTopicConfig().setName(key).setValue(configs.getProperty(key)));
    }
    return topic;
  }
}
