package dev.musa.rules.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleDirectoryTest {
  @TempDir private Path directory;

  @Test
  void read_takesYamlFilesOnly() throws Exception {
    Files.writeString(directory.resolve("a.yaml"), "a");
    Files.writeString(directory.resolve("b.yml"), "b");
    Files.writeString(directory.resolve("c.json"), "c");
    Files.writeString(directory.resolve(".d.yaml"), "d");
    Files.createDirectory(directory.resolve("e.yaml"));

    assertThat(RuleDirectory.read(directory)).containsOnlyKeys("a.yaml", "b.yml");
  }

  @Test
  void read_seesAConfigMapSwapItsSymbolicLink() throws Exception {
    version("..2026_01", "old");
    link("..data", "..2026_01");
    Files.createSymbolicLink(directory.resolve("rules.yaml"), Path.of("..data", "rules.yaml"));
    assertThat(RuleDirectory.read(directory)).containsEntry("rules.yaml", "old").hasSize(1);

    version("..2026_02", "new");
    link("..data", "..2026_02");

    assertThat(RuleDirectory.read(directory)).containsEntry("rules.yaml", "new").hasSize(1);
  }

  @Test
  void read_ofWhatDoesNotExist_isRefused() {
    Path missing = directory.resolve("nowhere");
    assertThatThrownBy(() -> RuleDirectory.read(missing))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not exist");
  }

  @Test
  void read_namesWhatCannotBeRead() throws Exception {
    Files.write(directory.resolve("a.yaml"), new byte[] {(byte) 0xff});
    assertThatThrownBy(() -> RuleDirectory.read(directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a.yaml is not UTF-8");

    Files.writeString(directory.resolve("a.yaml"), "x".repeat(1_000_000));
    assertThatThrownBy(() -> RuleDirectory.read(directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("900000 bytes");

    assertThatThrownBy(() -> RuleDirectory.read(directory.resolve("a.yaml")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is a file");
  }

  private void version(String name, String content) throws IOException {
    Files.writeString(
        Files.createDirectory(directory.resolve(name)).resolve("rules.yaml"), content);
  }

  private void link(String name, String target) throws IOException {
    Path fresh = Files.createSymbolicLink(directory.resolve("..tmp"), Path.of(target));
    Files.move(fresh, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }
}
