package kaspeer.consensus.body;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.TransactionMass;

/**
 * The transactions of a block in the making, besides its coinbase: takes one after the other, as
 * long as all together follow the rules on masses, lanes and each other (consensus reference 5.1,
 * steps 5 to 8). Not safe for concurrent use.
 */
public final class BlockFill {
  private final Params params;
  private final Set<Hash> ids = new HashSet<>();
  private final OutpointMap<Transaction> spenders = new OutpointMap<>(256);

  /** Transactions that something here spends outputs of. */
  private final Set<Hash> spent = new HashSet<>();

  private final Map<SubnetworkId, Long> gasByLane = new HashMap<>();
  private long compute;
  private long transientStorage;
  private long storage;

  public BlockFill(Params params) {
    this.params = params;
  }

  /**
   * Adds a transaction if it fits.
   *
   * @param transaction valid for itself, so that no number in it is near 2^63
   * @return whether it was added
   */
  public boolean add(Transaction transaction) {
    TransactionMass mass = TransactionMass.of(transaction, params);
    SubnetworkId lane = transaction.subnetworkId();
    long gas = gasByLane.getOrDefault(lane, 0L) + transaction.gas();
    if (transaction.isCoinbase()
        || compute + mass.compute() > params.maxComputeMass()
        || transientStorage + mass.transientStorage() > params.maxTransientMass()
        || Long.compareUnsigned(storage + transaction.storageMass(), params.maxStorageMass()) > 0
        || Long.compareUnsigned(transaction.storageMass(), params.maxStorageMass()) > 0
        || (!gasByLane.containsKey(lane) && gasByLane.size() == params.maxLanesPerBlock())
        || Long.compareUnsigned(gas, params.maxGasPerLane()) > 0
        || Long.compareUnsigned(transaction.gas(), params.maxGasPerLane()) > 0
        || isInConflict(transaction)) {
      return false;
    }
    compute += mass.compute();
    transientStorage += mass.transientStorage();
    storage += transaction.storageMass();
    gasByLane.put(lane, gas);
    ids.add(transaction.id());
    for (Input input : transaction.inputs()) {
      spenders.putIfAbsent(input.previous(), transaction);
      spent.add(input.previous().transactionId());
    }
    return true;
  }

  private boolean isInConflict(Transaction transaction) {
    if (ids.contains(transaction.id()) || spent.contains(transaction.id())) {
      return true;
    }
    for (Input input : transaction.inputs()) {
      Outpoint outpoint = input.previous();
      if (ids.contains(outpoint.transactionId()) || spenders.get(outpoint) != null) {
        return true;
      }
    }
    return false;
  }
}
