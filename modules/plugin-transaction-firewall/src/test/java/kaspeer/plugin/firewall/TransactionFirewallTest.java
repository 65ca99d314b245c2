package kaspeer.plugin.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import kaspeer.testkit.flow.FlowHarness;
import kaspeer.testkit.flow.FlowHarness.Word;
import kaspeer.testkit.flow.RecordedTelemetry;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.ScriptPublicKey;
import kaspeer.wire.proto.TransactionInput;
import kaspeer.wire.proto.TransactionMessage;
import kaspeer.wire.proto.TransactionOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which transactions the firewall keeps out, and what becomes of its file of rules. */
final class TransactionFirewallTest {
  @TempDir private Path folder;

  private void rules(String text) throws IOException {
    Files.writeString(folder.resolve(TransactionFirewall.RULES), text);
  }

  private FlowHarness start() {
    return FlowHarness.of(new TransactionFirewall()).folder(folder).start();
  }

  /** Two inputs; outputs of 500 and 5,000 sompi; eight bytes of payload. */
  private static KaspadMessage payment() {
    TransactionMessage.Builder transaction =
        TransactionMessage.newBuilder()
            .addInputs(TransactionInput.getDefaultInstance())
            .addInputs(TransactionInput.getDefaultInstance())
            .setPayload(bytes("0102030405060708"));
    for (long value : new long[] {500, 5_000}) {
      transaction.addOutputs(
          TransactionOutput.newBuilder()
              .setValue(value)
              .setScriptPublicKey(ScriptPublicKey.newBuilder().setScript(bytes("20aa"))));
    }
    return KaspadMessage.newBuilder().setTransaction(transaction).build();
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }

  @ParameterizedTest
  @CsvSource({
    "bytes-above = 10, DROP",
    "bytes-above = 1000, PASS",
    "inputs-above = 1, DROP",
    "inputs-above = 2, PASS",
    "outputs-above = 1, DROP",
    "outputs-above = 2, PASS",
    "payload-bytes-above = 7, DROP",
    "payload-bytes-above = 8, PASS",
    "payload-starts-with = \"010203\", DROP",
    "payload-starts-with = \"02\", PASS",
    "any-value-below = 501, DROP",
    "any-value-below = 500, PASS",
    "pays-to-script = \"20aa\", DROP",
    "pays-to-script = \"20\", PASS"
  })
  void aTransactionThatMatchesARuleIsDropped(String condition, Word word) throws IOException {
    rules("rules = [{ name = it, " + condition + " }]");
    try (FlowHarness harness = start()) {
      assertThat(harness.intercept(payment())).isEqualTo(word);
      assertThat(harness.telemetry().value("matches", "it", "dropped"))
          .isEqualTo(word == Word.DROP ? 1 : 0);
      harness.expectNoViolation();
    }
  }

  @Test
  void aRuleMatchesWhenAllItsConditionsHold() throws IOException {
    rules("rules = [{ name = both, inputs-above = 1, outputs-above = 2 }]");
    try (FlowHarness harness = start()) {
      assertThat(harness.intercept(payment())).isEqualTo(Word.PASS);
    }
  }

  @Test
  void aDryRunCountsAndDropsNothing() throws IOException {
    rules("dry-run = true\nrules = [{ name = a, inputs-above = 1 }]");
    try (FlowHarness harness = start()) {
      assertThat(harness.intercept(payment())).isEqualTo(Word.PASS);
      assertThat(harness.telemetry().value("matches", "a", "counted")).isEqualTo(1);
    }
  }

  @Test
  void oneRuleCanBeTriedBesideOthersThatDrop() throws IOException {
    rules(
        "rules = [{ name = a, inputs-above = 1, dry-run = true }, { name = b, bytes-above = 1 }]");
    try (FlowHarness harness = start()) {
      assertThat(harness.intercept(payment())).isEqualTo(Word.DROP);
      assertThat(harness.telemetry().value("matches", "a", "counted")).isEqualTo(1);
      assertThat(harness.telemetry().value("matches", "b", "dropped")).isEqualTo(1);
    }
  }

  @Test
  void aChangedFileIsReadWithinASecond() throws IOException {
    rules("rules = []");
    try (FlowHarness harness = start()) {
      assertThat(harness.intercept(payment())).isEqualTo(Word.PASS);
      rules("rules = [{ name = a, inputs-above = 1 }]");
      assertThat(harness.intercept(payment())).as("in the same second").isEqualTo(Word.PASS);
      harness.advance(Duration.ofSeconds(1));
      assertThat(harness.intercept(payment())).isEqualTo(Word.DROP);
      assertThat(harness.telemetry().events())
          .extracting(RecordedTelemetry.Event::type)
          .containsExactly("rulesRead");
    }
  }

  @Test
  void aWrongFileChangesNothingAndIsToldOnce() throws IOException {
    rules("rules = [{ name = a, inputs-above = 1 }]");
    try (FlowHarness harness = start()) {
      rules("rules = [{ name = a, inputs-over = 1 }]");
      for (int i = 0; i < 3; i++) {
        harness.advance(Duration.ofSeconds(1));
        assertThat(harness.intercept(payment())).isEqualTo(Word.DROP);
      }
      assertThat(harness.telemetry().events())
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.type()).isEqualTo("rulesRefused");
                assertThat(event.fields().get("why")).contains("unknown condition inputs-over");
              });
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rules = [{ inputs-above = 1 }] | name",
        "rules = [{ name = a }] | rule a has no condition",
        "rules = [{ name = A, bytes-above = 1 }] | lower case",
        "rules = [{ name = a, bytes-above = many }] | bytes-above",
        "rule = [] | unknown key rule",
        "rules = [{ name = a, bytes-above = 1 }, { name = a, bytes-above = 2 }] | called a"
      })
  void withAWrongFileItDoesNotStart(String text, String why) throws IOException {
    rules(text);
    assertThatThrownBy(this::start).hasMessageContaining(why);
  }

  @Test
  void withoutAFileItDoesNotStart() {
    assertThatThrownBy(this::start).hasMessageContaining(TransactionFirewall.RULES);
  }
}
