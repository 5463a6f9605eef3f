package dev.musa.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashKeyFileTest {
  @TempDir Path data;

  @Test
  void provided_isMadeOnceForItsOwnerAlone() throws IOException {
    MusaConfig config = MusaConfig.inside(data);

    Path first = HashKeyFile.provided(config).rules().hashKeyFile();
    String key = Files.readString(first);
    Path second = HashKeyFile.provided(config).rules().hashKeyFile();

    assertThat(key).matches("[0-9a-f]{64}\n");
    assertThat(second).isEqualTo(first).isEqualTo(data.resolve("hash.key"));
    assertThat(Files.readString(second)).isEqualTo(key);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first)))
        .isEqualTo("rw-------");
  }

  @Test
  void provided_leavesAConfiguredOneAlone() {
    Path own = data.resolve("own.key");
    MusaConfig config =
        new Overlay().set(own, "rules", "hashKeyFile").over("test", MusaConfig.inside(data));

    assertThat(HashKeyFile.provided(config)).isEqualTo(config);
    assertThat(data.resolve("hash.key")).doesNotExist();
  }
}
