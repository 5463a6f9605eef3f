package dev.musa.k8s;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.time.Instant;
import java.util.Map;

/** Pods as the API shows them. */
final class Pods {
  static final Instant CREATED = Instant.parse("2026-03-01T10:00:00Z");
  static final Instant STARTED = Instant.parse("2026-03-01T10:00:05Z");

  private Pods() {}

  /** One that a Deployment's ReplicaSet has made, running with one container. */
  static PodBuilder running(String uid, String name, String ip) {
    return scheduled(uid, name)
        .editSpec()
        .withNodeName("node-1")
        .endSpec()
        .withNewStatus()
        .withPhase("Running")
        .withPodIP(ip)
        .addNewPodIP(ip)
        .withStartTime("2026-03-01T10:00:01Z")
        .addNewContainerStatus()
        .withName("app")
        .withContainerID("containerd://c-" + uid)
        .withRestartCount(0)
        .withImage("registry.example:5000/shop/cart:1.4.2")
        .withImageID("registry.example:5000/shop/cart@sha256:abc")
        .withNewState()
        .withNewRunning()
        .withStartedAt(STARTED.toString())
        .endRunning()
        .endState()
        .endContainerStatus()
        .endStatus();
  }

  static PodBuilder scheduled(String uid, String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withUid(uid)
        .withName(name)
        .withNamespace("prod")
        .withCreationTimestamp(CREATED.toString())
        .withLabels(Map.of("pod-template-hash", "7d9"))
        .addNewOwnerReference()
        .withController(true)
        .withKind("ReplicaSet")
        .withName("cart-7d9")
        .withUid("rs-1")
        .endOwnerReference()
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .withNewStatus()
        .withPhase("Pending")
        .endStatus();
  }

  /** One that a Deployment has made. */
  static ReplicaSet replicaSet(String uid, String name, String deployment) {
    return new ReplicaSetBuilder()
        .withNewMetadata()
        .withUid(uid)
        .withName(name)
        .addNewOwnerReference()
        .withController(true)
        .withKind("Deployment")
        .withApiVersion("apps/v1")
        .withName(deployment)
        .withUid("d-1")
        .endOwnerReference()
        .endMetadata()
        .build();
  }

  /** The same, ended at that time. */
  static Pod ended(Pod pod, Instant at) {
    return new PodBuilder(pod)
        .editStatus()
        .withPhase("Succeeded")
        .editContainerStatus(0)
        .withNewState()
        .withNewTerminated()
        .withStartedAt(STARTED.toString())
        .withFinishedAt(at.toString())
        .endTerminated()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }
}
