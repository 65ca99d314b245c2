package kaspeer.script;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import kaspeer.primitives.Hash;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.TransactionHashing;
import kaspeer.primitives.UtxoEntry;
import kaspeer.primitives.hashing.Blake2b;
import kaspeer.primitives.hashing.Blake2bDomain;

/**
 * What the signature of an input signs (consensus reference 1.7). The hash type, the signature's
 * last byte, says which parts of the transaction that covers.
 */
public final class SignatureHash {
  /** All outputs. */
  public static final int ALL = 0x01;

  /** No outputs. */
  public static final int NONE = 0x02;

  /** The output with the index of the input; none if there is no such output. */
  public static final int SINGLE = 0x04;

  /** Added to one of the others: only this input, so that anyone can add more. */
  public static final int ANYONE_CAN_PAY = 0x80;

  private static final ThreadLocal<Blake2b> HASHER =
      ThreadLocal.withInitial(Blake2bDomain.TRANSACTION_SIGNING_HASH::hasher);

  private static final byte[] ECDSA_DOMAIN =
      sha256().digest("TransactionSigningHashECDSA".getBytes(StandardCharsets.US_ASCII));

  private SignatureHash() {}

  /** Whether a signature may have this hash type, 8 bits: one of six. */
  public static boolean isHashType(int hashType) {
    return switch (hashType & ~ANYONE_CAN_PAY) {
      case ALL, NONE, SINGLE -> true;
      default -> false;
    };
  }

  /**
   * The message of a Schnorr signature.
   *
   * @param input its index
   * @throws IllegalArgumentException if there is no such hash type
   */
  public static Hash schnorr(SpendingTransaction spending, int input, int hashType) {
    if (!isHashType(hashType)) {
      throw new IllegalArgumentException("no signature hash type " + hashType);
    }
    Transaction tx = spending.transaction();
    boolean anyoneCanPay = (hashType & ANYONE_CAN_PAY) != 0;
    Hash previousOutputs = anyoneCanPay ? Hash.ZERO : spending.previousOutputsHash();
    Hash sequences = hashType == ALL ? spending.sequencesHash() : Hash.ZERO;
    Hash sigOpCounts = anyoneCanPay || tx.version() > 0 ? Hash.ZERO : spending.sigOpCountsHash();
    Hash outputs = outputs(spending, input, hashType & ~ANYONE_CAN_PAY);
    Hash payload = isPlain(tx) ? Hash.ZERO : spending.payloadHash();

    Input spender = tx.inputs().get(input);
    UtxoEntry entry = spending.spent().get(input);
    Blake2b hasher = hasher();
    hasher.putShort(tx.version());
    hasher.putHash(previousOutputs);
    hasher.putHash(sequences);
    if (tx.version() == 0) {
      hasher.putHash(sigOpCounts);
    }
    put(hasher, spender.previous());
    put(hasher, entry.scriptPublicKey());
    hasher.putLong(entry.amount());
    hasher.putLong(spender.sequence());
    if (tx.version() == 0) {
      hasher.putByte(spender.computeCommit());
    }
    hasher.putHash(outputs);
    hasher.putLong(tx.lockTime());
    hasher.putBytes(tx.subnetworkId().toBytes());
    hasher.putLong(tx.gas());
    hasher.putHash(payload);
    hasher.putByte(hashType);
    return hasher.finish();
  }

  /**
   * The message of an ECDSA signature: a hash of the other one.
   *
   * @param input its index
   * @throws IllegalArgumentException if there is no such hash type
   */
  public static Hash ecdsa(SpendingTransaction spending, int input, int hashType) {
    MessageDigest digest = sha256();
    digest.update(ECDSA_DOMAIN);
    digest.update(schnorr(spending, input, hashType).toBytes());
    return Hash.of(digest.digest());
  }

  private static Hash outputs(SpendingTransaction spending, int input, int coverage) {
    Transaction tx = spending.transaction();
    return switch (coverage) {
      case NONE -> Hash.ZERO;
      case SINGLE -> {
        if (input >= tx.outputs().size()) {
          yield Hash.ZERO;
        }
        Blake2b hasher = hasher();
        TransactionHashing.putOutput(hasher, tx.outputs().get(input), tx.version());
        yield hasher.finish();
      }
      default -> spending.outputsHash();
    };
  }

  /** Whether the payload is as good as none. */
  private static boolean isPlain(Transaction tx) {
    return tx.payload().length == 0 && tx.subnetworkId().equals(SubnetworkId.NATIVE);
  }

  static Hash previousOutputs(Transaction tx) {
    Blake2b hasher = hasher();
    for (Input input : tx.inputs()) {
      put(hasher, input.previous());
    }
    return hasher.finish();
  }

  static Hash sequences(Transaction tx) {
    Blake2b hasher = hasher();
    for (Input input : tx.inputs()) {
      hasher.putLong(input.sequence());
    }
    return hasher.finish();
  }

  static Hash sigOpCounts(Transaction tx) {
    Blake2b hasher = hasher();
    for (Input input : tx.inputs()) {
      hasher.putByte(input.computeCommit());
    }
    return hasher.finish();
  }

  static Hash outputs(Transaction tx) {
    Blake2b hasher = hasher();
    for (Output output : tx.outputs()) {
      TransactionHashing.putOutput(hasher, output, tx.version());
    }
    return hasher.finish();
  }

  static Hash payload(Transaction tx) {
    Blake2b hasher = hasher();
    hasher.putVarBytes(tx.payload());
    return hasher.finish();
  }

  /** This thread's hasher, made fresh: one hash is finished before the next is begun. */
  private static Blake2b hasher() {
    Blake2b hasher = HASHER.get();
    hasher.reset();
    return hasher;
  }

  private static void put(Blake2b hasher, Outpoint outpoint) {
    hasher.putHash(outpoint.transactionId());
    hasher.putInt(outpoint.index());
  }

  private static void put(Blake2b hasher, ScriptPublicKey script) {
    hasher.putShort(script.version());
    hasher.putVarBytes(script.script());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
