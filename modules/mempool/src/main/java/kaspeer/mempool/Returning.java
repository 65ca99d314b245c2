package kaspeer.mempool;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;

/** Transactions that were accepted and are not any more: on their way back into the pool. */
final class Returning {
  private final Pool pool;
  private final AcceptedIds accepted;
  private final Unmerged unmerged;
  private final Counters counters;

  /** What came so far of this reorganisation. */
  private List<Transaction> came = new ArrayList<>(0);

  private boolean pending;

  Returning(Pool pool, AcceptedIds accepted, Unmerged unmerged, Counters counters) {
    this.pool = pool;
    this.accepted = accepted;
    this.unmerged = unmerged;
    this.counters = counters;
  }

  boolean isPending() {
    return pending;
  }

  void begin() {
    pending = true;
  }

  void came(List<Transaction> transactions) {
    came.addAll(transactions);
  }

  /** All came. Returns them, but for those that are in the pool. */
  List<Transaction> end() {
    List<Transaction> absent =
        came.stream().filter(transaction -> pool.get(transaction.id()) == null).toList();
    came = new ArrayList<>(0);
    pending = false;
    return absent;
  }

  /** Submits them; what is not taken counts as accepted still. */
  Work<List<Admission>> readmit(
      List<Transaction> returned, Admitter admitter, VirtualState virtual) {
    Set<Hash> high = new HashSet<>();
    Set<Hash> known = new HashSet<>();
    for (Transaction transaction : returned) {
      Hash id = transaction.id();
      if (accepted.isHigh(id)) {
        high.add(id);
      }
      if (accepted.contains(id)) {
        known.add(id);
        accepted.remove(id);
      }
    }
    Work<List<Admission>> submitted =
        admitter.submit(
            returned, transaction -> Submission.returned(high.contains(transaction.id())), virtual);
    return new Then<>(
        submitted,
        admissions -> {
          for (int i = 0; i < admissions.size(); i++) {
            Admission admission = admissions.get(i);
            // Its block may be merged again, in which case only its id is told; and another that
            // spends the same may have its place here by then.
            unmerged.add(returned.get(i));
            if (admission instanceof Accepted) {
              counters.count(MempoolCount.RETURNED, 1);
            } else if (known.contains(admission.id()) && pool.get(admission.id()) == null) {
              accepted.add(admission.id(), virtual.daaScore(), high.contains(admission.id()));
            }
          }
          return admissions;
        });
  }
}
