package kaspeer.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signature checks of redeem scripts, counted for the mempool (consensus reference 8). */
class SigOpsTest {
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "CHECKSIG CHECKSIGVERIFY CHECKSIGECDSA, 3",
    "CHECKSIGFROMSTACK CHECKSIGFROMSTACKECDSA, 2",
    "2 CHECKMULTISIG, 2",
    "16 CHECKMULTISIGECDSA, 16",
    "0x01 0x05 CHECKMULTISIGVERIFY, 5",
    "0x01 0x14 CHECKMULTISIG, 20",
    "0x01 0x15 CHECKMULTISIG, 20",
    "0x02 0x0300 CHECKMULTISIG, 3",
    "0x09 0x030000000000000000 CHECKMULTISIG, 20",
    "0 CHECKMULTISIG, 20",
    "-1 CHECKMULTISIG, 20",
    "CHECKMULTISIG, 20",
    "2 NOP CHECKMULTISIG, 20",
    "2 CHECKMULTISIG CHECKMULTISIG, 22",
    "0 IF CHECKSIG ENDIF, 1",
    "DUP 1 EQUAL, 0",
    "CHECKSIG 0x4c 0x02 0x01, 0"
  })
  void theRedeemScriptCounts(String redeemScript, int expected) {
    byte[] script = ShortForm.parse(redeemScript);

    assertThat(SigOps.ofRedeemScript(StandardScripts.spendScriptHash(new byte[0], script)))
        .isEqualTo(expected);
    assertThat(SigOps.ofRedeemScript(StandardScripts.spendScriptHash(ShortForm.parse("1"), script)))
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "of {0}")
  @CsvSource({"''", "4c02", "51", "5176", "024c02"})
  void whatHasNoRedeemScriptCountsNothing(String hex) {
    assertThat(SigOps.ofRedeemScript(HexFormat.of().parseHex(hex))).isZero();
  }

  @Test
  void theLongestScriptCountsWithoutOverflow() {
    byte[] script = new byte[990_000];
    Arrays.fill(script, (byte) Opcode.OP_CHECKMULTISIG.code());

    assertThat(SigOps.ofRedeemScript(StandardScripts.spendScriptHash(new byte[0], script)))
        .isEqualTo(20 * 990_000);
  }
}
