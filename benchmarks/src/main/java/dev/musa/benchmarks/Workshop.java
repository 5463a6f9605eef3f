package dev.musa.benchmarks;

import dev.musa.benchmarks.backend.BackendClient;
import dev.musa.benchmarks.leg.Ports;
import dev.musa.benchmarks.process.Stage;
import dev.musa.benchmarks.process.Watched;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** What all legs of one run of the bench share: ports, the backend and a directory. */
final class Workshop implements AutoCloseable {
  private final Path directory;
  private final boolean keep;
  private final Ports ports;
  private final Stage stage;
  private final BackendClient backend;
  private final Watched backendProcess;
  private int legs;

  private Workshop(Path directory, boolean keep, Ports ports) throws InterruptedException {
    this.directory = directory;
    this.keep = keep;
    this.ports = ports;
    this.stage = new Stage(directory);
    Runtime.getRuntime().addShutdownHook(new Thread(this::abandon, "bench-tidy"));
    this.backendProcess = BackendProcess.start(stage, ports.backendGrpc(), ports.backendHttp());
    this.backend = new BackendClient(ports.backendHttp());
  }

  /** Opens it in a new directory inside {@code parent}, or among the temporary ones. */
  static Workshop open(@Nullable Path parent, boolean keep, Ports ports)
      throws InterruptedException {
    try {
      Path directory =
          parent == null
              ? Files.createTempDirectory("musa-bench-")
              : Files.createTempDirectory(Files.createDirectories(parent), "bench-");
      return new Workshop(directory.toAbsolutePath(), keep, ports);
    } catch (IOException e) {
      throw new UncheckedIOException("no directory for the data can be made", e);
    }
  }

  Ports ports() {
    return ports;
  }

  Path directory() {
    return directory;
  }

  BackendClient backend() {
    return backend;
  }

  Watched backendProcess() {
    return backendProcess;
  }

  /** A directory for one leg, whose data goes with it. */
  Path legDirectory() {
    return directory.resolve("leg-" + ++legs);
  }

  /** Deletes the data of a leg, unless it is to be kept. */
  void discard(Path legDirectory) {
    if (!keep) {
      delete(legDirectory);
    }
  }

  @Override
  public void close() {
    backend.close();
    stage.close();
    tidy();
  }

  /** After Ctrl-C; processes that still end would leave files behind. */
  private void abandon() {
    Stage.stopAll();
    tidy();
  }

  private void tidy() {
    if (!keep) {
      delete(directory);
    }
  }

  private static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
              // A process that is about to end deletes files of its own.
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException failure)
                throws IOException {
              Files.deleteIfExists(dir);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      System.err.println("musa bench: " + directory + " cannot be deleted: " + e);
    }
  }
}
