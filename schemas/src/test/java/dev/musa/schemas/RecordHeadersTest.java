package dev.musa.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;

class RecordHeadersTest {
  private static final RecordHeaders FULL =
      new RecordHeaders("acme", "milan", 7, 1_700_000_000_000L, "10.0.0.1", null);

  @Test
  void read_givesWhatWasWritten() {
    Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
    FULL.writeTo(headers);
    assertThat(RecordHeaders.read(headers)).isEqualTo(FULL);
  }

  @Test
  void withRulesVersion_leavesThePeerBehind() {
    assertThat(FULL.withRulesVersion("abc").withItems(3))
        .isEqualTo(new RecordHeaders("acme", "milan", 3, 1_700_000_000_000L, null, "abc"));
  }

  @Test
  void read_ofAForeignRecord_namesTheHeader() {
    Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
    assertThatThrownBy(() -> RecordHeaders.read(headers))
        .isInstanceOf(BadHeadersException.class)
        .hasMessageContaining(RecordHeaders.SCHEMA_VERSION);
  }

  @Test
  void read_ofANewerSchema_isRefused() {
    Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
    FULL.writeTo(headers);
    headers.remove(RecordHeaders.SCHEMA_VERSION);
    headers.add(RecordHeaders.SCHEMA_VERSION, new byte[] {'2'});
    assertThatThrownBy(() -> RecordHeaders.read(headers)).hasMessageContaining("expected: 1");
  }

  @Test
  void deadLetterHeaders_givesWhatWasWritten() {
    Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
    DeadLetterHeaders letter =
        new DeadLetterHeaders(
            new DeadLetterHeaders.Origin("musa.logs", 3, 42),
            "sink",
            "rejected",
            "loki",
            "400",
            "entry too old");
    letter.writeTo(headers);
    assertThat(DeadLetterHeaders.read(headers)).isEqualTo(letter);
  }
}
