package kaspeer.script;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kaspeer.crypto.signature.Secp256k1;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;

/** Signs transactions, for wallets, tests and the demo. */
public final class TransactionSigner {
  private TransactionSigner() {}

  /**
   * Signs, by Schnorr and all of the transaction, every input that spends what is paid to the
   * secret's public key; other inputs stay as they are. What inputs commit to pay for being checked
   * must be set before: in version 0 signatures cover it.
   *
   * @param spent the entries that the inputs spend, in order
   * @param secret 32 bytes
   * @throws IllegalArgumentException if the secret is not one
   */
  public static Transaction signSchnorr(
      Transaction unsigned, List<UtxoEntry> spent, byte[] secret) {
    ScriptPublicKey own = StandardScripts.payToPubKey(Secp256k1.xOnlyPublicKey(secret));
    SpendingTransaction spending = new SpendingTransaction(unsigned, spent);
    List<Input> inputs = new ArrayList<>(unsigned.inputs());
    for (int i = 0; i < inputs.size(); i++) {
      ScriptPublicKey script = spent.get(i).scriptPublicKey();
      if (script.version() == own.version() && Arrays.equals(script.script(), own.script())) {
        Input input = inputs.get(i);
        inputs.set(
            i,
            new Input(
                input.previous(),
                new ScriptBuilder().literal(signature(spending, i, secret)).build(),
                input.sequence(),
                input.computeCommit()));
      }
    }
    return withInputs(unsigned, inputs);
  }

  /** The signature of one input, with its hash type. */
  private static byte[] signature(SpendingTransaction spending, int input, byte[] secret) {
    byte[] message = SignatureHash.schnorr(spending, input, SignatureHash.ALL).toBytes();
    byte[] signature = Secp256k1.signSchnorr(message, secret, null);
    byte[] typed = Arrays.copyOf(signature, signature.length + 1);
    typed[signature.length] = SignatureHash.ALL;
    return typed;
  }

  private static Transaction withInputs(Transaction transaction, List<Input> inputs) {
    return new Transaction(
        transaction.version(),
        inputs,
        transaction.outputs(),
        transaction.lockTime(),
        transaction.subnetworkId(),
        transaction.gas(),
        transaction.payload(),
        transaction.storageMass());
  }
}
