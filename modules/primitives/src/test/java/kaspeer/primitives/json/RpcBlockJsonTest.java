package kaspeer.primitives.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import kaspeer.primitives.Block;
import kaspeer.primitives.Samples;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RpcBlockJsonTest {
  private static final Block BLOCK =
      new Block(Samples.unevenHeader(), List.of(Samples.version0(), Samples.version1()));
  private static final String JSON = RpcBlockWriter.write(BLOCK);

  @Test
  void everyFieldSurvivesARoundTrip() {
    Block read = RpcBlockJson.parse(JSON);
    assertThat(read.hash()).isEqualTo(BLOCK.hash());
    assertThat(read.header().parents()).isEqualTo(BLOCK.header().parents());
    assertThat(read.transactions()).isEqualTo(BLOCK.transactions());
    assertThat(RpcBlockWriter.write(read)).isEqualTo(JSON);
  }

  @Test
  void theVersionOfAScriptIsBigEndian() {
    assertThat(JSON)
        .contains("\"scriptPublicKey\":\"ffff\"")
        .contains("\"scriptPublicKey\":\"000020" + "08".repeat(32));
  }

  @Test
  void eachVersionHasItsOwnComputeCommitment() {
    assertThat(JSON)
        .contains("\"sigOpCount\":255,\"computeBudget\":0")
        .contains("\"sigOpCount\":0,\"computeBudget\":65535");
  }

  @Test
  void unknownNamesAreIgnoredAndOptionalOnesMayBeMissing() {
    String changed =
        JSON.replace("\"verboseData\":null", "\"other\":[{}]")
            .replace(",\"covenant\":null", "")
            .replace("\"storageMass\":77,", "")
            .replace("\"hash\":\"" + BLOCK.hash() + "\",", "");
    Block read = RpcBlockJson.parse(changed);
    assertThat(read.hash()).isEqualTo(BLOCK.hash());
    assertThat(read.transactions()).isEqualTo(BLOCK.transactions());
  }

  @Test
  void aWrongHashIsRefused() {
    String wrong = JSON.replace("\"timestamp\":1700000000000", "\"timestamp\":1700000000001");
    assertThatThrownBy(() -> RpcBlockJson.parse(wrong))
        .isInstanceOf(JsonException.class)
        .hasMessageStartingWith("header.hash is " + BLOCK.hash() + ", but the header's hash is ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"nonce\":42|\"nonce\":-42|header.nonce is -42",
        "\"nonce\":42|\"nounce\":42|header.nonce is missing",
        "\"bits\":486604799|\"bits\":4294967296|header.bits is 4294967296, but must be at most 4294967295",
        "\"blueWork\":\"f|\"blueWork\":\"ff|header.blueWork is not a number of 1 to 48 hex digits",
        "\"blueWork\":\"f|\"blueWork\":\"g|header.blueWork is not a number",
        "\"utxoCommitment\":\"06|\"utxoCommitment\":\"|header.utxoCommitment is \"0606",
        "\"subnetworkId\":\"01|\"subnetworkId\":\"|transactions[0].subnetworkId has 19 bytes, not 20",
        "\"scriptPublicKey\":\"ffff\"|\"scriptPublicKey\":\"ff\"|transactions[0].outputs[0].scriptPublicKey has no",
        "\"sigOpCount\":255|\"sigOpCount\":256|transactions[0].inputs[1].sigOpCount is 256",
        "\"authorizingInput\":3|\"authorizingInput\":true|"
            + "transactions[1].outputs[0].covenant.authorizingInput is true, not a whole number",
        "\"payload\":\"70|\"payload\":\"7|transactions[0].payload is not hex",
        "\"transactions\":[|\"transactions\":[[],|transactions[0] is an array, not an object"
      })
  void errorsNameThePlace(String from, String to, String message) {
    assertThat(JSON).contains(from);
    int at = JSON.indexOf(from);
    String wrong = JSON.substring(0, at) + to + JSON.substring(at + from.length());
    assertThatThrownBy(() -> RpcBlockJson.parse(wrong))
        .isInstanceOf(JsonException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void tooManyLevelsAreRefused() {
    String levels = "[]" + ",[]".repeat(255);
    String wrong =
        JSON.replaceFirst("\"parentsByLevel\":\\[.*?\\[]]", "\"parentsByLevel\":[" + levels + "]");
    assertThatThrownBy(() -> RpcBlockJson.parse(wrong))
        .isInstanceOf(JsonException.class)
        .hasMessageStartingWith("header.parentsByLevel: level counts must rise");
  }

  /** A block's text with a piece cut out and another put in. */
  @Provide
  Arbitrary<String> mutations() {
    Arbitrary<Integer> start = Arbitraries.integers().between(0, JSON.length());
    Arbitrary<Integer> length = Arbitraries.integers().between(0, 40);
    Arbitrary<String> piece =
        Arbitraries.of(
            "", "{", "}", "[", "]", "\"", ",", "-", "99999999999", "null", "\"\"", "zz", "[[]]");
    return net.jqwik.api.Combinators.combine(start, length, piece)
        .as((s, n, p) -> JSON.substring(0, s) + p + JSON.substring(Math.min(JSON.length(), s + n)));
  }

  @Property(tries = 3000)
  void anyTextGivesABlockOrTheOneException(@ForAll("mutations") String text) {
    try {
      assertThat(RpcBlockJson.parse(text)).isNotNull();
    } catch (JsonException e) {
      assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(400);
    }
  }
}
