package kaspeer.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.storage.StoreDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataDirectoryTest {
  @TempDir private Path dir;

  @Test
  void a_file_in_its_place_is_named_with_what_to_do() throws IOException {
    Path file = Files.createFile(dir.resolve("data"));
    assertThatThrownBy(() -> DataDirectory.token(file))
        .isInstanceOf(StartException.class)
        .hasMessage(
            "cannot use the data directory "
                + file
                + ": there is a file of that name; move it away, or name another with --data-dir");
  }

  @Test
  void a_file_above_it_is_named_too() throws IOException {
    Path file = Files.createFile(dir.resolve("above"));
    assertThatThrownBy(() -> DataDirectory.token(file.resolve("data")))
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith(
            "cannot use the data directory " + file.resolve("data") + ": Not a directory")
        .hasMessageEndingWith("name another with --data-dir");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plugins", "admin-token", "admin-address", "mining-key"})
  void what_is_laid_there_before_the_first_start_stays(String name) throws IOException {
    Path laid = Files.writeString(dir.resolve(name), "x");
    StoreDirectory.open(dir, Params.of(Network.SIMNET), DataDirectory.OTHERS).close();
    assertThat(laid).hasContent("x");
  }

  @Test
  void a_token_that_is_none_says_which_file_holds_it() throws IOException {
    Files.writeString(dir.resolve("admin-token"), "short");
    assertThatThrownBy(() -> DataDirectory.token(dir))
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith("cannot use the admin token: " + dir.resolve("admin-token"))
        .hasMessageContaining("remove it to get a new one");
  }
}
