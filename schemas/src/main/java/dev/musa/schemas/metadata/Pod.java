package dev.musa.schemas.metadata;

import java.util.List;
import java.util.Map;

/**
 * One pod as the Kubernetes API of its cluster last showed it.
 *
 * @param cluster the name that MUSA has for the cluster
 * @param node the name of the node that it is on; empty as long as it is on none
 * @param addresses every address that it has or had
 * @param hostNetwork whether these are its node's, which others share
 * @param createdUnixMilli in milliseconds since the epoch
 * @param deletedUnixMilli 0 while it exists; not later than when it was gone
 * @param attributes resource attributes of all that it sends, by name
 * @param owners its own owner first, then that one's
 */
public record Pod(
    String cluster,
    String uid,
    String name,
    String namespace,
    String node,
    List<Address> addresses,
    boolean hostNetwork,
    long createdUnixMilli,
    long deletedUnixMilli,
    Map<String, String> attributes,
    List<Container> containers,
    List<Owner> owners) {

  /**
   * An address and the time in which the pod has it.
   *
   * @param untilUnixMilli 0 while it has it
   */
  public record Address(String ip, long fromUnixMilli, long untilUnixMilli) {}

  /** What made a pod, or made what made it. */
  public record Owner(String kind, String name, String uid) {}

  /**
   * A container of the pod, through its restarts.
   *
   * @param runs the newest one last
   * @param attributes resource attributes of what it sends, by name
   */
  public record Container(String name, List<Run> runs, Map<String, String> attributes) {
    public Container {
      runs = List.copyOf(runs);
      attributes = Map.copyOf(attributes);
    }
  }

  /**
   * A container from one start to its end.
   *
   * @param id without the name of the runtime
   */
  public record Run(String id, int restartCount) {}

  public Pod {
    addresses = List.copyOf(addresses);
    attributes = Map.copyOf(attributes);
    containers = List.copyOf(containers);
    owners = List.copyOf(owners);
  }

  public boolean isDeleted() {
    return deletedUnixMilli != 0;
  }

  /** The same, gone since then, with its addresses given back. */
  public Pod deletedAt(long unixMilli) {
    List<Address> ended =
        addresses.stream()
            .map(address ->
                address.untilUnixMilli() == 0
                    ? new Address(
                        address.ip(),
                        address.fromUnixMilli(),
                        Math.max(unixMilli, address.fromUnixMilli()))
                    : address)
            .toList();
    return new Pod(
        cluster,
        uid,
        name,
        namespace,
        node,
        ended,
        hostNetwork,
        createdUnixMilli,
        unixMilli,
        attributes,
        containers,
        owners);
  }
}
