package dev.musa.e2e;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.testcontainers.kafka.KafkaContainer;

/**
 * A Kafka that goes on when MUSA ends: the one that the environment names, else a container. Topics
 * have new names each time, so that it can be used again and by several at once.
 */
final class KafkaApart implements Kafka {
  private static final String VARIABLE = "MUSA_E2E_KAFKA";
  private static final String NAMED = Environment.variable(VARIABLE);

  private final String prefix = "e2e-" + HexFormat.of().toHexDigits(new Random().nextInt());
  private int installations;

  @Override
  public void orSkip(String test) {
    if (NAMED.isEmpty()) {
      Skip.unlessDocker(test + " (" + VARIABLE + " is not set)");
    }
  }

  @Override
  public Installation install(Path directory, String yaml) {
    return Installation.at(bootstrapServers(), newPrefix(), directory, yaml);
  }

  String bootstrapServers() {
    return NAMED.isEmpty() ? Container.STARTED.getBootstrapServers() : NAMED;
  }

  /** Of the names of topics that are not there yet. */
  String newPrefix() {
    installations++;
    return prefix + "-" + installations;
  }

  /** Deletes the topics of all installations; their groups have nothing left and expire. */
  @Override
  public void close() {
    if (installations == 0) {
      return;
    }
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      // What a killed process left open is ended first: the coordinator could not end it later, and
      // the embedded node takes that for a lost marker, which makes it unhealthy.
      admin.fenceProducers(writers(admin)).all().get();
      admin.deleteTopics(topics(admin)).all().get();
    } catch (ExecutionException e) {
      throw new AssertionError("topics " + prefix + "* are not deleted: " + e.getCause(), e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> writers(Admin admin) throws ExecutionException, InterruptedException {
    return admin.listTransactions().all().get().stream()
        .map(TransactionListing::transactionalId)
        .filter(id -> id.startsWith(prefix))
        .toList();
  }

  private List<String> topics(Admin admin) throws ExecutionException, InterruptedException {
    return admin.listTopics().names().get().stream()
        .filter(name -> name.startsWith(prefix))
        .toList();
  }

  @Override
  public String toString() {
    return "a Kafka apart";
  }

  /** One for all tests, because its start takes seconds; Testcontainers ends it with the JVM. */
  private static final class Container {
    static final KafkaContainer STARTED = new KafkaContainer("apache/kafka:4.3.1");

    static {
      STARTED.start();
    }
  }
}
