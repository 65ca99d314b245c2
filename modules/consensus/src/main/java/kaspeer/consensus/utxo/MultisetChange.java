package kaspeer.consensus.utxo;

import java.util.ArrayList;
import java.util.List;
import kaspeer.crypto.MuHash;
import kaspeer.crypto.UtxoElement;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;

/**
 * What a diff multiplies a UTXO set's multiset by (consensus reference 1.8), in parts that can be
 * done by several threads: each element costs some microseconds.
 */
final class MultisetChange {
  private static final int PART_ELEMENTS = 32;

  private final List<Part> parts = new ArrayList<>();

  private static final class Part implements Runnable {
    private final List<Outpoint> outpoints = new ArrayList<>(PART_ELEMENTS);
    private final List<UtxoEntry> entries = new ArrayList<>(PART_ELEMENTS);

    /** Those before this index are added, the others removed. */
    private int added;

    private MuHash product = new MuHash();

    @Override
    public void run() {
      MuHash result = new MuHash();
      for (int i = 0; i < entries.size(); i++) {
        byte[] element = UtxoElement.bytes(outpoints.get(i), entries.get(i));
        if (i < added) {
          result.add(element);
        } else {
          result.remove(element);
        }
      }
      product = result;
    }
  }

  MultisetChange(UtxoDiff diff) {
    diff.forEachAdded((outpoint, entry) -> add(outpoint, entry).added++);
    diff.forEachRemoved(this::add);
  }

  private Part add(Outpoint outpoint, UtxoEntry entry) {
    if (parts.isEmpty() || parts.getLast().entries.size() == PART_ELEMENTS) {
      parts.add(new Part());
    }
    Part part = parts.getLast();
    part.outpoints.add(outpoint);
    part.entries.add(entry);
    return part;
  }

  List<? extends Runnable> parts() {
    return parts;
  }

  /** The product of all parts, which have to be done. */
  MuHash result() {
    MuHash result = new MuHash();
    for (Part part : parts) {
      result.combine(part.product);
    }
    return result;
  }
}
