package dev.musa.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private final StringWriter written = new StringWriter();
  private final Screen screen = new Screen(new PrintWriter(written));

  @Test
  void redraw_replacesTheLinesOfTheLastBlock() {
    screen.redraw(List.of("a", "b"));
    screen.redraw(List.of("c"));

    assertThat(shown()).isEqualTo("[nowrap]a\nb\n[wrap]\r[up 2][clear][nowrap]c\n[wrap]");
  }

  @Test
  void print_putsLinesAboveTheBlock() {
    screen.redraw(List.of("block"));
    screen.print(List.of("news"));

    assertThat(shown()).endsWith("\r[up 1][clear]news\n[nowrap]block\n[wrap]");
  }

  @Test
  void print_withoutABlockIsPlainText() {
    screen.print(List.of("one", "two"));

    assertThat(shown()).isEqualTo("one\ntwo\n");
  }

  @Test
  void release_leavesTheBlockStanding() {
    screen.redraw(List.of("last figures"));
    screen.release();
    screen.print(List.of("stopped"));

    assertThat(shown()).isEqualTo("[nowrap]last figures\n[wrap]stopped\n");
  }

  private String shown() {
    return written
        .toString()
        .replace("\u001b[?7l", "[nowrap]")
        .replace("\u001b[?7h", "[wrap]")
        .replace("\u001b[J", "[clear]")
        .replaceAll("\u001b\\[(\\d+)A", "[up $1]");
  }
}
