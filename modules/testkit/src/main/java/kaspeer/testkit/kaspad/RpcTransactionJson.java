package kaspeer.testkit.kaspad;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.HexFormat;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Output;

/** Transactions in the JSON of kaspad's RPC, which our own endpoint takes as well. */
public final class RpcTransactionJson {
  private static final HexFormat HEX = HexFormat.of();

  private RpcTransactionJson() {}

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
