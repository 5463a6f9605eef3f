package dev.musa.app.ledger;

import dev.musa.app.ledger.Balance.Difference;
import dev.musa.app.ledger.Balance.Flow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A balance for programs. */
final class BalanceJson {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private BalanceJson() {}

  static String of(Balance balance) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("balanced", balance.isBalanced());
    all.put("differences", balance.differences().stream().map(BalanceJson::difference).toList());
    all.put("notes", balance.notes());
    all.put("flows", balance.flows().stream().map(BalanceJson::flow).toList());
    return JSON.writeValueAsString(all);
  }

  private static Map<String, Object> difference(Difference difference) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("stage", difference.stage());
    object.put("tenant", difference.tenant());
    object.put("signal", difference.signal().label());
    object.put("where", difference.where());
    object.put("items", difference.items());
    return object;
  }

  private static Map<String, Object> flow(Flow flow) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("tenant", flow.tenant());
    object.put("signal", flow.signal().label());
    object.put("stage", flow.stage());
    object.put("accepted", flow.accepted());
    object.put("taken", flow.taken().items());
    object.put("takenBytes", flow.taken().bytes());
    List<Map<String, Object>> outcomes = new ArrayList<>();
    flow.outcomes()
        .forEach((fate, amount) -> {
          Map<String, Object> outcome = new LinkedHashMap<>();
          outcome.put("outcome", fate.outcome());
          outcome.put("reason", fate.reason());
          outcome.put("items", amount.items());
          outcome.put("bytes", amount.bytes());
          outcomes.add(outcome);
        });
    object.put("outcomes", outcomes);
    object.put("inFlight", flow.inFlight());
    object.put("inFlightIsWhole", flow.inFlightIsWhole());
    object.put("oldestInFlightUnixMilli", flow.oldestUnixMilli());
    object.put("expiredRecords", flow.expiredRecords());
    return object;
  }
}
