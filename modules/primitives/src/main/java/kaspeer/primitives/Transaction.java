package kaspeer.primitives;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction (consensus reference 1.5). Immutable; id and hash are computed on first use and
 * kept.
 *
 * <p>Byte arrays handed in belong to the transaction from then on and are never changed; those
 * handed out must not be.
 */
public final class Transaction {
  /**
   * @param transactionId id of the transaction that made the output
   * @param index its position there, unsigned 32 bits
   */
  public record Outpoint(Hash transactionId, int index) {
    // As a record has them, which are slower: outpoints are looked up more than anything else.

    @Override
    public boolean equals(Object o) {
      return o instanceof Outpoint(Hash otherId, int otherIndex)
          && index == otherIndex
          && transactionId.equals(otherId);
    }

    @Override
    public int hashCode() {
      return 31 * transactionId.hashCode() + index;
    }
  }

  /**
   * @param sequence unsigned
   * @param computeCommit version 0: signature operations, 8 bits; from version 1 on: compute
   *     budget, 16 bits
   */
  public record Input(
      Outpoint previous, byte[] signatureScript, long sequence, int computeCommit) {}

  /**
   * @param version 16 bits
   */
  public record ScriptPublicKey(int version, byte[] script) {}

  /**
   * @param authorizingInput 16 bits
   */
  public record Covenant(int authorizingInput, Hash covenantId) {}

  /**
   * @param value in sompi, unsigned
   * @param covenant legal from version 1 on
   */
  public record Output(long value, ScriptPublicKey scriptPublicKey, @Nullable Covenant covenant) {}

  private final int version;
  private final List<Input> inputs;
  private final List<Output> outputs;
  private final long lockTime;
  private final SubnetworkId subnetworkId;
  private final long gas;
  private final byte[] payload;
  private final long storageMass;
  private @Nullable Hash id;
  private @Nullable Hash hash;

  public Transaction(
      int version,
      List<Input> inputs,
      List<Output> outputs,
      long lockTime,
      SubnetworkId subnetworkId,
      long gas,
      byte[] payload,
      long storageMass) {
    this.version = version;
    this.inputs = List.copyOf(inputs);
    this.outputs = List.copyOf(outputs);
    this.lockTime = lockTime;
    this.subnetworkId = subnetworkId;
    this.gas = gas;
    this.payload = payload;
    this.storageMass = storageMass;
  }

  /** 16 bits. */
  public int version() {
    return version;
  }

  public List<Input> inputs() {
    return inputs;
  }

  public List<Output> outputs() {
    return outputs;
  }

  public long lockTime() {
    return lockTime;
  }

  public SubnetworkId subnetworkId() {
    return subnetworkId;
  }

  public long gas() {
    return gas;
  }

  public byte[] payload() {
    return payload;
  }

  /** The storage mass it commits to, in grams. */
  public long storageMass() {
    return storageMass;
  }

  /** The same one, but for the storage mass that it commits to: that is no part of its id. */
  public Transaction withStorageMass(long mass) {
    Transaction other =
        new Transaction(version, inputs, outputs, lockTime, subnetworkId, gas, payload, mass);
    other.id = id;
    return other;
  }

  public boolean isCoinbase() {
    return subnetworkId.equals(SubnetworkId.COINBASE);
  }

  /** The id: without signature scripts and storage mass. */
  public Hash id() {
    Hash known = id;
    if (known == null) {
      known = TransactionHashing.id(this);
      id = known;
    }
    return known;
  }

  /** The hash of all of it: leaf of the block's merkle root. */
  public Hash hash() {
    Hash known = hash;
    if (known == null) {
      known = TransactionHashing.hash(this);
      hash = known;
    }
    return known;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Transaction other && hash().equals(other.hash());
  }

  @Override
  public int hashCode() {
    return hash().hashCode();
  }

  @Override
  public String toString() {
    return "Transaction[" + id() + "]";
  }
}
