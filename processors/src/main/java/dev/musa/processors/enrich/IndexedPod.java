package dev.musa.processors.enrich;

import dev.musa.schemas.wire.EncodedAttribute;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a pod: the keys that lead to it, and its attributes. There may be a hundred
 * thousand of them, so it is arrays, which nobody changes.
 */
final class IndexedPod {
  final String uid;
  final boolean hostNetwork;

  /** Under which it stands in the maps, and the number of the map of each. */
  final Bytes[] keys;

  final byte[] maps;

  /** That its addresses lie in; none if they are its node's. */
  final String[] ranges;

  final Encoding encoding;

  /** Something newer is known of it. */
  private volatile boolean outdated;

  IndexedPod(
      String uid,
      boolean hostNetwork,
      Bytes[] keys,
      byte[] maps,
      String[] ranges,
      Encoding encoding) {
    this.uid = uid;
    this.hostNetwork = hostNetwork;
    this.keys = keys;
    this.maps = maps;
    this.ranges = ranges;
    this.encoding = encoding;
  }

  /** What it says of itself, encoded. */
  static final class Encoding {
    /** What no sender may say otherwise, such as the name of the cluster. */
    final EncodedAttribute[] identity;

    /** All others. */
    final EncodedAttribute[] attributes;

    final Container[] containers;

    /** To be {@linkplain PodEncoder#release released} with the pod. */
    final PodEncoder.Shared[] shared;

    Encoding(
        EncodedAttribute[] identity,
        EncodedAttribute[] attributes,
        Container[] containers,
        PodEncoder.Shared[] shared) {
      this.identity = identity;
      this.attributes = attributes;
      this.containers = containers;
      this.shared = shared;
    }
  }

  /** A container. */
  static final class Container {
    final byte[] name;

    /** Without those that the pod gives. */
    final EncodedAttribute[] attributes;

    /** Newest last. */
    final Run[] runs;

    Container(byte[] name, EncodedAttribute[] attributes, Run[] runs) {
      this.name = name;
      this.attributes = attributes;
      this.runs = runs;
    }

    /** The {@code container.id} of its newest run, if that is to be added; else null. */
    @Nullable EncodedAttribute newestId() {
      return runs.length == 0 ? null : runs[runs.length - 1].attribute;
    }
  }

  /** A container from one start to its end. */
  static final class Run {
    final byte[] id;
    final int restartCount;

    /** {@code container.id}, if that is to be added; else null. */
    final @Nullable EncodedAttribute attribute;

    Run(byte[] id, int restartCount, @Nullable EncodedAttribute attribute) {
      this.id = id;
      this.restartCount = restartCount;
      this.attribute = attribute;
    }
  }

  boolean isOutdated() {
    return outdated;
  }

  void outdate() {
    outdated = true;
  }

  boolean has(Bytes key, byte map) {
    for (int i = 0; i < keys.length; i++) {
      if (maps[i] == map && keys[i].equals(key)) {
        return true;
      }
    }
    return false;
  }

  /** The container with this name; null if there is none. */
  @Nullable Container named(byte[] buffer, int from, int to) {
    for (Container container : encoding.containers) {
      if (Arrays.equals(container.name, 0, container.name.length, buffer, from, to)) {
        return container;
      }
    }
    return null;
  }

  /** The container that has or had this id; null if there is none. */
  @Nullable Container withId(byte[] buffer, int from, int to) {
    for (Container container : encoding.containers) {
      for (Run run : container.runs) {
        if (Arrays.equals(run.id, 0, run.id.length, buffer, from, to)) {
          return container;
        }
      }
    }
    return null;
  }
}
