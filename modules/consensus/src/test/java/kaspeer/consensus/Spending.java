package kaspeer.consensus;

import java.util.ArrayList;
import java.util.List;
import kaspeer.primitives.Params;
import kaspeer.primitives.StorageMass;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * A transaction in the making, that spends what some entries say to outputs anyone may spend. What
 * is not set is as it has to be.
 */
final class Spending {
  private final Params params;
  private final List<Input> inputs = new ArrayList<>();
  private final List<UtxoEntry> entries = new ArrayList<>();
  private final List<Output> outputs = new ArrayList<>();
  private int version;
  private long fee;
  private long extraMass;

  Spending(Params params) {
    this.params = params;
  }

  Spending input(Outpoint outpoint, UtxoEntry entry) {
    return input(outpoint, entry, new byte[0], -1, 0);
  }

  Spending input(
      Outpoint outpoint, UtxoEntry entry, byte[] script, long sequence, int computeCommit) {
    inputs.add(new Input(outpoint, script, sequence, computeCommit));
    entries.add(entry);
    return this;
  }

  Spending version(int value) {
    version = value;
    return this;
  }

  Spending fee(long value) {
    fee = value;
    return this;
  }

  Spending output(long amount, ScriptPublicKey script) {
    outputs.add(new Output(amount, script, null));
    return this;
  }

  /** Adds equal outputs of all that is spent. */
  Spending split(ScriptPublicKey... scripts) {
    long amount = entries.stream().mapToLong(UtxoEntry::amount).sum() - fee;
    for (ScriptPublicKey script : scripts) {
      output(amount / scripts.length, script);
    }
    return this;
  }

  /** Has the first output claim a covenant. */
  Spending covenant(@Nullable Covenant covenant) {
    Output output = outputs.getFirst();
    outputs.set(0, new Output(output.value(), output.scriptPublicKey(), covenant));
    return this;
  }

  /** Commits to so much storage mass too much. */
  Spending extraMass(long value) {
    extraMass = value;
    return this;
  }

  Transaction make() {
    Transaction bare = make(0);
    // Of one whose mass is beyond all numbers it does not matter what it commits to.
    return make(StorageMass.of(bare, entries, params).orElse(0) + extraMass);
  }

  private Transaction make(long storageMass) {
    return new Transaction(
        version, inputs, outputs, 0, SubnetworkId.NATIVE, 0, new byte[0], storageMass);
  }
}
