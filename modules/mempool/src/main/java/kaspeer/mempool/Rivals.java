package kaspeer.mempool;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import kaspeer.mempool.Admission.DoubleSpend;
import kaspeer.mempool.Admission.NonStandard;
import kaspeer.mempool.Admission.Refusal;
import kaspeer.mempool.Submission.Replacement;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import org.jspecify.annotations.Nullable;

/** The transactions of the pool that spend what a newcomer spends (consensus reference 8). */
final class Rivals {
  private final Hash newcomer;

  /** With the first output that each has in common with the newcomer. */
  private final Map<Entry, Outpoint> rivals = new LinkedHashMap<>(2);

  private Rivals(Hash newcomer) {
    this.newcomer = newcomer;
  }

  static Rivals of(Transaction transaction, Pool pool) {
    Rivals found = new Rivals(transaction.id());
    for (Input input : transaction.inputs()) {
      Entry rival = pool.spender(input.previous());
      if (rival != null) {
        found.rivals.putIfAbsent(rival, input.previous());
      }
    }
    return found;
  }

  boolean isEmpty() {
    return rivals.isEmpty();
  }

  /** Why they cannot be replaced, whatever the newcomer pays, or null. */
  @Nullable Refusal refusal(Replacement replacement) {
    return switch (replacement) {
      case FORBIDDEN -> rivals.isEmpty() ? null : first(Policy.DOUBLE_SPEND);
      case ALLOWED -> null;
      case MANDATORY ->
          switch (rivals.size()) {
            case 0 ->
                new NonStandard(
                    newcomer,
                    Policy.REPLACES_NOTHING,
                    "nothing in the pool spends any of the same outputs");
            case 1 -> null;
            default -> first(Policy.REPLACES_SEVERAL);
          };
    };
  }

  /**
   * Why they stay, if the newcomer pays no more than this, or null.
   *
   * @param feeRate the newcomer's, or more
   */
  @Nullable Refusal outbidden(double feeRate) {
    for (Map.Entry<Entry, Outpoint> rival : rivals.entrySet()) {
      if (feeRate <= rival.getKey().feeRate) {
        return of(rival, Policy.REPLACEMENT_FEE_RATE_TOO_LOW);
      }
    }
    return null;
  }

  /** Why they stay if the newcomer builds on all these, or null. */
  @Nullable Refusal among(Set<Entry> ancestors) {
    for (Map.Entry<Entry, Outpoint> rival : rivals.entrySet()) {
      if (ancestors.contains(rival.getKey())) {
        return of(rival, Policy.REPLACES_ITS_ANCESTOR);
      }
    }
    return null;
  }

  /**
   * The rivals and all that builds on them, or null if that takes more than {@code maxLinks} links
   * from parent to child.
   */
  @Nullable Set<Entry> withDescendants(int maxLinks) {
    Set<Entry> all = new LinkedHashSet<>();
    int links = maxLinks;
    for (Entry rival : rivals.keySet()) {
      Set<Entry> family = links < 0 ? null : Pool.withDescendants(rival, links);
      if (family == null) {
        return null;
      }
      links -= family.size() - 1;
      all.addAll(family);
    }
    return all;
  }

  /** Why they stay if too much builds on them. */
  DoubleSpend tooMany() {
    return first(Policy.REPLACES_TOO_MANY);
  }

  private DoubleSpend first(Policy policy) {
    return of(rivals.entrySet().iterator().next(), policy);
  }

  private DoubleSpend of(Map.Entry<Entry, Outpoint> rival, Policy policy) {
    return new DoubleSpend(newcomer, policy, rival.getKey().id(), rival.getValue());
  }
}
