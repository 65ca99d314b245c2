package kaspeer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kaspeer.primitives.Block;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.KaspadRpc;
import kaspeer.testkit.kaspad.RpcJson;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.node.KaspeerNode;

/** Blocks handed to kaspad and to us. kaspad's RPC says only no; its log says why. */
record BlockVerdicts(Kaspad kaspad, KaspeerNode node) {
  private static final Pattern WITHOUT_TRANSACTIONS =
      Pattern.compile("triggered an error: (block has no transactions)");

  /** Hands a block to both, which must refuse it for the same rule; returns the rule. */
  String sameRefusal(String what, Block block) {
    String theirs = KaspadTexts.ruleOfBlock(refusalOfKaspad(block));
    assertThat(ofNode(block)).as("%s: %s", what, block.hash()).isEqualTo(theirs);
    return theirs;
  }

  /** Hands a good block to both. */
  void accept(Block block) {
    assertThat(submit(block)).as("%s at kaspad", block.hash()).isTrue();
    assertThat(ofNode(block)).as("%s", block.hash()).isEqualTo("accepted");
  }

  /** What we say of a block: accepted, missing parents or the rule. */
  String ofNode(Block block) {
    JsonNode answer = node.post("blocks", RpcJson.of(block).toString());
    return switch (answer.path("verdict").asText()) {
      case "accepted" -> "accepted";
      case "missingParents" -> "missing parents";
      default -> answer.path("rule").asText(answer.toString());
    };
  }

  /** Why kaspad refuses a block, in its words. */
  String refusalOfKaspad(Block block) {
    long logged = kaspad.logSize();
    assertThat(submit(block)).as("kaspad takes %s", block.hash()).isFalse();
    Pattern reason = Pattern.compile("Validation failed for block " + block.hash() + ": (.*)");
    Await.until(
        "a reason of kaspad",
        Nodes.RELAY_LIMIT,
        () -> reason(logged, reason).isPresent(),
        () -> kaspad.logFrom(logged));
    return reason(logged, reason).orElseThrow();
  }

  private Optional<String> reason(long logged, Pattern reason) {
    String log = kaspad.logFrom(logged);
    for (Pattern pattern : new Pattern[] {reason, WITHOUT_TRANSACTIONS}) {
      Matcher matcher = pattern.matcher(log);
      if (matcher.find()) {
        return Optional.of(matcher.group(1));
      }
    }
    return Optional.empty();
  }

  /** Whether kaspad takes it in, on its chain or not. */
  boolean submit(Block block) {
    ObjectNode params = KaspadRpc.params().put("allowNonDaaBlocks", true);
    params.set("block", RpcJson.of(block));
    return kaspad
        .rpc()
        .call("submitBlock", params)
        .path("report")
        .path("type")
        .asText()
        .equals("success");
  }
}
