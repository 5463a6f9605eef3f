package dev.musa.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {

  private static final ShopConfig DEFAULTS = ShopConfig.defaults();

  @TempDir Path directory;

  @Test
  void emptyDocumentsKeepTheDefaults() {
    for (String yaml : List.of("", "# nothing\n", "---\n", "{}\n", "till:\nlabels:\n")) {
      assertThat(read(yaml)).as(yaml).isEqualTo(DEFAULTS);
    }
  }

  @Test
  void everyTypeIsReadFromYaml() {
    ShopConfig shop =
        read(
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
            password: s3cret
            paint: deepRed
            manager: Ada
            till:
              port: 4317
              tls:
                certificate: /tls/tls.crt
            suppliers:
              - {host: a.example, weight: 3}
              - host: b.example
            tags: [fresh, "10"]
            labels:
              zone: east
              tier: 1
            limits:
              deep-red: 3
            branches:
              north:
                host: n.example
            """);

    assertThat(shop)
        .isEqualTo(
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
                "Ada",
                new Till(4317, Duration.ofSeconds(5), new Tls(Path.of("/tls/tls.crt"), null)),
                List.of(new Supplier("a.example", 3), new Supplier("b.example", 1)),
                List.of("fresh", "10"),
                Map.of("zone", "east", "tier", "1", "country", "de"),
                Map.of(Paint.DEEP_RED, 3),
                Map.of("north", new Supplier("n.example", 1))));
  }

  @Test
  void recordsAndMapsMergeKeyByKeyAndListsReplace() {
    ShopConfig shop = read("till: {port: 1}\nlabels: {zone: east}\ntags: [x]\n");

    assertThat(shop.till()).isEqualTo(new Till(1, Duration.ofSeconds(5), null));
    assertThat(shop.labels()).isEqualTo(Map.of("country", "de", "zone", "east"));
    assertThat(shop.tags()).containsExactly("x");
    assertThat(shop.suppliers()).isEqualTo(DEFAULTS.suppliers());
  }

  @Test
  void mapValuesMergeOverTheDefaultOfTheirKey() {
    Branches defaults = new Branches(Map.of("north", new Supplier("n.example", 7)));

    Branches branches = ConfigReader.read("b.yaml", "all: {north: {host: m.example}}", defaults);

    assertThat(branches.all()).isEqualTo(Map.of("north", new Supplier("m.example", 7)));
  }

  @Test
  void nullableComponentsCanBeEmptied() {
    ShopConfig manned = read("manager: Ada\ntill: {tls: {certificate: c}}\n");

    ShopConfig shop = ConfigReader.read("shop.yaml", "manager:\ntill: {tls: null}\n", manned);

    assertThat(shop.manager()).isNull();
    assertThat(shop.till().tls()).isNull();
  }

  @Test
  void recordsWithoutDefaultsTakeTheirOwnOrDemandEveryKey() {
    assertThat(read("suppliers: [{host: h}]").suppliers()).containsExactly(new Supplier("h", 1));
    assertThat(read("till: {tls: {certificate: c}}").till().tls())
        .isEqualTo(new Tls(Path.of("c"), null));
    assertFails(
        "till:\n  tls:\n    key: k\n",
        "shop.yaml:2:3: till.tls.certificate is missing (expected: a path)");
  }

  @Test
  void textsKeepWhatTheFileSays() {
    assertThat(read("name: 007").name()).isEqualTo("007");
    assertThat(read("name: 1.50").name()).isEqualTo("1.50");
    assertThat(read("name: yes").name()).isEqualTo("yes");
    assertThat(read("name: \"\"").name()).isEmpty();
    assertThat(read("name: 'null'").name()).isEqualTo("null");
    assertThat(read("name: |\n  two\n  lines\n").name()).isEqualTo("two\nlines\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "floor: two | shop.yaml:1:8: floor is 'two' (expected: a whole number from -2147483648 to"
            + " 2147483647)",
        "floor: 1.5 | shop.yaml:1:8: floor is '1.5' (expected: a whole number from -2147483648 to"
            + " 2147483647)",
        "floor: 2147483648 | shop.yaml:1:8: floor is '2147483648' (expected: a whole number from"
            + " -2147483648 to 2147483647)",
        "visitors: 1e3 | shop.yaml:1:11: visitors is '1e3' (expected: a whole number)",
        "discount: NaN | shop.yaml:1:11: discount is 'NaN' (expected: a number)",
        "discount: 0x1p3 | shop.yaml:1:11: discount is '0x1p3' (expected: a number)",
        "open: yes | shop.yaml:1:7: open is 'yes' (expected: true or false)",
        "open: | shop.yaml:1:6: open is empty (expected: true or false)",
        "name: [a] | shop.yaml:1:7: name is a list (expected: a text)",
        "name: {a: b} | shop.yaml:1:7: name is a mapping (expected: a text)",
        "cache: 12 | shop.yaml:1:8: cache: '12' is not a size (expected: a whole number and B,"
            + " KiB, MiB, GiB, TiB, kB, MB, GB or TB, such as 64MiB)",
        "queueWait: soon | shop.yaml:1:12: queueWait: 'soon' is not a duration (expected: whole"
            + " numbers with d, h, m, s, ms, us or ns, such as 10s, 500ms or 1m30s)",
        "data: '' | shop.yaml:1:7: data is '' (expected: a path)",
        "website: shop.example | shop.yaml:1:10: website is 'shop.example' (expected: a URL such"
            + " as http://host:1234/path)",
        "website: 'http://a b' | shop.yaml:1:10: website is 'http://a b' (expected: a URL such as"
            + " http://host:1234/path)",
        "paint: deepRedd | shop.yaml:1:8: paint is 'deepRedd' (expected: one of white, deepRed;"
            + " did you mean 'deepRed'?)",
        "paint: black | shop.yaml:1:8: paint is 'black' (expected: one of white, deepRed)",
        "till: 4317 | shop.yaml:1:7: till is '4317' (expected: a mapping with keys of its own)",
        "tags: fresh | shop.yaml:1:7: tags is 'fresh' (expected: a list: [] or one line with '- '"
            + " for each element)",
        "tags: [a, {b: c}] | shop.yaml:1:11: tags[1] is a mapping (expected: a text)",
        "tags: [a, null] | shop.yaml:1:11: tags[1] is empty (expected: a text)",
        "labels: [a] | shop.yaml:1:9: labels is a list (expected: a mapping)",
        "labels: {a: [b]} | shop.yaml:1:13: labels.a is a list (expected: a text)",
        "limits: {green: 1} | shop.yaml:1:10: a key in limits is 'green' (expected: one of white,"
            + " deepRed)",
        "suppliers: [{weight: 1}, {weight: x}] | shop.yaml:1:35: suppliers[1].weight is 'x'"
            + " (expected: a whole number from -2147483648 to 2147483647)",
        "- a | shop.yaml:1:1: the document is a list (expected: a mapping with keys of its own)",
        "name: *other | shop.yaml:1:7: alias *other in name is not supported (expected: the value"
            + " written out)",
      })
  void wrongTypesNameKeyValueAndExpectation(String yaml, String message) {
    assertFails(yaml, message);
  }

  @Test
  void unknownKeysSayWhatWasProbablyMeant() {
    assertFails(
        "name: x\ntill:\n  prot: 1\n",
        "shop.yaml:3:3: unknown key 'prot' in till (did you mean 'port'?)");
    assertFails(
        "till: {idle-timeout: 1s}",
        "shop.yaml:1:8: unknown key 'idle-timeout' in till (did you mean 'idleTimeout'?)");
    assertFails(
        "suppliers:\n- host: a\n  wieght: 1\n",
        "shop.yaml:3:3: unknown key 'wieght' in suppliers[0] (did you mean 'weight'?)");
    assertFails(
        "till: {colour: 1}",
        "shop.yaml:1:8: unknown key 'colour' in till (expected: one of port, idleTimeout, tls)");
    assertFails("nam: x", "shop.yaml:1:1: unknown key 'nam' (did you mean 'name'?)");
  }

  @Test
  void repeatedKeysAreRefused() {
    assertFails(
        "till:\n  port: 1\n  port: 2\n",
        "shop.yaml:3:3: key 'port' in till occurs twice, first in line 2 (expected: once)");
    assertFails(
        "labels: {a: 1, a: 1}",
        "shop.yaml:1:16: key 'a' in labels occurs twice, first in line 1 (expected: once)");
  }

  @Test
  void brokenYamlIsRefusedWithItsPlace() {
    assertFails(
        "name: x\ntill: {port: 1\n",
        "shop.yaml:3:1: not valid YAML: expected ',' or '}', but got <stream end>");
    assertFails(
        "name: x\n\ttill: 1\n",
        "shop.yaml:2:1: not valid YAML: found character '\\t(TAB)' that cannot start any token."
            + " (Do not use \\t(TAB) for indentation)");
    assertFails(
        "name: x\n---\nname: y\n",
        "shop.yaml:3:1: a second document begins (expected: one document)");
  }

  @Test
  void whatConstructorsRefuseIsReportedWithThePlaceOfTheKey() {
    assertFails(
        "name: x\ntill:\n  port: 70000\n",
        "shop.yaml:3:3: till.port is 70000 (expected: 0 to 65535)");
    assertFails(
        "suppliers:\n  - host: a\n    weight: 0\n  - host: b\n    weight: -1\n",
        "shop.yaml:3:5: suppliers[0].weight is 0 (expected: 1 or more)");
    assertFails(
        "name: x\nbranches:\n  north:\n    host: forbidden\n    weight: 13\n",
        "shop.yaml:3:3: branches.north: the thirteenth is forbidden");
    assertFails("tags: []", "shop.yaml:1:1: tags is [] (expected: at least one)");
  }

  @Test
  void mistakesOfTheProgramAreNotBlamedOnTheFile() {
    record Odd(Set<String> names) {}

    assertThatIllegalStateException()
        .isThrownBy(() -> ConfigReader.read("odd.yaml", "names: [a]", new Odd(Set.of())))
        .withMessageContaining("names has the type java.util.Set<java.lang.String>");
  }

  @Test
  void filesAreNamedInMessages() throws Exception {
    Path yaml = directory.resolve("musa.yaml");
    Files.writeString(yaml, "flor: 1");

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> ConfigReader.read(yaml, DEFAULTS))
        .withMessage(yaml + ":1:1: unknown key 'flor' (did you mean 'floor'?)");

    Files.writeString(yaml, "floor: 1");
    assertThat(ConfigReader.read(yaml, DEFAULTS).floor()).isEqualTo(1);
  }

  @Test
  void unreadableFilesAreRefused() throws Exception {
    Path missing = directory.resolve("missing.yaml");
    Path latin = Files.write(directory.resolve("latin.yaml"), new byte[] {'a', (byte) 0xe4});

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> ConfigReader.read(missing, DEFAULTS))
        .withMessage(missing + ": no such file (expected: a YAML file)");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> ConfigReader.read(latin, DEFAULTS))
        .withMessage(latin + ": not text in UTF-8 (expected: a YAML file)");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> ConfigReader.read(directory, DEFAULTS))
        .withMessageContaining("cannot be read");
  }

  private static ShopConfig read(String yaml) {
    return ConfigReader.read("shop.yaml", yaml, DEFAULTS, Map.of());
  }

  private static void assertFails(String yaml, String message) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read(yaml))
        .withMessage(message);
  }

  record Branches(Map<String, Supplier> all) {}

  enum Paint {
    WHITE,
    DEEP_RED
  }

  record Tls(Path certificate, @Nullable Path key) {}

  record Till(int port, Duration idleTimeout, @Nullable Tls tls) {
    Till {
      if (port < 0 || port > 65535) {
        throw new IllegalArgumentException("port is " + port + " (expected: 0 to 65535)");
      }
    }
  }

  record Supplier(String host, int weight) {
    Supplier {
      if (weight < 1) {
        throw new IllegalArgumentException("weight is " + weight + " (expected: 1 or more)");
      }
      if (weight == 13) {
        throw new IllegalArgumentException("the thirteenth is " + host);
      }
    }

    static Supplier defaults() {
      return new Supplier("localhost", 1);
    }
  }

  record ShopConfig(
      String name,
      boolean open,
      int floor,
      long visitors,
      double discount,
      Duration queueWait,
      DataSize cache,
      Path data,
      URI website,
      Secret password,
      Paint paint,
      @Nullable String manager,
      Till till,
      List<Supplier> suppliers,
      List<String> tags,
      Map<String, String> labels,
      Map<Paint, Integer> limits,
      Map<String, Supplier> branches) {

    ShopConfig {
      if (tags.isEmpty()) {
        throw new IllegalArgumentException("tags is [] (expected: at least one)");
      }
    }

    static ShopConfig defaults() {
      return new ShopConfig(
          "shop",
          true,
          0,
          0,
          0,
          Duration.ofSeconds(10),
          DataSize.ofMebibytes(1),
          Path.of("data"),
          URI.create("http://localhost"),
          new Secret(""),
          Paint.WHITE,
          null,
          new Till(80, Duration.ofSeconds(5), null),
          List.of(new Supplier("default.example", 2)),
          List.of("open"),
          Map.of("country", "de"),
          Map.of(),
          Map.of());
    }
  }
}
