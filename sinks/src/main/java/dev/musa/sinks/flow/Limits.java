package dev.musa.sinks.flow;

import dev.musa.schemas.Signal;
import java.time.Duration;

/**
 * How much a sink takes in hand.
 *
 * @param batchBytes target size of a request
 * @param linger how long a record waits for others at most
 * @param inFlightPerLane batches under way per partition and org id; metrics always have one,
 *     because their order matters
 * @param inFlight batches under way in all
 * @param heldBytes bytes read and not finished, above which nothing more is read
 * @param windowBytes bytes read ahead of the committed position of one partition, at most: what a
 *     crash may send again
 */
public record Limits(
    int batchBytes,
    Duration linger,
    int inFlightPerLane,
    int inFlight,
    long heldBytes,
    long windowBytes) {

  int inFlightPerLane(Signal signal) {
    return signal == Signal.METRICS ? 1 : inFlightPerLane;
  }
}
