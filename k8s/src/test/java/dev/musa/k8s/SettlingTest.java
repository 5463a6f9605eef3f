package dev.musa.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SettlingTest {
  private static final long T = 1_700_000_000_000L;

  private final Settling settling = new Settling();

  @Test
  void watchesThatStandFor_aSecond_withoutNews_areUpToDate() {
    settling.look(true, T);
    assertThat(settling.isOver(true, T + 999)).isFalse();
    assertThat(settling.isOver(true, T + 1_000)).isTrue();
    assertThat(settling.isOver(false, T + 1_000)).as("something is left").isFalse();
  }

  @Test
  void whatWasMissed_comesFirst() {
    settling.look(true, T);
    settling.taken(T + 900);
    assertThat(settling.isOver(true, T + 1_199)).isFalse();
    assertThat(settling.isOver(true, T + 1_200)).isTrue();
  }

  @Test
  void whereChangesNeverEnd_fiveSecondsAreEnough() {
    settling.look(true, T);
    for (long at = T; at < T + 5_000; at += 100) {
      settling.taken(at);
      settling.look(true, at);
      assertThat(settling.isOver(true, at)).isFalse();
    }
    assertThat(settling.isOver(true, T + 5_000)).isTrue();
  }

  @Test
  void aWatchThatWasDown_beginsAnew() {
    settling.look(true, T);
    assertThat(settling.isOver(true, T + 9_000)).isTrue();
    settling.look(false, T + 9_000);
    assertThat(settling.isOver(true, T + 9_000)).isFalse();
    settling.look(true, T + 10_000);
    assertThat(settling.isOver(true, T + 10_500)).isFalse();
    assertThat(settling.isOver(true, T + 11_000)).isTrue();
  }
}
