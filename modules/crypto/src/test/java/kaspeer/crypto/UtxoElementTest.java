package kaspeer.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import org.junit.jupiter.api.Test;

/** The values are the oracle's. */
class UtxoElementTest {
  private static final ScriptPublicKey SCRIPT =
      new ScriptPublicKey(0xFFFE, new byte[] {0x51, 0x52});
  private static final Outpoint FIRST = new Outpoint(hash(1), -3);
  private static final UtxoEntry WITH_COVENANT =
      new UtxoEntry(0x0102030405060708L, SCRIPT, -2, true, hash(9));
  private static final Outpoint SECOND = new Outpoint(hash(1), 7);
  private static final UtxoEntry PLAIN =
      new UtxoEntry(0x0102030405060708L, SCRIPT, -2, false, null);

  @Test
  void aCovenantIdFollowsTheScriptUnmarked() {
    assertThat(UtxoElement.bytes(FIRST, WITH_COVENANT))
        .isEqualTo(
            hex(
                "0101010101010101010101010101010101010101010101010101010101010101fdffffff"
                    + "feffffffffffffff080706050403020101feff02000000000000005152"
                    + "0909090909090909090909090909090909090909090909090909090909090909"));
    assertThat(UtxoElement.bytes(SECOND, PLAIN))
        .isEqualTo(
            hex(
                "010101010101010101010101010101010101010101010101010101010101010107000000"
                    + "feffffffffffffff080706050403020100feff02000000000000005152"));
  }

  @Test
  void entriesComeAndGoFromTheMultiset() {
    MuHash muHash = new MuHash();
    muHash.add(UtxoElement.bytes(FIRST, WITH_COVENANT));
    assertThat(muHash.hash())
        .isEqualTo(
            Hash.fromHex("bd094f6bbeeda85f5d3b700fccc7027c14a5975ae41c7d0a1893b8b6720fd4cf"));
    muHash.remove(UtxoElement.bytes(SECOND, PLAIN));
    assertThat(muHash.hash())
        .isEqualTo(
            Hash.fromHex("218cd7b94382e7b57e62c30ccbe9aef96346160e08282bcc2c9eba1852d0aed6"));
  }

  private static Hash hash(int fill) {
    byte[] bytes = new byte[Hash.SIZE];
    Arrays.fill(bytes, (byte) fill);
    return Hash.of(bytes);
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
