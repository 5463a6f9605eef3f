package dev.musa.processors.traces;

import dev.musa.processors.sampling.Outcome;
import dev.musa.processors.stages.Outcomes;
import dev.musa.processors.stages.UnitOfWork;
import dev.musa.schemas.Signal;
import java.util.ArrayList;
import java.util.List;

/** The spans of one record that go nowhere because their trace is not kept. */
final class SampledOut {
  private static final String OUTCOME = "sampled_out";
  private static final String NO_POLICY = "no policy";

  private final List<Line> lines = new ArrayList<>();
  private int used;

  void clear() {
    used = 0;
  }

  /** A span that its trace's outcome takes. */
  void add(Outcome outcome, int bytes) {
    String policy = outcome.policy();
    line(OUTCOME, policy == null ? NO_POLICY : policy).add(bytes);
  }

  /** A span that a step before sampling drops, whatever becomes of its trace. */
  void addDropped(String step, int bytes) {
    line(Outcomes.DROPPED, step).add(bytes);
  }

  void count(String tenant, UnitOfWork work) {
    for (int i = 0; i < used; i++) {
      Line line = lines.get(i);
      work.count(tenant, Signal.TRACES, line.outcome, line.reason, line.items, line.bytes);
    }
  }

  /** There are few in a record: policies, not traces. */
  private Line line(String outcome, String reason) {
    for (int i = 0; i < used; i++) {
      Line line = lines.get(i);
      if (line.reason.equals(reason) && line.outcome.equals(outcome)) {
        return line;
      }
    }
    if (used == lines.size()) {
      lines.add(new Line());
    }
    Line line = lines.get(used++);
    line.outcome = outcome;
    line.reason = reason;
    line.items = 0;
    line.bytes = 0;
    return line;
  }

  private static final class Line {
    private String outcome = "";
    private String reason = "";
    private long items;
    private long bytes;

    void add(int bytes) {
      this.items++;
      this.bytes += bytes;
    }
  }
}
