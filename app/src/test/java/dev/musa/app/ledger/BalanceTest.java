package dev.musa.app.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import dev.musa.schemas.ledger.Account;
import dev.musa.schemas.ledger.AccountTotals;
import dev.musa.schemas.ledger.Entry;
import dev.musa.schemas.ledger.Line;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BalanceTest {
  private static final Topics TOPICS = new Topics("musa");
  private static final Account WAITING =
      new Account(Account.WAITING, Signal.LOGS, "musa.logs.waiting", 2);
  private static final Account PROCESSORS =
      new Account(Account.PROCESSORS, Signal.LOGS, "musa.logs.raw", 2);
  private static final Account SINK =
      new Account(Account.sink("loki"), Signal.LOGS, "musa.logs", 2);

  private final List<AccountTotals> accounts = new ArrayList<>();
  private final Map<Account, Standing> standing = new HashMap<>();

  private Balance balance() {
    return Balance.of(accounts, standing, TOPICS);
  }

  private void account(
      Account account, long from, long to, long records, long taken, Line... outcomes) {
    AccountTotals totals = new AccountTotals(account);
    totals.add(
        new Entry(
            account,
            from,
            to,
            records,
            0,
            List.of(new Line("a", "", "", taken, 0)),
            List.of(outcomes)),
        0);
    accounts.add(totals);
  }

  private static Line line(String outcome, String reason, long items) {
    return new Line("a", outcome, reason, items, 0);
  }

  private static Standing items(long items) {
    return new Standing(Map.of("a", items), 1_000L, true);
  }

  @Test
  void everythingAccountedFor_balances() {
    account(PROCESSORS, 0, 5, 5, 100, line("processed", "", 60), line("dropped", "no-debug", 40));
    account(SINK, 0, 4, 3, 50, line("delivered", "", 49), line("deadlettered", "refused", 1));
    standing.put(PROCESSORS, items(7));
    standing.put(SINK, items(10));

    Balance balance = balance();

    assertThat(balance.differences()).isEmpty();
    assertThat(balance.flows()).hasSize(2);
    assertThat(balance.flows().getFirst().stage()).isEqualTo("processors");
    assertThat(balance.flows().getFirst().accepted()).isEqualTo(107);
    assertThat(balance.flows().get(1).inFlight()).isEqualTo(10);
    assertThat(BalanceText.lines(balance, 4_000))
        .contains(
            "balanced", "    dropped                                 40              no-debug")
        .anyMatch(line -> line.matches(" +in flight +10 +for up to 3 s"));
  }

  @Test
  void whatIsHeldBack_isAccountedForTwice() {
    account(PROCESSORS, 0, 5, 5, 100, line("processed", "", 60), line("waiting", "", 40));
    // Held back once more, with the marks of transactions between.
    account(WAITING, 0, 9, 4, 45, line("processed", "", 40), line("waiting", "", 5));
    account(SINK, 0, 4, 3, 98, line("delivered", "", 98));
    standing.put(SINK, items(2));

    assertThat(balance().differences()).isEmpty();
  }

  @Test
  void whatIsLostWhileItWaits_isNamed() {
    account(PROCESSORS, 0, 5, 5, 100, line("processed", "", 60), line("waiting", "", 40));
    account(WAITING, 0, 9, 4, 38, line("processed", "", 38));
    standing.put(WAITING, items(1));

    assertThat(balance().differences())
        .singleElement()
        .satisfies(difference -> {
          assertThat(difference.stage()).isEqualTo("waiting");
          assertThat(difference.items()).isEqualTo(-1);
          assertThat(difference.where()).contains("that are not on musa.logs.waiting-2");
        });
  }

  @Test
  void itemThatTheProcessorsDropInSilence_isNamed() {
    account(PROCESSORS, 0, 5, 5, 100, line("processed", "", 99));

    assertThat(balance().differences())
        .singleElement()
        .satisfies(difference -> {
          assertThat(difference.stage()).isEqualTo("processors");
          assertThat(difference.items()).isEqualTo(1);
          assertThat(difference.where()).contains("musa.logs.raw-2");
        });
  }

  @Test
  void recordThatTheProcessorsPassOver_isNamed() {
    account(PROCESSORS, 0, 5, 4, 100, line("processed", "", 100));

    assertThat(balance().differences())
        .singleElement()
        .satisfies(difference ->
            assertThat(difference.toString()).startsWith("processors, ").contains("not read: +1"));
  }

  @Test
  void itemThatASinkDropsInSilence_isNamed() {
    account(PROCESSORS, 0, 5, 5, 100, line("processed", "", 100));
    account(SINK, 0, 9, 5, 100, line("delivered", "", 97));

    assertThat(balance().differences())
        .singleElement()
        .satisfies(difference -> {
          assertThat(difference.stage()).isEqualTo("sink:loki");
          assertThat(difference.items()).isEqualTo(3);
        });
  }

  @Test
  void itemThatIsLostBetweenTheTwo_isNamed() {
    account(PROCESSORS, 0, 5, 5, 100, line("processed", "", 100));
    account(SINK, 0, 9, 4, 90, line("delivered", "", 90));
    standing.put(SINK, items(8));

    assertThat(balance().differences())
        .singleElement()
        .satisfies(difference -> {
          assertThat(difference.stage()).isEqualTo("sink:loki");
          assertThat(difference.items()).isEqualTo(-2);
          assertThat(difference.where()).contains("that are not on musa.logs-2");
        });
  }

  @Test
  void itemThatSomebodyElseHasWritten_isNamed() {
    account(PROCESSORS, 0, 5, 5, 100, line("processed", "", 100));
    account(SINK, 0, 9, 6, 101, line("delivered", "", 101));

    assertThat(balance().differences())
        .singleElement()
        .satisfies(difference ->
            assertThat(difference.where()).contains("that the processors have not written"));
  }

  /** Of what was written before it came it knows nothing. */
  @Test
  void sinkThatCameLater_isNotComparedWithAllThatWasWritten() {
    account(PROCESSORS, 0, 5, 5, 100, line("processed", "", 100));
    account(SINK, 3, 9, 2, 20, line("delivered", "", 20));
    standing.put(SINK, items(0));

    assertThat(balance().differences()).isEmpty();
    assertThat(balance().notes())
        .singleElement()
        .asString()
        .startsWith("sink:loki is not compared with what the processors have written");
  }

  @Test
  void whatCouldNotBeCounted_isSaid() {
    account(PROCESSORS, 0, 5, 5, 100, line("processed", "", 100));
    account(SINK, 0, 4, 3, 50, line("delivered", "", 50));
    standing.put(SINK, new Standing(Map.of(), null, false));

    assertThat(balance().differences()).isEmpty();
    assertThat(balance().notes())
        .containsExactly("what stands before sink:loki on musa.logs was not counted to the end");
    assertThat(BalanceText.lines(balance(), 0))
        .anyMatch(line -> line.startsWith("note: what stands before sink:loki"));
  }

  @Test
  void whatExpired_isShownAndIsNoDifference() {
    account(PROCESSORS, 0, 5, 5, 100, line("processed", "", 100));
    accounts.getFirst().add(new Entry(PROCESSORS, 5, 10, 1, 4, List.of(), List.of()), 0);

    Balance balance = balance();

    assertThat(balance.differences()).isEmpty();
    assertThat(balance.flows().getFirst().expiredRecords()).isEqualTo(4);
  }

  @Test
  void offsetsThatNoEntryCovers_areADifferenceAtAnyStage() {
    account(PROCESSORS, 0, 5, 5, 100, line("processed", "", 100));
    accounts.getFirst().add(new Entry(PROCESSORS, 9, 10, 1, 0, List.of(), List.of()), 0);
    account(SINK, 0, 5, 3, 100, line("delivered", "", 100));
    accounts.getLast().add(new Entry(SINK, 7, 8, 1, 0, List.of(), List.of()), 0);

    assertThat(balance().differences())
        .extracting(Balance.Difference::toString)
        .anyMatch(text -> text.startsWith("processors, ") && text.endsWith("not read: +4"))
        .anyMatch(text -> text.startsWith("sink:loki, ") && text.endsWith("not read: +2"))
        .hasSize(2);
  }

  @Test
  void json_saysTheSame() {
    account(PROCESSORS, 0, 5, 5, 100, line("processed", "", 99));

    assertThat(BalanceJson.of(balance()))
        .contains("\"balanced\" : false")
        .contains("\"taken\" : 100")
        .contains("\"outcome\" : \"processed\"");
  }
}
