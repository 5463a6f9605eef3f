package dev.musa.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.app.node.TransactionSigns.Position;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class TransactionSignsTest {
  private static final TopicPartition P = new TopicPartition("t", 3);
  private static final long LIMIT = TransactionSigns.LIMIT.toNanos();

  private final TransactionSigns signs = new TransactionSigns();

  @BeforeAll
  static void quiet() {
    TestLogging.quiet();
  }

  @AfterEach
  void close() {
    signs.close();
  }

  @Test
  void check_heldLongerThanAnyTransactionMayLast_complains() {
    signs.check(List.of(new Position(P, 7, 9)), 0);
    signs.check(List.of(new Position(P, 7, 12)), LIMIT);
    assertThat(signs.complaint()).isNull();
    signs.check(List.of(new Position(P, 7, 12)), LIMIT + 1);
    assertThat(signs.complaint()).contains("t-3", "offset 7 of 12", "restart");
    assertThat(signs.stalled()).isEqualTo(1);
  }

  @Test
  void check_behindButMoving_doesNotComplain() {
    for (int i = 0; i < 10; i++) {
      signs.check(List.of(new Position(P, 7 + i, 20)), i * LIMIT);
    }
    assertThat(signs.complaint()).isNull();
  }

  @Test
  void check_releasedInBetween_startsAnew() {
    signs.check(List.of(new Position(P, 7, 9)), 0);
    signs.check(List.of(new Position(P, 9, 9)), LIMIT / 2);
    signs.check(List.of(new Position(P, 9, 10)), LIMIT);
    signs.check(List.of(new Position(P, 9, 10)), LIMIT + LIMIT / 2);
    assertThat(signs.complaint()).isNull();
    signs.check(List.of(new Position(P, 10, 10)), 3 * LIMIT);
    assertThat(signs.stalled()).isZero();
  }

  @Test
  void coordinatorSkipsAMarker_isNoticedThoughItsLevelIsLow() {
    Logger coordinator =
        LoggerFactory.getLogger("kafka.coordinator.transaction.TransactionMarkerChannelManager");
    coordinator.info("something else");
    assertThat(signs.complaint()).isNull();
    coordinator.info("these partitions are likely deleted already and hence can be skipped");
    assertThat(signs.skipped()).isEqualTo(1);
    assertThat(signs.complaint()).contains("1 transaction markers were skipped");
  }
}
