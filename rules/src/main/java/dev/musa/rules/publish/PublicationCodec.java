package dev.musa.rules.publish;

import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of a publication, which a person can read in the topic. */
public final class PublicationCodec {
  static final String API_VERSION = "musa.dev/v1";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private PublicationCodec() {}

  public static byte[] encode(Publication publication) {
    ObjectNode root = JSON.createObjectNode();
    root.put("apiVersion", API_VERSION);
    root.put("version", publication.version());
    root.put("activeFromUnixMilli", publication.activeFromUnixMilli());
    ArrayNode files = root.putArray("files");
    publication
        .files()
        .forEach((name, content) -> files.addObject().put("name", name).put("content", content));
    return JSON.writeValueAsBytes(root);
  }

  /**
   * Reads a record's value.
   *
   * @throws IllegalArgumentException if it is not a publication that this version of MUSA knows
   */
  public static Publication decode(byte[] value) {
    JsonNode root = tree(value);
    JsonNode version = root.path("version");
    JsonNode activeFrom = root.path("activeFromUnixMilli");
    if (!version.isString() || !activeFrom.isIntegralNumber() || !root.path("files").isArray()) {
      throw new IllegalArgumentException(
          "incomplete (expected: version, activeFromUnixMilli and files)");
    }
    SortedMap<String, String> files = new TreeMap<>();
    for (JsonNode file : root.path("files")) {
      if (!file.path("name").isString() || !file.path("content").isString()) {
        throw new IllegalArgumentException("a file without name or content");
      }
      files.put(file.path("name").asString(), file.path("content").asString());
    }
    return new Publication(version.asString(), activeFrom.asLong(), files);
  }

  /** The JSON of a record of the rules topic; throws as {@link #decode} does. */
  static JsonNode tree(byte[] value) {
    JsonNode root;
    try {
      root = JSON.readTree(value);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
    String apiVersion = root.path("apiVersion").asString("");
    if (!apiVersion.equals(API_VERSION)) {
      throw new IllegalArgumentException(
          "apiVersion: '%s' (expected: %s)".formatted(apiVersion, API_VERSION));
    }
    return root;
  }
}
