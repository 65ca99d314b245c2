package kaspeer.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandardScriptsTest {
  private static boolean standard(int version, String pattern) {
    String hex =
        pattern.replace("32*", "11".repeat(32)).replace("33*", "11".repeat(33)).replace(" ", "");
    return StandardScripts.isStandard(new ScriptPublicKey(version, HexFormat.of().parseHex(hex)));
  }

  @ParameterizedTest
  @CsvSource({"20 32* ac", "21 33* ab", "aa 20 32* 87"})
  void keysAndScriptHashesAreStandardInVersion0Only(String script) {
    assertThat(standard(0, script)).isTrue();
    assertThat(standard(1, script)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "20 32* ab",
    "21 32* ac",
    "20 33* ac",
    "21 33* ac",
    "20 33* ab",
    "aa 21 32* 87",
    "aa 20 32* 88",
    "a9 20 32* 87",
    "aa 20 33* 87",
    "51",
    "''",
    "20 32*",
    "20 32* ac 51"
  })
  void anythingElseIsNot(String script) {
    assertThat(standard(0, script)).isFalse();
  }
}
