package dev.musa.app.ledger;

import dev.musa.app.ledger.Balance.Amount;
import dev.musa.app.ledger.Balance.Difference;
import dev.musa.app.ledger.Balance.Fate;
import dev.musa.app.ledger.Balance.Flow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A balance for people. */
final class BalanceText {
  private static final String ROW = "  %-28s %15s %11s  %s";

  private BalanceText() {}

  /** A block for each tenant and signal, and a last line that says whether it balances. */
  static List<String> lines(Balance balance, long nowUnixMilli) {
    List<String> lines = new ArrayList<>();
    @Nullable Flow before = null;
    for (Flow flow : balance.flows()) {
      if (before == null
          || !before.tenant().equals(flow.tenant())
          || before.signal() != flow.signal()) {
        lines.add("");
        lines.add(title(flow));
      }
      before = flow;
      add(flow, nowUnixMilli, lines);
    }
    if (balance.flows().isEmpty()) {
      lines.add("nothing has come in yet");
    }
    lines.add("");
    balance.notes().forEach(note -> lines.add("note: " + note));
    if (balance.isBalanced()) {
      lines.add("balanced");
    } else {
      lines.add("NOT BALANCED");
      for (Difference difference : balance.differences()) {
        lines.add("  " + difference);
      }
    }
    return lines;
  }

  private static String title(Flow flow) {
    String tenant = flow.tenant().isEmpty() ? "without a tenant" : "tenant " + flow.tenant();
    return tenant + ", " + flow.signal().label();
  }

  private static void add(Flow flow, long nowUnixMilli, List<String> lines) {
    lines.add(row(flow.stage(), flow.accepted(), size(flow.taken()), ""));
    flow.outcomes()
        .forEach((fate, amount) ->
            lines.add(row("  " + label(fate), amount.items(), size(amount), fate.reason())));
    if (flow.inFlight() > 0 || !flow.inFlightIsWhole()) {
      lines.add(row("  in flight", flow.inFlight(), "", age(flow, nowUnixMilli)));
    }
    if (flow.expiredRecords() > 0) {
      lines.add(
          row(
              "  expired",
              flow.expiredRecords(),
              "",
              "Kafka records, with an unknown number of items"));
    }
  }

  private static String row(String name, long items, String bytes, String remark) {
    return ROW.formatted(name, "%,d".formatted(items), bytes, remark).stripTrailing();
  }

  private static String label(Fate fate) {
    return fate.outcome().replace('_', ' ');
  }

  private static String size(Amount amount) {
    return amount.bytes() == 0 ? "" : "%,d KiB".formatted((amount.bytes() + 1023) / 1024);
  }

  private static String age(Flow flow, long nowUnixMilli) {
    Long oldest = flow.oldestUnixMilli();
    String more = flow.inFlightIsWhole() ? "" : ", and more that was not counted";
    return oldest == null
        ? more
        : "for up to %d s%s".formatted(Math.max(0, nowUnixMilli - oldest) / 1000, more);
  }
}
