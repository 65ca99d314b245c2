package kaspeer.testkit.kaspad;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import kaspeer.primitives.Block;
import kaspeer.primitives.json.RpcBlockJson;

/**
 * Makes blocks on a simnet kaspad by its own templates. Blocks of one round are siblings; some are
 * held back and come rounds later, so that the DAG is uneven, as a real one.
 */
public final class SimnetMiner {
  private static final int OVERLAP = 16;

  private final KaspadRpc rpc;
  private final String payAddress;
  private final RandomGenerator random;
  private final Deque<ObjectNode> heldBack = new ArrayDeque<>();

  /**
   * @param payAddress where rewards go
   */
  public SimnetMiner(KaspadRpc rpc, String payAddress, RandomGenerator random) {
    this.rpc = rpc;
    this.payAddress = payAddress;
    this.random = random;
  }

  /**
   * Mines rounds of {@code minWidth} to {@code maxWidth} parallel blocks until at least {@code
   * blocks} were accepted.
   */
  public void mine(int blocks, int minWidth, int maxWidth) {
    int made = 0;
    List<CompletableFuture<?>> open = new ArrayList<>();
    while (made < blocks) {
      JsonNode template = template();
      int width = random.nextInt(minWidth, maxWidth + 1);
      for (int i = 0; i < width; i++) {
        ObjectNode block = sibling(template);
        if (i > 0 && heldBack.size() < 4 && random.nextInt(8) == 0) {
          heldBack.add(block);
        } else {
          open.add(submit(block));
          made++;
        }
      }
      if (!heldBack.isEmpty() && random.nextInt(3) == 0) {
        open.add(submit(heldBack.remove()));
        made++;
      }
      if (open.size() > OVERLAP) {
        KaspadRpc.join(open);
        open.clear();
      }
    }
    KaspadRpc.join(open);
  }

  /** Mines one block on what the node takes for its tips now. */
  public Block mineOne() {
    ObjectNode block = sibling(template());
    submit(block).join();
    return RpcBlockJson.parse(block.toString());
  }

  /** A valid block on the node's tips that it has not been given: for peers to relay. */
  public Block unsubmitted() {
    return RpcBlockJson.parse(sibling(template()).toString());
  }

  /**
   * Mines parallel blocks on what the node takes for its tips now, each paying another: their
   * rewards differ in whom they are for.
   */
  public void mineSiblings(List<String> payAddresses) {
    List<ObjectNode> blocks = payAddresses.stream().map(to -> sibling(template(to))).toList();
    blocks.forEach(block -> submit(block).join());
  }

  private JsonNode template() {
    return template(payAddress);
  }

  private JsonNode template(String payTo) {
    ObjectNode params = KaspadRpc.params().put("payAddress", payTo);
    ArrayNode extra = params.putArray("extraData");
    extra.add(random.nextInt(256));
    return rpc.call("getBlockTemplate", params).get("block");
  }

  private ObjectNode sibling(JsonNode template) {
    ObjectNode block = template.deepCopy();
    ((ObjectNode) block.get("header")).put("nonce", random.nextLong() >>> 1);
    return block;
  }

  private CompletableFuture<JsonNode> submit(ObjectNode block) {
    ObjectNode params = KaspadRpc.params().put("allowNonDaaBlocks", true);
    params.set("block", block);
    return rpc.send("submitBlock", params)
        .thenApply(
            answer -> {
              if (!"success".equals(answer.path("report").path("type").asText())) {
                throw new IllegalStateException("kaspad refused a block: " + answer);
              }
              return answer;
            });
  }
}
