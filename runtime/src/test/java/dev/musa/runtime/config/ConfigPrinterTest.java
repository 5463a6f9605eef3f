package dev.musa.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.config.ConfigReaderTest.Paint;
import dev.musa.runtime.config.ConfigReaderTest.ShopConfig;
import dev.musa.runtime.config.ConfigReaderTest.Supplier;
import dev.musa.runtime.config.ConfigReaderTest.Till;
import dev.musa.runtime.config.ConfigReaderTest.Tls;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ConfigPrinterTest {

  private static final ShopConfig SHOP =
      new ShopConfig(
          "corner shop",
          false,
          -2,
          9_000_000_000L,
          12.5,
          Duration.ofSeconds(90),
          DataSize.ofMebibytes(64),
          Path.of("/srv/shop"),
          URI.create("https://shop.example:8443/start"),
          new Secret("s3cret"),
          Paint.DEEP_RED,
          null,
          new Till(4317, Duration.ofMillis(500), new Tls(Path.of("c.pem"), null)),
          List.of(new Supplier("a.example", 3), new Supplier("b.example", 1)),
          List.of("fresh", "10"),
          new TreeMap<>(Map.of("country", "fr", "sasl.jaas.config", "hush", "zone", "${x}")),
          Map.of(Paint.DEEP_RED, 3),
          Map.of());

  @Test
  void print_writesKeysInOrderAndMasksSecrets() {
    assertThat(ConfigPrinter.print(SHOP))
        .isEqualTo(
            """
            name: corner shop
            open: false
            floor: -2
            visitors: 9000000000
            discount: 12.5
            queueWait: 1m30s
            cache: 64MiB
            data: /srv/shop
            website: https://shop.example:8443/start
            password: '***'
            paint: deepRed
            manager: null
            till:
              port: 4317
              idleTimeout: 500ms
              tls:
                certificate: c.pem
                key: null
            suppliers:
              - host: a.example
                weight: 3
              - host: b.example
                weight: 1
            tags:
              - fresh
              - "10"
            labels:
              country: fr
              sasl.jaas.config: '***'
              zone: "$${x}"
            limits:
              deepRed: 3
            branches: {}
            """);
  }

  @Test
  void print_isReadBackExceptForSecrets() {
    ShopConfig readBack =
        ConfigReader.read("printed", ConfigPrinter.print(SHOP), ShopConfig.defaults());

    assertThat(readBack)
        .usingRecursiveComparison()
        .ignoringFields("password", "labels")
        .isEqualTo(SHOP);
    assertThat(readBack.password().value()).isEqualTo("***");
    assertThat(readBack.labels().get("zone")).isEqualTo("${x}");
  }

  @Test
  void secretsAreMaskedInTexts() {
    assertThat(SHOP.toString()).doesNotContain("s3cret");
  }

  record Texts(String one, List<String> many, Map<String, String> named) {}

  @Property
  void print_isReadBackForEveryText(
      @ForAll String one, @ForAll @Size(max = 3) List<String> many, @ForAll String key) {
    // What YAML cannot carry at all, not even escaped, cannot come from a YAML file either.
    String text = printable(one);
    Texts texts =
        new Texts(
            text,
            many.stream().map(ConfigPrinterTest::printable).toList(),
            Map.of("k" + printable(key).replaceAll("[^a-zA-Z0-9 :#${}'\"-]", ""), text));

    String yaml = ConfigPrinter.print(texts);

    Texts empty = new Texts("", List.of(), Map.of());
    if (texts.named().keySet().stream().noneMatch(ConfigPrinter::isTelltale)) {
      assertThat(ConfigReader.read("printed", yaml, empty)).as(yaml).isEqualTo(texts);
    }
  }

  private static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    text.codePoints().filter(ConfigPrinterTest::isPrintable).forEach(printable::appendCodePoint);
    return printable.toString();
  }

  private static boolean isPrintable(int c) {
    boolean ascii = c >= 0x20 && c < 0x7f;
    boolean beyond = c > 0xa0 && c < 0xd800;
    return ascii || beyond || c == '\n' || c == '\t';
  }
}
