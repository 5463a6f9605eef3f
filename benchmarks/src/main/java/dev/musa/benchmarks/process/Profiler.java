package dev.musa.benchmarks.process;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import one.profiler.AsyncProfiler;

/**
 * Takes flame graphs of JVMs with async-profiler: of CPU time, then of allocation, each for a part
 * of the window that is measured.
 *
 * <p>Where the kernel does not permit perf events, async-profiler uses a timer of its own.
 */
public final class Profiler {
  private final Path directory;
  private final Path library;
  private int sessions;

  /** What is looked at. */
  private enum Event {
    CPU("event=cpu,interval=2ms"),
    ALLOCATION("event=alloc,alloc=256k");

    private final String options;

    Event(String options) {
      this.options = options;
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A profiler that writes its graphs here. */
  public Profiler(Path directory) {
    this.directory = directory.toAbsolutePath();
    try {
      Files.createDirectories(this.directory);
      this.library = extracted();
    } catch (IOException e) {
      throw new UncheckedIOException("--profile " + directory + " cannot be written to", e);
    }
  }

  /** Graphs of one leg: begins with CPU time. */
  public Session start(String leg, List<Watched> processes) {
    sessions++;
    // Rounds and points of a sweep follow each other.
    String name = sessions == 1 ? leg : leg + "-" + sessions;
    Session session = new Session(name, processes.stream().filter(Watched::isJvm).toList());
    session.begin(Event.CPU);
    return session;
  }

  /** What is under way in one leg. */
  public final class Session {
    private final String leg;
    private final List<Watched> jvms;
    private Event event = Event.CPU;

    private Session(String leg, List<Watched> jvms) {
      this.leg = leg;
      this.jvms = jvms;
    }

    /** Writes the graphs of CPU time and begins with allocation. */
    public void toAllocation() {
      stop();
      begin(Event.ALLOCATION);
    }

    /** Writes the graphs of what is under way. */
    public void stop() {
      for (Watched jvm : jvms) {
        Path graph = directory.resolve(leg + "-" + jvm.name() + "-" + event.label() + ".html");
        command(jvm, "stop,title=%s %s,file=%s".formatted(jvm.name(), event.label(), graph));
      }
    }

    private void begin(Event next) {
      event = next;
      jvms.forEach(jvm -> command(jvm, "start," + next.options));
    }
  }

  private void command(Watched jvm, String options) {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(jvm.pid()));
      try {
        machine.loadAgentPath(library.toString(), options);
      } finally {
        machine.detach();
      }
    } catch (IOException
        | AgentInitializationException
        | AgentLoadException
        | AttachNotSupportedException e) {
      throw new IllegalStateException(
          "async-profiler does not " + options + " in " + jvm.name() + ": " + e.getMessage(), e);
    }
  }

  /** A JVM loads a library from a file, not from a jar. */
  private Path extracted() throws IOException {
    String resource = "/" + platform() + "/libasyncProfiler.so";
    try (InputStream content = AsyncProfiler.class.getResourceAsStream(resource)) {
      if (content == null) {
        throw new StartupException(
            "--profile: async-profiler has no library for this machine (expected: Linux on x64 or"
                + " arm64, or macOS)");
      }
      Path file = Files.createTempFile("libasyncProfiler", ".so");
      file.toFile().deleteOnExit();
      Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
      return file;
    }
  }

  private static String platform() {
    if (System.getProperty("os.name").startsWith("Mac")) {
      return "macos";
    }
    return System.getProperty("os.arch").equals("aarch64") ? "linux-arm64" : "linux-x64";
  }
}
