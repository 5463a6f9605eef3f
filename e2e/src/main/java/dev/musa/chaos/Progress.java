package dev.musa.chaos;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** How far a run has come: what survives the driver. */
final class Progress {
  private static final String FAULT = "fault.";
  private static final String WORST = "worst.";
  private static final String COMPLAINT = "complaint.";

  /** A limit that lets less pass than this part of its rate is as wrong as one that lets more. */
  private static final int LEAST_PART = 10;

  private final Path file;
  private final Map<String, Integer> faults = new TreeMap<>();
  private final Map<String, Long> worstMillis = new TreeMap<>();
  private long seed;
  private int firstPort;
  private int backendPort;
  private long millis;
  private boolean cluster;
  private long loadMillis;
  private int processorStarts;
  private long limitedMillis;
  private long peakKibibytes;
  private Shares shares = new Shares();
  private final List<String> complaints = new ArrayList<>();

  private Progress(Path file) {
    this.file = file;
  }

  static Progress fresh(Path file, long seed, int firstPort, int backendPort, boolean cluster) {
    Progress progress = new Progress(file);
    progress.seed = seed;
    progress.firstPort = firstPort;
    progress.backendPort = backendPort;
    progress.cluster = cluster;
    return progress;
  }

  static Progress read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Progress progress = new Progress(file);
    progress.seed = Long.parseLong(properties.getProperty("seed"));
    progress.firstPort = Integer.parseInt(properties.getProperty("port"));
    progress.backendPort = Integer.parseInt(properties.getProperty("backend"));
    progress.millis = Long.parseLong(properties.getProperty("millis"));
    progress.cluster = Boolean.parseBoolean(properties.getProperty("cluster"));
    progress.loadMillis = Long.parseLong(properties.getProperty("load.millis"));
    progress.processorStarts = Integer.parseInt(properties.getProperty("processor.starts"));
    progress.limitedMillis = Long.parseLong(properties.getProperty("limited.millis"));
    progress.peakKibibytes = Long.parseLong(properties.getProperty("peak.kibibytes"));
    progress.shares = Shares.parse(properties.getProperty("shares"));
    for (int i = 0; properties.containsKey(COMPLAINT + i); i++) {
      progress.complaints.add(properties.getProperty(COMPLAINT + i));
    }
    for (String key : properties.stringPropertyNames()) {
      String value = properties.getProperty(key);
      if (key.startsWith(FAULT)) {
        progress.faults.put(key.substring(FAULT.length()), Integer.parseInt(value));
      } else if (key.startsWith(WORST)) {
        progress.worstMillis.put(key.substring(WORST.length()), Long.parseLong(value));
      }
    }
    return progress;
  }

  void write() {
    Properties properties = new Properties();
    properties.setProperty("seed", Long.toString(seed));
    properties.setProperty("port", Integer.toString(firstPort));
    properties.setProperty("backend", Integer.toString(backendPort));
    properties.setProperty("millis", Long.toString(millis));
    properties.setProperty("cluster", Boolean.toString(cluster));
    properties.setProperty("load.millis", Long.toString(loadMillis));
    properties.setProperty("processor.starts", Integer.toString(processorStarts));
    properties.setProperty("limited.millis", Long.toString(limitedMillis));
    properties.setProperty("peak.kibibytes", Long.toString(peakKibibytes));
    properties.setProperty("shares", shares.text());
    for (int i = 0; i < complaints.size(); i++) {
      properties.setProperty(COMPLAINT + i, complaints.get(i));
    }
    faults.forEach((name, count) -> properties.setProperty(FAULT + name, count.toString()));
    worstMillis.forEach((name, worst) -> properties.setProperty(WORST + name, worst.toString()));
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, "a run of musa chaos");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A fault has happened, and so long after it everything worked again. */
  void happened(String fault, long recoveryMillis) {
    faults.merge(fault, 1, Integer::sum);
    worstMillis.merge(fault, recoveryMillis, Math::max);
  }

  void ran(long moreMillis) {
    millis += moreMillis;
  }

  /** The load went on for so long, over so many starts of the processors, of which so many ran. */
  void loaded(long moreMillis, int moreProcessorStarts, int instances) {
    loadMillis += moreMillis;
    limitedMillis += moreMillis * instances;
    processorStarts += moreProcessorStarts;
  }

  /** A process has held so much memory. */
  void held(long kibibytes) {
    peakKibibytes = Math.max(peakKibibytes, kibibytes);
  }

  /** The most memory that any process has held, in KiB. */
  long peakKibibytes() {
    return peakKibibytes;
  }

  /** Something is wrong, whatever else happens. */
  void complain(String complaint) {
    complaints.add(complaint);
  }

  List<String> complaints() {
    return complaints;
  }

  Shares shares() {
    return shares;
  }

  /**
   * How many noisy log records may have passed their limit at most: each life of a process begins
   * with full buckets, one for each service, and each of the processes that run together has the
   * limit for itself.
   */
  long mostLimited() {
    long each = Traffic.BURST * (long) processorStarts + Traffic.LIMIT * (limitedMillis / 1000 + 1);
    return Traffic.GROUPS * each;
  }

  /** How many have to have passed it at least, as more than enough were sent all the time. */
  long leastLimited() {
    return Traffic.GROUPS * Traffic.LIMIT * (loadMillis / 1000) / LEAST_PART;
  }

  /** Whether Kafka is three brokers, and not the embedded node. */
  boolean cluster() {
    return cluster;
  }

  long seed() {
    return seed;
  }

  int firstPort() {
    return firstPort;
  }

  int backendPort() {
    return backendPort;
  }

  long millis() {
    return millis;
  }

  int rounds() {
    return faults.values().stream().mapToInt(Integer::intValue).sum();
  }

  Map<String, Integer> faults() {
    return faults;
  }

  long worstMillis(String fault) {
    return worstMillis.getOrDefault(fault, 0L);
  }
}
