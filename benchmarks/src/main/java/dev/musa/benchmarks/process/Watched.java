package dev.musa.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A process whose use of the machine is measured. */
public final class Watched {
  static final long UNKNOWN = -1;

  private final String name;
  private final ProcessHandle process;
  private final @Nullable Jvm jvm;

  private Watched(String name, ProcessHandle process, @Nullable Jvm jvm) {
    this.name = name;
    this.process = process;
    this.jvm = jvm;
  }

  /** A JVM, which is asked for heap and allocation too. */
  public static Watched jvm(String name, long pid) {
    return new Watched(name, handle(name, pid), Jvm.attach(pid));
  }

  public static Watched process(String name, long pid) {
    return new Watched(name, handle(name, pid), null);
  }

  /** The bench itself. */
  public static Watched self(String name) {
    return new Watched(name, ProcessHandle.current(), null);
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  /** Whether it is a JVM that was started by the bench. */
  public boolean isJvm() {
    return jvm != null;
  }

  /** User and system time since its start. */
  Duration cpu() {
    return process
        .info()
        .totalCpuDuration()
        .orElseThrow(() -> new IllegalStateException(name + " (process " + pid() + ") has ended"));
  }

  /** The most memory that it ever had resident, where the kernel tells. */
  long peakResidentBytes() {
    Path status = Path.of("/proc", Long.toString(pid()), "status");
    if (!Files.isReadable(status)) {
      return UNKNOWN;
    }
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
      return UNKNOWN;
    } catch (IOException e) {
      throw new IllegalStateException(name + " (process " + pid() + ") has ended", e);
    }
  }

  long allocatedBytes() {
    return jvm == null ? UNKNOWN : jvm.allocatedBytes();
  }

  long heapAfterGc() {
    return jvm == null ? UNKNOWN : jvm.heapAfterGc();
  }

  private static ProcessHandle handle(String name, long pid) {
    return ProcessHandle.of(pid)
        .orElseThrow(
            () -> new IllegalArgumentException("%s: no process %d runs".formatted(name, pid)));
  }
}
