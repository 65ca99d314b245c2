package kaspeer.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forms of scripts that wallets use, how they are written and recognised. */
class StandardScriptsTest {
  private static final byte[] KEY_32 = new byte[32];
  private static final byte[] KEY_33 = new byte[33];

  @Test
  void whatIsWrittenIsRecognised() {
    ScriptPublicKey key = StandardScripts.payToPubKey(KEY_32);
    ScriptPublicKey ecdsa = StandardScripts.payToPubKeyEcdsa(KEY_33);
    ScriptPublicKey hash = StandardScripts.payToScriptHash(new byte[] {Opcode.PUSH_1});

    assertThat(key.script()).hasSize(34);
    assertThat(ecdsa.script()).hasSize(35);
    assertThat(hash.script()).hasSize(35);
    assertThat(ScriptClass.of(key)).isEqualTo(ScriptClass.PUB_KEY);
    assertThat(ScriptClass.of(ecdsa)).isEqualTo(ScriptClass.PUB_KEY_ECDSA);
    assertThat(ScriptClass.of(hash)).isEqualTo(ScriptClass.SCRIPT_HASH);
  }

  @ParameterizedTest
  @CsvSource({"20, 32, ac, PUB_KEY", "21, 33, ab, PUB_KEY_ECDSA", "aa20, 32, 87, SCRIPT_HASH"})
  void aStandardScriptIsItsExactBytesInVersion0(
      String start, int size, String end, ScriptClass expected) {
    String hex = start + "00".repeat(size) + end;

    assertThat(of(0, hex)).isEqualTo(expected);
    assertThat(of(1, hex)).isEqualTo(ScriptClass.NON_STANDARD);
    assertThat(of(0, hex + "61")).isEqualTo(ScriptClass.NON_STANDARD);
    assertThat(of(0, hex.substring(2))).isEqualTo(ScriptClass.NON_STANDARD);
    assertThat(of(0, hex.substring(0, hex.length() - 2) + "ae"))
        .isEqualTo(ScriptClass.NON_STANDARD);
    assertThat(of(0, "22" + hex.substring(2))).isEqualTo(ScriptClass.NON_STANDARD);
    assertThat(of(0, "")).isEqualTo(ScriptClass.NON_STANDARD);
  }

  @Test
  void aMultisigHasItsNumbersAroundTheKeys() {
    assertThat(StandardScripts.multisig(List.of(KEY_32, KEY_32), 1))
        .asHexString()
        .isEqualToIgnoringCase("51" + ("20" + "00".repeat(32)).repeat(2) + "52ae");
    assertThat(StandardScripts.multisigEcdsa(Collections.nCopies(20, KEY_33), 17))
        .asHexString()
        .isEqualToIgnoringCase("0111" + ("21" + "00".repeat(33)).repeat(20) + "0114a9");
  }

  @Test
  void whatNobodyCouldSpendIsRefused() {
    assertRefused(() -> StandardScripts.payToPubKey(KEY_33));
    assertRefused(() -> StandardScripts.payToPubKeyEcdsa(KEY_32));
    assertRefused(() -> StandardScripts.multisig(List.of(), 0));
    assertRefused(() -> StandardScripts.multisig(Collections.nCopies(21, KEY_32), 1));
    assertRefused(() -> StandardScripts.multisig(List.of(KEY_32), 2));
    assertRefused(() -> StandardScripts.multisig(List.of(KEY_32), -1));
    assertRefused(() -> StandardScripts.multisigEcdsa(List.of(KEY_32), 1));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 00",
    "1, 0107",
    "75, 4b",
    "76, 4c4c",
    "255, 4cff",
    "256, 4d0001",
    "65535, 4dffff",
    "65536, 4e00000100"
  })
  void aPushTakesTheFewestBytes(int size, String start) {
    byte[] data = new byte[size];
    if (size == 1) {
      data[0] = 7;
    }
    assertThat(new ScriptBuilder().literal(data).build()).asHexString().startsWith(upper(start));
  }

  private static String upper(String hex) {
    return HexFormat.of().withUpperCase().formatHex(HexFormat.of().parseHex(hex));
  }

  @Test
  void dataThatIsASmallNumberIsPushedAsOne() {
    byte[] script =
        new ScriptBuilder()
            .data(new byte[] {1})
            .data(new byte[] {16})
            .data(new byte[] {(byte) 0x81})
            .data(new byte[] {17})
            .data(new byte[] {0})
            .data(new byte[0])
            .number(-1)
            .number(0)
            .number(16)
            .build();

    assertThat(script).asHexString().isEqualTo("51604F01110100" + "00" + "4F0060");
  }

  @Test
  void noScriptIsWrittenThatTheEngineWouldNotRead() {
    ScriptBuilder full = new ScriptBuilder().raw(new byte[ScriptLimits.MAX_SCRIPT_SIZE]);

    assertRefused(() -> full.op(Opcode.OP_NOP));
    assertRefused(() -> new ScriptBuilder().literal(new byte[ScriptLimits.MAX_SCRIPT_SIZE]));
    assertThat(full.build()).hasSize(ScriptLimits.MAX_SCRIPT_SIZE);
  }

  private static ScriptClass of(int version, String hex) {
    return ScriptClass.of(new ScriptPublicKey(version, HexFormat.of().parseHex(hex)));
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
  }
}
