package dev.musa.benchmarks.process;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Map;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What a JVM tells of itself by JMX, as long as it runs. */
final class Jvm {
  /** Without looking now and then whether it still runs, and complaining if not. */
  private static final Map<String, Long> UNCHECKED =
      Map.of("jmx.remote.x.client.connection.check.period", 0L);

  private final ThreadMXBean threads;
  private final MemoryMXBean memory;

  private Jvm(JMXConnector connector) throws IOException {
    MBeanServerConnection server = connector.getMBeanServerConnection();
    this.threads =
        ManagementFactory.newPlatformMXBeanProxy(
            server, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
    this.memory =
        ManagementFactory.newPlatformMXBeanProxy(
            server, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
  }

  // The address is that of the agent that was just started in a child of this process.
  @SuppressWarnings("BanJNDI")
  static Jvm attach(long pid) {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      try {
        JMXServiceURL url = new JMXServiceURL(machine.startLocalManagementAgent());
        return new Jvm(JMXConnectorFactory.connect(url, UNCHECKED));
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException e) {
      throw new IllegalStateException("process " + pid + " is no JVM that can be asked", e);
    } catch (IOException e) {
      throw new UncheckedIOException("the JVM " + pid + " cannot be asked", e);
    }
  }

  /** Of all threads since the start, also of those that have ended. */
  long allocatedBytes() {
    return threads.getTotalThreadAllocatedBytes();
  }

  /** Collects all garbage first. */
  long heapAfterGc() {
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
