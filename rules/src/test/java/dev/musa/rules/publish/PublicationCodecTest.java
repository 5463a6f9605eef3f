package dev.musa.rules.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicationCodecTest {
  private static final Publication PUBLICATION =
      new Publication("abc", 1700000000000L, new TreeMap<>(Map.of("a.yaml", "x: \"ü\"\n")));

  @Test
  void decode_givesWhatWasEncoded() {
    assertThat(PublicationCodec.decode(PublicationCodec.encode(PUBLICATION)))
        .isEqualTo(PUBLICATION);
  }

  @Test
  void encode_isTheDocumentedJson() {
    assertThat(new String(PublicationCodec.encode(PUBLICATION), UTF_8))
        .isEqualTo(
            "{\"apiVersion\":\"musa.dev/v1\",\"version\":\"abc\",\"activeFromUnixMilli\":1700000000000,\"files\":[{\"name\":\"a.yaml\",\"content\":\"x:"
                + " \\\"ü\\\"\\n\"}]}");
  }

  @Test
  void key_sortsByActivationAndKeepsEachPublication() {
    assertThat(PUBLICATION.key()).isEqualTo("1700000000000-abc");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}",
        "{\"apiVersion\":\"musa.dev/v2\"}",
        "{\"apiVersion\":\"musa.dev/v1\",\"version\":\"a\"}",
        "{\"apiVersion\":\"musa.dev/v1\",\"version\":\"a\",\"activeFromUnixMilli\":\"1\",\"files\":[]}",
        "{\"apiVersion\":\"musa.dev/v1\",\"version\":\"a\",\"activeFromUnixMilli\":1,\"files\":[{}]}"
      })
  void decode_refusesWhatItDoesNotKnow(String json) {
    assertThatThrownBy(() -> PublicationCodec.decode(json.getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
