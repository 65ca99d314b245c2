package kaspeer.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HexFormat;
import kaspeer.primitives.Block;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;

/**
 * Blocks, headers and transactions in the JSON form of kaspad's RPC (consensus reference 10.3), and
 * their schemas.
 */
final class BlockJson {
  static final Schema HEADER =
      Schema.object("A header.")
          .with("hash", Schema.hash("The block's hash."))
          .with("version", Schema.integer(""))
          .with(
              "parentsByLevel",
              Schema.array(Schema.array(Schema.hash(""), ""), "Parents, by block level."))
          .with("hashMerkleRoot", Schema.hash(""))
          .with("acceptedIdMerkleRoot", Schema.hash(""))
          .with("utxoCommitment", Schema.hash(""))
          .with("timestamp", Schema.integer("Milliseconds since 1970."))
          .with("bits", Schema.integer("Compact target."))
          .with("nonce", Schema.integer(""))
          .with("daaScore", Schema.integer(""))
          .with("blueWork", Schema.string("Hex."))
          .with("blueScore", Schema.integer(""))
          .with("pruningPoint", Schema.hash(""));

  private static final Schema INPUT =
      Schema.object("")
          .with(
              "previousOutpoint",
              Schema.object("")
                  .with("transactionId", Schema.hash(""))
                  .with("index", Schema.integer("")))
          .with("signatureScript", Schema.string("Hex."))
          .with("sequence", Schema.integer(""))
          .with("sigOpCount", Schema.integer("Of transactions of version 0."))
          .with("computeBudget", Schema.integer("Of transactions from version 1 on."));

  private static final Schema OUTPUT =
      Schema.object("")
          .with("value", Schema.integer("Sompi."))
          .with(
              "scriptPublicKey",
              Schema.string("Hex: two bytes of version, big-endian, then the script."))
          .nullable(
              "covenant",
              Schema.object("")
                  .with("authorizingInput", Schema.integer(""))
                  .with("covenantId", Schema.hash("")));

  static final Schema.Obj TRANSACTION =
      Schema.object("A transaction.")
          .with("version", Schema.integer(""))
          .with("inputs", Schema.array(INPUT, ""))
          .with("outputs", Schema.array(OUTPUT, ""))
          .with("lockTime", Schema.integer(""))
          .with("subnetworkId", Schema.string("Hex, 20 bytes."))
          .with("gas", Schema.integer(""))
          .with("payload", Schema.string("Hex."))
          .with("storageMass", Schema.integer("Grams."))
          .with(
              "verboseData",
              Schema.object("")
                  .with("transactionId", Schema.hash(""))
                  .with("hash", Schema.hash("")));

  /** What may be submitted as a block: what a GET shows is taken back. */
  static final Schema TO_SUBMIT =
      Schema.object("").with("header", HEADER).with("transactions", Schema.array(TRANSACTION, ""));

  static final Schema TEMPLATE =
      Schema.object("A block that lacks only its proof of work: a nonce. Its hash is of nonce 0.")
          .with("header", HEADER)
          .with("transactions", Schema.array(TRANSACTION, "The coinbase first."))
          .with(
              "isSynced",
              Schema.bool("Whether the node is near the tip, so that the block is of use."));

  private BlockJson() {}

  /** A block in the form in which it is handed in. */
  static ObjectNode block(Block block) {
    ObjectNode json = Json.object();
    json.set("header", header(block.header()));
    json.set("transactions", Json.array(block.transactions(), BlockJson::transaction));
    return json;
  }

  /** A block to be mined. */
  static ObjectNode template(Block block, boolean isSynced) {
    return block(block).put("isSynced", isSynced);
  }

  static ObjectNode header(Header header) {
    ObjectNode json = Json.object();
    json.put("hash", header.hash().toString());
    json.put("version", header.version());
    json.set("parentsByLevel", Json.array(header.parents().toLevels(), Json::hashes));
    json.put("hashMerkleRoot", header.hashMerkleRoot().toString());
    json.put("acceptedIdMerkleRoot", header.acceptedIdMerkleRoot().toString());
    json.put("utxoCommitment", header.utxoCommitment().toString());
    json.set("timestamp", Json.unsigned(header.timestamp()));
    json.put("bits", Integer.toUnsignedLong(header.bits()));
    json.set("nonce", Json.unsigned(header.nonce()));
    json.set("daaScore", Json.unsigned(header.daaScore()));
    json.put("blueWork", header.blueWork().toString());
    json.set("blueScore", Json.unsigned(header.blueScore()));
    json.put("pruningPoint", header.pruningPoint().toString());
    return json;
  }

  static ObjectNode transaction(Transaction transaction) {
    ObjectNode json = Json.object();
    json.put("version", transaction.version());
    json.set(
        "inputs", Json.array(transaction.inputs(), input -> input(input, transaction.version())));
    json.set("outputs", Json.array(transaction.outputs(), BlockJson::output));
    json.set("lockTime", Json.unsigned(transaction.lockTime()));
    json.put("subnetworkId", hex(transaction.subnetworkId().toBytes()));
    json.set("gas", Json.unsigned(transaction.gas()));
    json.put("payload", hex(transaction.payload()));
    json.set("storageMass", Json.unsigned(transaction.storageMass()));
    json.putObject("verboseData")
        .put("transactionId", transaction.id().toString())
        .put("hash", transaction.hash().toString());
    return json;
  }

  private static JsonNode input(Transaction.Input input, int version) {
    ObjectNode json = Json.object();
    json.putObject("previousOutpoint")
        .put("transactionId", input.previous().transactionId().toString())
        .put("index", Integer.toUnsignedLong(input.previous().index()));
    json.put("signatureScript", hex(input.signatureScript()));
    json.set("sequence", Json.unsigned(input.sequence()));
    json.put("sigOpCount", version == 0 ? input.computeCommit() : 0);
    json.put("computeBudget", version == 0 ? 0 : input.computeCommit());
    return json;
  }

  private static JsonNode output(Transaction.Output output) {
    ObjectNode json = Json.object();
    json.set("value", Json.unsigned(output.value()));
    Transaction.ScriptPublicKey script = output.scriptPublicKey();
    json.put("scriptPublicKey", "%04x".formatted(script.version()) + hex(script.script()));
    Transaction.Covenant covenant = output.covenant();
    if (covenant == null) {
      json.putNull("covenant");
    } else {
      json.putObject("covenant")
          .put("authorizingInput", covenant.authorizingInput())
          .put("covenantId", covenant.covenantId().toString());
    }
    return json;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
