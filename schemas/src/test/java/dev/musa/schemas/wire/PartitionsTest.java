package dev.musa.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.utils.Utils;

/** Holds the partitioner against Kafka's own. */
class PartitionsTest {
  @Property
  void ofKey_isKafkasFormula(@ForAll byte[] key, @ForAll @IntRange(min = 1, max = 64) int n) {
    assertThat(Partitions.ofKey(key, n)).isEqualTo(Utils.toPositive(Utils.murmur2(key)) % n);
  }

  @Property
  void ofTrace_isKafkasFormulaOnTheBytesOfTheId(
      @ForAll long high, @ForAll long low, @ForAll @IntRange(min = 1, max = 64) int n) {
    byte[] id = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    assertThat(Partitions.ofTrace(high, low, n)).isEqualTo(Utils.toPositive(Utils.murmur2(id)) % n);
  }
}
