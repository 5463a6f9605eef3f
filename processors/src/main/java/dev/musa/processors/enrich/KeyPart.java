package dev.musa.processors.enrich;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.musa.schemas.metadata.Pod;
import org.jspecify.annotations.Nullable;

/**
 * One of the values that make a key, by the name of the resource attribute that tells it.
 *
 * @param attribute null if the address of the connection tells it
 */
record KeyPart(@Nullable String attribute) {
  private static final String IP = "k8s.pod.ip";

  /** Takes a value of a pod and the time in which the pod has it. */
  @FunctionalInterface
  interface Output {
    void value(byte[] utf8, long from, long until);
  }

  /** Whether no other pod ever has the same. */
  boolean isUnique() {
    return "k8s.pod.uid".equals(attribute) || "container.id".equals(attribute);
  }

  boolean isAddress() {
    return attribute == null || attribute.equals(IP);
  }

  /** What leads to the same pods has one name. */
  String what() {
    return attribute == null ? IP : attribute;
  }

  void values(Pod pod, Output output) {
    switch (what()) {
      case IP -> pod.addresses().forEach(address -> address(address, output));
      case "k8s.pod.uid" -> always(pod.uid(), output);
      case "k8s.pod.name" -> always(pod.name(), output);
      case "k8s.namespace.name" -> always(pod.namespace(), output);
      case "k8s.node.name" -> always(pod.node(), output);
      case "k8s.container.name" ->
          pod.containers().forEach(container -> always(container.name(), output));
      case "container.id" ->
          pod.containers()
              .forEach(container -> container.runs().forEach(run -> always(run.id(), output)));
      default -> {
        String value = pod.attributes().get(what());
        if (value != null) {
          always(value, output);
        }
      }
    }
  }

  private static void address(Pod.Address address, Output output) {
    output.value(
        Ip.canonical(address.ip()).getBytes(UTF_8),
        address.fromUnixMilli(),
        address.untilUnixMilli() == 0 ? Long.MAX_VALUE : address.untilUnixMilli());
  }

  private static void always(String value, Output output) {
    if (!value.isEmpty()) {
      output.value(value.getBytes(UTF_8), Long.MIN_VALUE, Long.MAX_VALUE);
    }
  }
}
