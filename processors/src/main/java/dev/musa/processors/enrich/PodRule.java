package dev.musa.processors.enrich;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.musa.schemas.wire.AnyValueView;
import dev.musa.schemas.wire.Attributes;
import dev.musa.schemas.wire.Text;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule of association.
 *
 * @param map the number of the map to look in
 */
record PodRule(int map, List<KeyPart> parts, List<byte[]> attributes) {
  private static final byte[] NO_ATTRIBUTE = {};

  /** No name, id or address in Kubernetes is half as long. */
  private static final int LONGEST_VALUE = 1 << 10;

  static PodRule of(int map, List<KeyPart> parts) {
    return new PodRule(
        map,
        parts,
        parts.stream()
            .map(part -> part.attribute() == null ? NO_ATTRIBUTE : part.attribute().getBytes(UTF_8))
            .toList());
  }

  boolean isByAddress() {
    return parts.stream().anyMatch(KeyPart::isAddress);
  }

  /** Whether nothing but the connection tells the pod. */
  boolean isByConnection() {
    return parts.stream().allMatch(part -> part.attribute() == null);
  }

  /**
   * Makes the key to look up.
   *
   * @param peer canonical address of the sender, if it counts
   * @return false if something for it is not there
   */
  boolean fill(Bytes key, Attributes sent, byte @Nullable [] peer, AnyValueView scratch) {
    key.clear();
    for (int i = 0; i < attributes.size(); i++) {
      KeyPart part = parts.get(i);
      if (part.attribute() == null) {
        if (peer == null) {
          return false;
        }
        key.add(peer, 0, peer.length);
      } else {
        if (!sent.find(attributes.get(i), scratch)) {
          return false;
        }
        Text text = scratch.text();
        if (text.isEmpty() || text.length() > LONGEST_VALUE) {
          return false;
        }
        add(key, text, part.isAddress());
      }
    }
    key.finish();
    return true;
  }

  private static void add(Bytes key, Text value, boolean isAddress) {
    if (isAddress) {
      byte[] canonical = Ip.canonical(value.toString()).getBytes(UTF_8);
      key.add(canonical, 0, canonical.length);
    } else {
      key.add(value.buffer(), value.start(), value.length());
    }
  }
}
