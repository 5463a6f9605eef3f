package dev.musa.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GateTest {

  private final Gate gate = new Gate();

  @Test
  void isOpenAtFirst() {
    assertThat(gate.isOpen()).isTrue();
    assertThat(gate.reason()).isNull();
    assertThat(gate.health()).isEqualTo(Health.ok());
  }

  @Test
  void shut_holdsUntilOpened() {
    gate.shut("the disk is full");

    assertThat(gate.isOpen()).isFalse();
    assertThat(gate.reason()).isEqualTo("the disk is full");
    assertThat(gate.health()).isEqualTo(Health.notReady("the disk is full"));

    gate.open();
    assertThat(gate.isOpen()).isTrue();
  }

  @Test
  void reasonsUnderSeveralKeysAreIndependent() {
    gate.shut("disk", "the disk is full");
    gate.shut("kafka", "Kafka is down");
    gate.shut("stopping");
    assertThat(gate.reason()).isEqualTo("the disk is full; Kafka is down; stopping");

    gate.open("disk");
    gate.open();
    assertThat(gate.reason()).isEqualTo("Kafka is down");

    gate.open("kafka");
    assertThat(gate.isOpen()).isTrue();
  }

  @Test
  void shut_replacesTheReasonOfItsKey() {
    gate.shut("disk", "5 GB left");
    gate.shut("disk", "4 GB left");
    assertThat(gate.reason()).isEqualTo("4 GB left");

    gate.open("disk");
    assertThat(gate.isOpen()).isTrue();
  }

  @Test
  void open_withoutAReasonDoesNothing() {
    gate.shut("disk", "full");
    gate.open("kafka");
    gate.open();

    assertThat(gate.reason()).isEqualTo("full");
  }

  @Test
  void slowed_turnsAShareAway() {
    gate.slow(0.25, "the disk fills");

    assertThat(gate.reason(() -> 0.2)).isEqualTo("the disk fills");
    assertThat(gate.reason(() -> 0.3)).isNull();
    assertThat(gate.isOpen()).isTrue();
    assertThat(gate.health()).isEqualTo(Health.ok("slowed: the disk fills"));

    gate.shut("it is full");
    assertThat(gate.reason(() -> 0.3)).isEqualTo("it is full");
    gate.open();
    gate.slow(0, "");
    assertThat(gate.reason(() -> 0)).isNull();
  }
}
