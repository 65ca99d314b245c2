package kaspeer.primitives;

import java.util.List;
import kaspeer.primitives.hashing.Blake2b;
import kaspeer.primitives.hashing.Blake2bDomain;
import kaspeer.primitives.hashing.Blake3;
import kaspeer.primitives.hashing.Blake3Domain;
import kaspeer.primitives.hashing.StreamHasher;

/** Ids and hashes of transactions (consensus reference 1.5). */
public final class TransactionHashing {
  private static final ThreadLocal<Blake2b> BLAKE2B =
      ThreadLocal.withInitial(Blake2bDomain.TRANSACTION_HASH::hasher);
  private static final ThreadLocal<Blake3> BLAKE3 =
      ThreadLocal.withInitial(Blake3Domain.TRANSACTION_REST::hasher);

  private TransactionHashing() {}

  /** Which parts of a transaction are hashed. */
  private enum Form {
    /** All of it. */
    FULL(true, true, true),
    /** What the id of a version 0 transaction covers. */
    ID(false, true, false),
    /** What the id of a later version covers besides the payload. */
    REST(false, false, false);

    final boolean signatureScripts;
    final boolean payload;
    final boolean masses;

    Form(boolean signatureScripts, boolean payload, boolean masses) {
      this.signatureScripts = signatureScripts;
      this.payload = payload;
      this.masses = masses;
    }
  }

  /** The hash of the whole transaction: the leaf of a block's merkle root. */
  public static Hash hash(Transaction transaction) {
    Blake2b hasher = BLAKE2B.get();
    hasher.reset(Blake2bDomain.TRANSACTION_HASH);
    put(hasher, transaction, Form.FULL);
    return hasher.finish();
  }

  /**
   * The id: it does not change with signature scripts or committed masses. From version 1 on it
   * joins the digest of the payload and that of the rest.
   */
  public static Hash id(Transaction transaction) {
    if (transaction.version() == 0) {
      Blake2b hasher = BLAKE2B.get();
      hasher.reset(Blake2bDomain.TRANSACTION_ID);
      put(hasher, transaction, Form.ID);
      return hasher.finish();
    }
    Blake3 hasher = BLAKE3.get();
    hasher.reset(Blake3Domain.PAYLOAD_DIGEST);
    hasher.putBytes(transaction.payload());
    Hash payloadDigest = hasher.finish();
    hasher.reset(Blake3Domain.TRANSACTION_REST);
    put(hasher, transaction, Form.REST);
    Hash restDigest = hasher.finish();
    hasher.reset(Blake3Domain.TRANSACTION_V1_ID);
    hasher.putHash(payloadDigest);
    hasher.putHash(restDigest);
    return hasher.finish();
  }

  private static void put(StreamHasher hasher, Transaction transaction, Form form) {
    int version = transaction.version();
    hasher.putShort(version);
    List<Transaction.Input> inputs = transaction.inputs();
    hasher.putLong(inputs.size());
    for (Transaction.Input input : inputs) {
      putInput(hasher, version, input, form);
    }
    List<Transaction.Output> outputs = transaction.outputs();
    hasher.putLong(outputs.size());
    for (Transaction.Output output : outputs) {
      putOutput(hasher, output, version);
    }
    hasher.putLong(transaction.lockTime());
    hasher.putBytes(transaction.subnetworkId().toBytes());
    hasher.putLong(transaction.gas());
    if (form.payload) {
      hasher.putVarBytes(transaction.payload());
    } else {
      hasher.putLong(0);
    }
    if (form.masses && (version > 0 || transaction.storageMass() != 0)) {
      hasher.putLong(transaction.storageMass());
    }
  }

  private static void putInput(
      StreamHasher hasher, int version, Transaction.Input input, Form form) {
    hasher.putHash(input.previous().transactionId());
    hasher.putInt(input.previous().index());
    if (form.signatureScripts) {
      hasher.putVarBytes(input.signatureScript());
      if (version == 0) {
        hasher.putByte(input.computeCommit());
      }
    } else {
      hasher.putLong(0);
    }
    hasher.putLong(input.sequence());
    if (form.masses && version > 0) {
      hasher.putShort(input.computeCommit());
    }
  }

  /**
   * Adds an output as every hash that covers outputs does.
   *
   * @param version of its transaction; from 1 on the covenant counts
   */
  public static void putOutput(StreamHasher hasher, Transaction.Output output, int version) {
    hasher.putLong(output.value());
    hasher.putShort(output.scriptPublicKey().version());
    hasher.putVarBytes(output.scriptPublicKey().script());
    if (version > 0) {
      Transaction.Covenant covenant = output.covenant();
      if (covenant == null) {
        hasher.putByte(0);
      } else {
        hasher.putByte(1);
        hasher.putShort(covenant.authorizingInput());
        hasher.putHash(covenant.covenantId());
      }
    }
  }
}
