package dev.musa.app;

import dev.musa.app.status.StatusReader;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.TypeConversionException;

/**
 * A part of MUSA that can run in a process of its own. Each has its own usual ports for metrics and
 * health, so that all of them can run on one machine.
 */
enum Part {
  COLLECTOR(4319, "Take OTLP and put it on Kafka."),
  PROCESSORS(4321, "Process what is on Kafka by the rules."),
  SINKS(4323, "Deliver from Kafka to the backends."),
  CONTROL(4325, "Publish the rules; one process of an installation does."),
  KAFKA(4327, "Run the embedded Kafka node alone.");

  private final int adminPort;
  private final String description;

  Part(int adminPort, String description) {
    this.adminPort = adminPort;
    this.description = description;
  }

  String description() {
    return description;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The part with this label. */
  static Part parse(String label) {
    for (Part part : values()) {
      if (part.label().equals(label)) {
        return part;
      }
    }
    String known = Arrays.stream(values()).map(Part::label).collect(Collectors.joining(", "));
    throw new TypeConversionException("'" + label + "' is no part (expected: " + known + ")");
  }

  /** As users write it. */
  @Override
  public String toString() {
    return label();
  }

  /** What its counters call it. */
  String stage() {
    return switch (this) {
      case COLLECTOR -> StatusReader.COLLECTOR;
      case PROCESSORS -> StatusReader.PROCESSORS;
      case SINKS -> StatusReader.SINK;
      case CONTROL, KAFKA -> label();
    };
  }

  int adminPort() {
    return adminPort;
  }

  int healthPort() {
    return adminPort + 1;
  }

  static Set<Part> all() {
    return EnumSet.allOf(Part.class);
  }
}
