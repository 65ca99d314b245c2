package kaspeer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.random.RandomGenerator;
import kaspeer.testkit.kaspad.KaspadRpc;
import kaspeer.testkit.node.KaspeerNode;

/** Makes blocks on a Kaspeer by its own templates. */
record KaspeerMiner(KaspeerNode node, String payAddress, RandomGenerator random) {
  /** The next block, to be made as it is or with siblings. */
  JsonNode template() {
    return node.change(
        "POST", "block-template", KaspadRpc.params().put("payAddress", payAddress).toString());
  }

  /** Makes so many siblings of a template. */
  void submit(JsonNode template, int count) {
    for (int i = 0; i < count; i++) {
      ObjectNode block = template.deepCopy();
      ObjectNode header = (ObjectNode) block.get("header");
      header.put("nonce", random.nextLong() >>> 1).remove("hash");
      JsonNode answer = node.post("blocks", block.toString());
      assertThat(answer.path("verdict").asText()).as("%s", answer).isEqualTo("accepted");
    }
  }

  /** Makes a block on what the node has now. */
  void mineOne() {
    submit(template(), 1);
  }
}
