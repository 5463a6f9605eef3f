package dev.musa.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A kubeconfig for a server on this machine that asks nobody who they are. */
public final class Kubeconfig {
  private Kubeconfig() {}

  public static Path write(Path file, int port) {
    try {
      return Files.writeString(
          file,
          """
          apiVersion: v1
          kind: Config
          current-context: c
          clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
          contexts: [{name: c, context: {cluster: c, user: u, namespace: test}}]
          users: [{name: u, user: {}}]
          """
              .formatted(port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
