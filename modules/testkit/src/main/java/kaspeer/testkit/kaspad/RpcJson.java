package kaspeer.testkit.kaspad;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;

/** Blocks and transactions in the JSON of kaspad's RPC, which our own endpoint takes as well. */
public final class RpcJson {
  private static final HexFormat HEX = HexFormat.of();
  private static final int SCRIPT_VERSION_DIGITS = 4;

  private RpcJson() {}

  /** The block as an object. */
  public static ObjectNode of(Block block) {
    ObjectNode json = KaspadRpc.params();
    json.set("header", of(block.header()));
    json.putArray("transactions").addAll(block.transactions().stream().map(RpcJson::of).toList());
    return json;
  }

  private static ObjectNode of(Header header) {
    ObjectNode json =
        KaspadRpc.params()
            .put("hash", header.hash().toString())
            .put("version", header.version())
            .put("hashMerkleRoot", header.hashMerkleRoot().toString())
            .put("acceptedIdMerkleRoot", header.acceptedIdMerkleRoot().toString())
            .put("utxoCommitment", header.utxoCommitment().toString())
            .put("timestamp", unsigned(header.timestamp()))
            .put("bits", Integer.toUnsignedLong(header.bits()))
            .put("nonce", unsigned(header.nonce()))
            .put("daaScore", unsigned(header.daaScore()))
            .put("blueWork", header.blueWork().toString())
            .put("blueScore", unsigned(header.blueScore()))
            .put("pruningPoint", header.pruningPoint().toString());
    json.putArray("parentsByLevel");
    for (List<Hash> level : header.parents().toLevels()) {
      ArrayNode parents = json.withArray("parentsByLevel").addArray();
      level.forEach(parent -> parents.add(parent.toString()));
    }
    return json;
  }

  /** The transaction as an object. */
  public static ObjectNode of(Transaction transaction) {
    int version = transaction.version();
    ObjectNode json = KaspadRpc.params().put("version", version);
    json.putArray("inputs");
    for (Input input : transaction.inputs()) {
      write(input, version, json.withArray("inputs").addObject());
    }
    json.putArray("outputs");
    for (Output output : transaction.outputs()) {
      write(output, json.withArray("outputs").addObject());
    }
    return json.put("lockTime", unsigned(transaction.lockTime()))
        .put("subnetworkId", HEX.formatHex(transaction.subnetworkId().toBytes()))
        .put("gas", unsigned(transaction.gas()))
        .put("payload", HEX.formatHex(transaction.payload()))
        .put("mass", unsigned(transaction.storageMass()));
  }

  /** An entry of the answer to {@code getUtxosByAddresses}. */
  static SignedWallet.Coin coin(JsonNode entry) {
    JsonNode outpoint = entry.get("outpoint");
    JsonNode utxo = entry.get("utxoEntry");
    String script = utxo.get("scriptPublicKey").asText();
    return new SignedWallet.Coin(
        new Outpoint(
            Hash.fromHex(outpoint.get("transactionId").asText()), outpoint.get("index").asInt()),
        new UtxoEntry(
            utxo.get("amount").asLong(),
            new ScriptPublicKey(0, HEX.parseHex(script.substring(SCRIPT_VERSION_DIGITS))),
            utxo.get("blockDaaScore").asLong(),
            utxo.get("isCoinbase").asBoolean(),
            null));
  }

  private static void write(Input input, int version, ObjectNode json) {
    json.putObject("previousOutpoint")
        .put("transactionId", input.previous().transactionId().toString())
        .put("index", Integer.toUnsignedLong(input.previous().index()));
    json.put("signatureScript", HEX.formatHex(input.signatureScript()))
        .put("sequence", unsigned(input.sequence()))
        .put("sigOpCount", version == 0 ? input.computeCommit() : 0)
        .put("computeBudget", version == 0 ? 0 : input.computeCommit());
  }

  private static void write(Output output, ObjectNode json) {
    json.put("value", unsigned(output.value()))
        .put(
            "scriptPublicKey",
            HEX.toHexDigits((short) output.scriptPublicKey().version())
                + HEX.formatHex(output.scriptPublicKey().script()));
    Covenant covenant = output.covenant();
    if (covenant != null) {
      json.putObject("covenant")
          .put("authorizingInput", covenant.authorizingInput())
          .put("covenantId", covenant.covenantId().toString());
    }
  }

  private static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }
}
