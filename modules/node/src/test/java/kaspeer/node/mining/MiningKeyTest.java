package kaspeer.node.mining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import kaspeer.primitives.Network;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MiningKeyTest {
  @TempDir private Path dir;

  @Test
  void aKeyIsMadeOnceAndOnlyItsOwnerCanReadIt() throws IOException {
    MiningKey made = MiningKey.load(dir);
    Path file = dir.resolve(MiningKey.FILE);
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(MiningKey.load(dir).secret()).isEqualTo(made.secret());
  }

  /** Earlier versions could be stopped between making the file and writing into it. */
  @Test
  void anEmptyFileIsNoKeyYet() throws IOException {
    Files.createFile(dir.resolve(MiningKey.FILE));
    MiningKey made = MiningKey.load(dir);
    assertThat(MiningKey.load(dir).secret()).isEqualTo(made.secret());
  }

  @Test
  void itsAddressIsOfItsPublicKey() throws IOException {
    Files.writeString(
        dir.resolve(MiningKey.FILE),
        "b7e151628aed2a6abf7158809cf4f3c762e7160f38b4da56a784d9045190cfef\n");
    // The second vector of BIP 340.
    assertThat(MiningKey.load(dir).address(Network.SIMNET).payload())
        .asHexString()
        .isEqualToIgnoringCase("DFF1D77F2A671C5F36183726DB2341BE58FEAE1DA2DECED843240F7B502BA659");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n",
        "00",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
      })
  void aFileThatHoldsNoKeyIsAnError(String text) throws IOException {
    Files.writeString(dir.resolve(MiningKey.FILE), text);
    assertThatThrownBy(() -> MiningKey.load(dir))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("holds no secret key");
  }
}
