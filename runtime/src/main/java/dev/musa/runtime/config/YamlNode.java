package dev.musa.runtime.config;

import java.util.List;
import java.util.Map;

/** A part of a YAML document together with its place. */
sealed interface YamlNode {

  Location at();

  /** What the file says here, for messages. */
  String described();

  record Entry(Location keyAt, YamlNode value) {}

  record Mapping(Location at, Map<String, Entry> entries) implements YamlNode {
    @Override
    public String described() {
      return "a mapping";
    }
  }

  record Sequence(Location at, List<YamlNode> elements) implements YamlNode {
    @Override
    public String described() {
      return "a list";
    }
  }

  /**
   * A single value.
   *
   * @param written as the file has it: messages quote this, so that they never show what a
   *     reference to a secret stands for
   * @param text with its references replaced
   */
  record Scalar(Location at, String written, String text) implements YamlNode {
    @Override
    public String described() {
      return "'" + written + "'";
    }

    @Override
    public String toString() {
      return "Scalar[at=" + at + ", written=" + written + "]";
    }
  }

  /** {@code null}, or a key with nothing behind it. */
  record Empty(Location at) implements YamlNode {
    @Override
    public String described() {
      return "empty";
    }
  }
}
