package dev.musa.app.terminal;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A block of lines at the bottom of a terminal that is redrawn in place, with ordinary output
 * scrolling above it. Lines are cut at the terminal's edge by the terminal itself, so its width
 * need not be known and may change. Thread-safe.
 */
public final class Screen {
  private static final String TO_START_OF_LINE = "\r";
  private static final String CLEAR_BELOW = "\u001b[J";
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";

  private final ReentrantLock lock = new ReentrantLock();
  private final PrintWriter out;
  private List<String> block = List.of();

  public Screen(PrintWriter out) {
    this.out = out;
  }

  /** Draws the block anew in the place of the last one. */
  public void redraw(List<String> lines) {
    lock.lock();
    try {
      StringBuilder text = erase();
      block = List.copyOf(lines);
      draw(text);
    } finally {
      lock.unlock();
    }
  }

  /** Prints lines that stay, above the block. */
  public void print(List<String> lines) {
    lock.lock();
    try {
      StringBuilder text = erase();
      lines.forEach(line -> text.append(line).append('\n'));
      draw(text);
    } finally {
      lock.unlock();
    }
  }

  /** Leaves the block as it stands; what is printed afterwards comes below it. */
  public void release() {
    lock.lock();
    try {
      block = List.of();
    } finally {
      lock.unlock();
    }
  }

  private StringBuilder erase() {
    StringBuilder text = new StringBuilder();
    if (!block.isEmpty()) {
      text.append(TO_START_OF_LINE)
          .append("\u001b[%dA".formatted(block.size()))
          .append(CLEAR_BELOW);
    }
    return text;
  }

  private void draw(StringBuilder text) {
    if (!block.isEmpty()) {
      text.append(NO_WRAP);
      block.forEach(line -> text.append(line).append('\n'));
      text.append(WRAP);
    }
    out.print(text);
    out.flush();
  }
}
