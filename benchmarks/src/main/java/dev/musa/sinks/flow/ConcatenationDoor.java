package dev.musa.sinks.flow;

import dev.musa.schemas.DeadLetterHeaders.Origin;
import dev.musa.schemas.RecordHeaders;
import java.util.List;

/**
 * Lets the benchmarks concatenate records as {@link Part} does, which is hidden from other packages
 * and so can only be reached from this one. Knows nothing of the bench.
 */
public final class ConcatenationDoor {
  private final Part part;

  public ConcatenationDoor(List<byte[]> records) {
    RecordHeaders headers = new RecordHeaders("tenant-1", "cluster-1", 1, 0, null, null);
    part =
        new Part(
            records.stream()
                .map(bytes ->
                    new Piece(
                        new Origin("processed", 0, 0),
                        headers,
                        bytes,
                        false,
                        new Receipt("", 0, 0)))
                .toList());
  }

  /** Whether each record may be concatenated, which a sink checks first. */
  public boolean areWhole() {
    for (Piece piece : part.pieces()) {
      if (!Framing.isWhole(piece.bytes())) {
        return false;
      }
    }
    return true;
  }

  /** One request with the items of all records. */
  public byte[] request() {
    return part.request();
  }
}
