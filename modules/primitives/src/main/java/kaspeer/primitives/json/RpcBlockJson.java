package kaspeer.primitives.json;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.ParentsByLevel;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Blocks in the JSON form of kaspad's RPC (consensus reference 10.3). Names that are not known are
 * ignored, as kaspad does; a script public key is one string of hex: its version as two bytes,
 * big-endian, then the script.
 */
public final class RpcBlockJson {
  private static final int MAX_SHORT = 0xFFFF;
  private static final int MAX_BYTE = 0xFF;

  /** Bytes of the version before a script. */
  private static final int SCRIPT_VERSION_SIZE = 2;

  private RpcBlockJson() {}

  /**
   * The block in a text.
   *
   * @throws JsonException if it is not one, or if it states another hash than its header has
   */
  public static Block parse(String json) {
    return block(JsonNode.parse(json));
  }

  /** The block in an object with {@code header} and {@code transactions}. */
  public static Block block(JsonNode node) {
    List<Transaction> transactions = new ArrayList<>();
    for (JsonNode transaction : node.get("transactions").elements()) {
      transactions.add(transaction(transaction));
    }
    return new Block(header(node.get("header")), transactions);
  }

  /**
   * The header in an object; a {@code hash} may be left out, but must be right when it is there.
   */
  public static Header header(JsonNode node) {
    Header header =
        new Header(
            node.get("version").asInt(MAX_SHORT),
            parents(node.get("parentsByLevel")),
            node.get("hashMerkleRoot").asHash(),
            node.get("acceptedIdMerkleRoot").asHash(),
            node.get("utxoCommitment").asHash(),
            node.get("timestamp").asUnsignedLong(),
            (int) node.get("bits").asUnsigned(0xFFFFFFFFL),
            node.get("nonce").asUnsignedLong(),
            node.get("daaScore").asUnsignedLong(),
            blueWork(node.get("blueWork")),
            node.get("blueScore").asUnsignedLong(),
            node.get("pruningPoint").asHash());
    JsonNode stated = node.find("hash");
    if (stated != null && !stated.asHash().equals(header.hash())) {
      throw new JsonException(
          stated.path()
              + " is "
              + stated.asString()
              + ", but the header's hash is "
              + header.hash());
    }
    return header;
  }

  private static ParentsByLevel parents(JsonNode node) {
    List<List<Hash>> levels = new ArrayList<>();
    for (JsonNode level : node.elements()) {
      List<Hash> parents = new ArrayList<>();
      for (JsonNode parent : level.elements()) {
        parents.add(parent.asHash());
      }
      levels.add(parents);
    }
    try {
      return ParentsByLevel.ofLevels(levels);
    } catch (IllegalArgumentException e) {
      throw new JsonException(node.path() + ": " + e.getMessage(), e);
    }
  }

  /** Blue work is hex, of any length as long as the number has at most 192 bits. */
  private static BlueWork blueWork(JsonNode node) {
    String text = node.asString();
    boolean hex = !text.isEmpty() && text.chars().allMatch(HexFormat::isHexDigit);
    if (!hex || text.length() > 2 * BlueWork.SIZE) {
      throw new JsonException(
          node.path() + " is not a number of 1 to " + 2 * BlueWork.SIZE + " hex digits");
    }
    return BlueWork.of(new BigInteger(text, 16));
  }

  /** The transaction in an object. */
  public static Transaction transaction(JsonNode node) {
    int version = node.get("version").asInt(MAX_SHORT);
    List<Transaction.Input> inputs = new ArrayList<>();
    for (JsonNode input : node.get("inputs").elements()) {
      inputs.add(input(input, version));
    }
    List<Transaction.Output> outputs = new ArrayList<>();
    for (JsonNode output : node.get("outputs").elements()) {
      outputs.add(output(output));
    }
    return new Transaction(
        version,
        inputs,
        outputs,
        node.get("lockTime").asUnsignedLong(),
        subnetworkId(node.get("subnetworkId")),
        node.get("gas").asUnsignedLong(),
        node.get("payload").asHex(),
        storageMass(node));
  }

  private static SubnetworkId subnetworkId(JsonNode node) {
    byte[] bytes = node.asHex();
    if (bytes.length != SubnetworkId.SIZE) {
      throw new JsonException(
          node.path() + " has " + bytes.length + " bytes, not " + SubnetworkId.SIZE);
    }
    return SubnetworkId.of(bytes);
  }

  /** {@code mass} is the older name. */
  private static long storageMass(JsonNode node) {
    JsonNode mass = node.find("storageMass");
    if (mass == null) {
      mass = node.find("mass");
    }
    return mass == null ? 0 : mass.asUnsignedLong();
  }

  /**
   * An input has both kinds of compute commitment; which one counts depends on the transaction's
   * version.
   */
  private static Transaction.Input input(JsonNode node, int version) {
    JsonNode previous = node.get("previousOutpoint");
    JsonNode commit = node.find(version == 0 ? "sigOpCount" : "computeBudget");
    return new Transaction.Input(
        new Transaction.Outpoint(
            previous.get("transactionId").asHash(),
            (int) previous.get("index").asUnsigned(0xFFFFFFFFL)),
        node.get("signatureScript").asHex(),
        node.get("sequence").asUnsignedLong(),
        commit == null ? 0 : commit.asInt(version == 0 ? MAX_BYTE : MAX_SHORT));
  }

  private static Transaction.Output output(JsonNode node) {
    JsonNode script = node.get("scriptPublicKey");
    byte[] bytes = script.asHex();
    if (bytes.length < SCRIPT_VERSION_SIZE) {
      throw new JsonException(script.path() + " has no version of two bytes");
    }
    int version = (bytes[0] & 0xFF) << 8 | (bytes[1] & 0xFF);
    return new Transaction.Output(
        node.get("value").asUnsignedLong(),
        new Transaction.ScriptPublicKey(
            version, Arrays.copyOfRange(bytes, SCRIPT_VERSION_SIZE, bytes.length)),
        covenant(node.find("covenant")));
  }

  private static Transaction.@Nullable Covenant covenant(@Nullable JsonNode node) {
    return node == null
        ? null
        : new Transaction.Covenant(
            node.get("authorizingInput").asInt(MAX_SHORT), node.get("covenantId").asHash());
  }
}
