package kaspeer.consensus.utxo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kaspeer.consensus.body.OutpointMap;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * The UTXO set at the chain block the committer works on: the stored one and what changed since.
 * Workers may read it while nobody changes it.
 */
final class WorkingUtxos implements UtxoView {
  private final StoredUtxos stored;
  private UtxoDiff changed = new UtxoDiff(1024, 1024);

  /** Read ahead of use: entries of the stored set, or that there is none. */
  private OutpointMap<Optional<UtxoEntry>> ahead = new OutpointMap<>(0);

  WorkingUtxos(StoredUtxos stored) {
    this.stored = stored;
  }

  @Override
  public @Nullable UtxoEntry get(Outpoint outpoint) {
    UtxoEntry added = changed.added(outpoint);
    if (added != null) {
      return added;
    }
    if (changed.removed(outpoint) != null) {
      return null;
    }
    Optional<UtxoEntry> known = ahead.get(outpoint);
    return known == null ? stored.get(outpoint) : known.orElse(null);
  }

  /**
   * Reads what transactions spend that is neither changed nor cached, at once; it is kept until the
   * next call.
   */
  void readAhead(Iterable<List<Transaction>> bodies) {
    List<Outpoint> wanted = new ArrayList<>();
    OutpointMap<Optional<UtxoEntry>> found = new OutpointMap<>(256);
    for (List<Transaction> body : bodies) {
      for (Transaction transaction : body) {
        for (Input input : transaction.inputs()) {
          Outpoint outpoint = input.previous();
          if (changed.added(outpoint) == null) {
            UtxoEntry cached = stored.cached(outpoint);
            boolean first = found.putIfAbsent(outpoint, Optional.ofNullable(cached)) == null;
            if (first && cached == null) {
              wanted.add(outpoint);
            }
          }
        }
      }
    }
    List<@Nullable UtxoEntry> read = stored.read(wanted);
    for (int i = 0; i < wanted.size(); i++) {
      UtxoEntry entry = read.get(i);
      if (entry != null) {
        found.put(wanted.get(i), Optional.of(entry));
      }
    }
    ahead = found;
  }

  void apply(UtxoDiff diff) {
    changed.then(diff);
  }

  /** Entries that differ from the stored set. */
  int changes() {
    return changed.size();
  }

  /** What differs from the stored set. */
  UtxoDiff changed() {
    return changed;
  }

  /** The changes were committed: they are what is stored now. */
  void committed() {
    stored.committed(changed);
    changed = new UtxoDiff(1024, 1024);
    ahead = new OutpointMap<>(0);
  }
}
