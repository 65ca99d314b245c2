package kaspeer.primitives.json;

import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;

/**
 * Writes blocks as kaspad does, for the tests of {@link RpcBlockJson}, which reads them. All
 * strings are hex, so nothing needs escaping.
 */
public final class RpcBlockWriter {
  private final StringBuilder out = new StringBuilder();

  private RpcBlockWriter() {}

  /** The block as one line of JSON, with the names in kaspad's order. */
  public static String write(Block block) {
    RpcBlockWriter writer = new RpcBlockWriter();
    writer.out.append("{\"header\":");
    writer.header(block.header());
    writer.out.append(",\"transactions\":");
    writer.array(block.transactions(), writer::transaction);
    writer.out.append(",\"verboseData\":null}");
    return writer.out.toString();
  }

  private void header(Header header) {
    out.append("{\"hash\":");
    hash(header.hash());
    out.append(",\"version\":").append(header.version()).append(",\"parentsByLevel\":");
    array(header.parents().toLevels(), level -> array(level, this::hash));
    out.append(",\"hashMerkleRoot\":");
    hash(header.hashMerkleRoot());
    out.append(",\"acceptedIdMerkleRoot\":");
    hash(header.acceptedIdMerkleRoot());
    out.append(",\"utxoCommitment\":");
    hash(header.utxoCommitment());
    number(",\"timestamp\":", header.timestamp());
    number(",\"bits\":", Integer.toUnsignedLong(header.bits()));
    number(",\"nonce\":", header.nonce());
    number(",\"daaScore\":", header.daaScore());
    out.append(",\"blueWork\":\"").append(header.blueWork()).append('"');
    number(",\"blueScore\":", header.blueScore());
    out.append(",\"pruningPoint\":");
    hash(header.pruningPoint());
    out.append('}');
  }

  private void transaction(Transaction transaction) {
    int version = transaction.version();
    out.append("{\"version\":").append(version).append(",\"inputs\":");
    array(transaction.inputs(), input -> input(input, version));
    out.append(",\"outputs\":");
    array(transaction.outputs(), this::output);
    number(",\"lockTime\":", transaction.lockTime());
    out.append(",\"subnetworkId\":\"").append(transaction.subnetworkId()).append('"');
    number(",\"gas\":", transaction.gas());
    out.append(",\"payload\":");
    hex(transaction.payload());
    number(",\"storageMass\":", transaction.storageMass());
    number(",\"mass\":", transaction.storageMass());
    out.append(",\"verboseData\":null}");
  }

  private void input(Transaction.Input input, int version) {
    out.append("{\"previousOutpoint\":{\"transactionId\":");
    hash(input.previous().transactionId());
    number(",\"index\":", Integer.toUnsignedLong(input.previous().index()));
    out.append("},\"signatureScript\":");
    hex(input.signatureScript());
    number(",\"sequence\":", input.sequence());
    number(",\"sigOpCount\":", version == 0 ? input.computeCommit() : 0);
    number(",\"computeBudget\":", version == 0 ? 0 : input.computeCommit());
    out.append(",\"verboseData\":null}");
  }

  private void output(Transaction.Output output) {
    number("{\"value\":", output.value());
    HexFormat hex = HexFormat.of();
    out.append(",\"scriptPublicKey\":\"")
        .append(hex.toHexDigits((short) output.scriptPublicKey().version()));
    hex.formatHex(out, output.scriptPublicKey().script());
    out.append("\",\"verboseData\":null,\"covenant\":");
    Transaction.Covenant covenant = output.covenant();
    if (covenant == null) {
      out.append("null}");
    } else {
      number("{\"authorizingInput\":", covenant.authorizingInput());
      out.append(",\"covenantId\":");
      hash(covenant.covenantId());
      out.append("}}");
    }
  }

  private void number(String before, long unsigned) {
    out.append(before).append(Long.toUnsignedString(unsigned));
  }

  private void hash(Hash hash) {
    hex(hash.toBytes());
  }

  private void hex(byte[] bytes) {
    out.append('"');
    HexFormat.of().formatHex(out, bytes);
    out.append('"');
  }

  private <T> void array(List<T> elements, Consumer<T> write) {
    out.append('[');
    boolean first = true;
    for (T element : elements) {
      if (!first) {
        out.append(',');
      }
      first = false;
      write.accept(element);
    }
    out.append(']');
  }
}
