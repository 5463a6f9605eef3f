package dev.musa.rules.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Why what the rule directory holds is not published: a record beside the publications, as long as
 * it is so.
 *
 * @param sinceUnixMilli in milliseconds since the epoch
 * @param problems each as a line or more; one at least
 */
public record Refusal(long sinceUnixMilli, String directory, List<String> problems) {
  private static final byte[] KEY = "refused".getBytes(UTF_8);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  public Refusal {
    problems = List.copyOf(problems);
  }

  /** Whether the record with this key tells of a refusal. */
  public static boolean isKey(byte[] key) {
    return Arrays.equals(key, KEY);
  }

  static byte[] key() {
    return KEY.clone();
  }

  /** Whether it says the same, whenever it began. */
  boolean isOf(Refusal other) {
    return directory.equals(other.directory) && problems.equals(other.problems);
  }

  byte[] encode() {
    ObjectNode root = JSON.createObjectNode();
    root.put("apiVersion", PublicationCodec.API_VERSION);
    root.put("refusedSinceUnixMilli", sinceUnixMilli);
    root.put("directory", directory);
    ArrayNode array = root.putArray("problems");
    problems.forEach(array::add);
    return JSON.writeValueAsBytes(root);
  }

  /**
   * Reads a record's value.
   *
   * @throws IllegalArgumentException if it is none that this version of MUSA knows
   */
  public static Refusal decode(byte[] value) {
    JsonNode root = PublicationCodec.tree(value);
    List<String> problems = new ArrayList<>();
    root.path("problems").forEach(problem -> problems.add(problem.asString("")));
    if (!root.path("refusedSinceUnixMilli").isIntegralNumber() || problems.isEmpty()) {
      throw new IllegalArgumentException(
          "incomplete (expected: refusedSinceUnixMilli and problems)");
    }
    return new Refusal(
        root.path("refusedSinceUnixMilli").asLong(), root.path("directory").asString(""), problems);
  }
}
