package dev.musa.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferencesTest {

  private static final Map<String, String> ENVIRONMENT =
      Map.of("PORT", "4317", "USER_NAME", "ada", "NESTED", "${env:PORT}", "EMPTY", "");

  @TempDir Path directory;

  record Login(String user, Secret password, int port) {}

  private static final Login DEFAULTS = new Login("nobody", new Secret(""), 1);

  @Test
  void filesAndVariablesFillValuesOfEveryType() throws Exception {
    Path file = Files.writeString(directory.resolve("password"), "two\nlines\r\n\n");

    Login login =
        read(
            """
            user: ${env:USER_NAME}@${env:USER_NAME}.example
            password: ${file:%s}
            port: ${env:PORT}
            """
                .formatted(file));

    assertThat(login).isEqualTo(new Login("ada@ada.example", new Secret("two\nlines"), 4317));
  }

  @Test
  void whatIsPutInIsNotSearchedAgain() {
    assertThat(read("user: ${env:NESTED}").user()).isEqualTo("${env:PORT}");
    assertThat(read("user: ${env:EMPTY}").user()).isEmpty();
  }

  @Test
  void doubledDollarStandsForItself() {
    assertThat(read("user: $${env:PORT}").user()).isEqualTo("${env:PORT}");
    assertThat(read("user: $$${x} $ {y} $$").user()).isEqualTo("$${x} $ {y} $$");
    assertThat(read("user: ${env:PORT}$${env:PORT}").user()).isEqualTo("4317${env:PORT}");
  }

  @Test
  void whatIsMissingIsRefusedWithItsPlace() throws Exception {
    Path missing = directory.resolve("missing");
    assertFails(
        "port: 1\nuser: ${env:NOBODY}\n",
        "login.yaml:2:7: ${env:NOBODY}: the environment variable NOBODY is not set");
    assertFails(
        "user: ${file:" + missing + "}",
        "login.yaml:1:7: ${file:%1$s}: '%1$s' does not exist (expected: a readable file)"
            .formatted(missing));
    assertFails(
        "user: ${file:" + directory + "}",
        "login.yaml:1:7: ${file:%1$s}: '%1$s' is not a file (expected: a readable file)"
            .formatted(directory));
    assertFails(
        "user: ${file:}", "login.yaml:1:7: ${file:}: '' is not a file (expected: a readable file)");
    Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff});
    assertFails(
        "user: ${file:" + binary + "}",
        "login.yaml:1:7: ${file:%1$s}: '%1$s' is not text in UTF-8 (expected: a readable file)"
            .formatted(binary));
    Path large = Files.write(directory.resolve("large"), new byte[(1 << 20) + 1]);
    assertFails(
        "user: ${file:" + large + "}",
        "login.yaml:1:7: ${file:%1$s}: '%1$s' is larger than 1 MiB (expected: a readable file)"
            .formatted(large));
  }

  @Test
  void malformedReferencesAreRefused() {
    assertFails(
        "user: ${PORT}",
        "login.yaml:1:7: unknown reference '${PORT}' (expected: ${file:PATH} or ${env:NAME}; write"
            + " $${ for a literal ${)");
    assertFails(
        "user: a${env:PORT",
        "login.yaml:1:7: 'a${env:PORT' has a ${ without } (expected: ${file:PATH} or ${env:NAME};"
            + " write $${ for a literal ${)");
  }

  @Test
  void messagesNeverShowWhatAReferenceStandsFor() throws Exception {
    Path file = Files.writeString(directory.resolve("password"), "hush");

    assertFails(
        "port: ${file:" + file + "}",
        "login.yaml:1:7: port is '${file:%s}' (expected: a whole number from -2147483648 to"
                .formatted(file)
            + " 2147483647)");
    record Wait(DataSize size) {}
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() ->
            ConfigReader.read("w.yaml", "size: ${file:" + file + "}", new Wait(new DataSize(1))))
        .withMessage("w.yaml:1:7: size is '${file:%s}' (expected: a size such as 64MiB)", file);
  }

  private static Login read(String yaml) {
    return ConfigReader.read("login.yaml", yaml, DEFAULTS, ENVIRONMENT);
  }

  private static void assertFails(String yaml, String message) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read(yaml))
        .satisfies(e -> assertThat(e.getMessage()).isEqualTo(message));
  }
}
