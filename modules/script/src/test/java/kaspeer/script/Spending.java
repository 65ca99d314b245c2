package kaspeer.script;

import java.util.ArrayList;
import java.util.List;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/** Builds transactions that spend, and runs their scripts. Version 1, unless said otherwise. */
final class Spending {
  static final long UNITS_PER_SIGNATURE = 100_000;

  final List<Input> inputs = new ArrayList<>();
  final List<UtxoEntry> spent = new ArrayList<>();
  final List<Output> outputs = new ArrayList<>();
  private int version = 1;
  private long lockTime;
  private SubnetworkId subnetworkId = SubnetworkId.NATIVE;
  private long gas;
  private byte[] payload = {};
  private ChainCommitments chain = ChainCommitments.NONE;
  private SignatureCache cache = new SignatureCache(0);

  /** One input with these scripts, in short form, and one output. */
  static Spending of(String signatureScript, String script) {
    return of(ShortForm.parse(signatureScript), ShortForm.parse(script));
  }

  static Spending of(byte[] signatureScript, byte[] script) {
    return new Spending().input(signatureScript, entry(script)).output(0, new byte[0], null);
  }

  static UtxoEntry entry(byte[] script) {
    return entry(new ScriptPublicKey(0, script));
  }

  static UtxoEntry entry(ScriptPublicKey script) {
    return new UtxoEntry(0, script, 0, false, null);
  }

  /** A hash that shows the number. */
  static Hash hash(int n) {
    return Hash.ofWords(0, 0, 0, n);
  }

  Spending version(int value) {
    version = value;
    return this;
  }

  Spending lockTime(long value) {
    lockTime = value;
    return this;
  }

  Spending subnetwork(SubnetworkId id, long ownGas, byte... ownPayload) {
    subnetworkId = id;
    gas = ownGas;
    payload = ownPayload;
    return this;
  }

  Spending chain(ChainCommitments value) {
    chain = value;
    return this;
  }

  Spending cache(SignatureCache value) {
    cache = value;
    return this;
  }

  Spending input(byte[] signatureScript, UtxoEntry entry) {
    return input(new Input(new Outpoint(hash(inputs.size()), 0), signatureScript, 0, 0), entry);
  }

  Spending input(Input input, UtxoEntry entry) {
    inputs.add(input);
    spent.add(entry);
    return this;
  }

  Spending output(long value, byte[] script, @Nullable Covenant covenant) {
    outputs.add(new Output(value, new ScriptPublicKey(0, script), covenant));
    return this;
  }

  /** Replaces the first input's sequence. */
  Spending sequence(long sequence) {
    Input first = inputs.getFirst();
    return replaceFirst(first.signatureScript(), sequence, first.computeCommit());
  }

  /** Replaces the first input's signature script. */
  Spending signed(byte[] signatureScript) {
    Input first = inputs.getFirst();
    return replaceFirst(signatureScript, first.sequence(), first.computeCommit());
  }

  /** Replaces what the first input commits to. */
  Spending commit(int computeCommit) {
    Input first = inputs.getFirst();
    return replaceFirst(first.signatureScript(), first.sequence(), computeCommit);
  }

  private Spending replaceFirst(byte[] signatureScript, long sequence, int computeCommit) {
    Outpoint previous = inputs.getFirst().previous();
    inputs.set(0, new Input(previous, signatureScript, sequence, computeCommit));
    return this;
  }

  Transaction transaction() {
    return new Transaction(
        version, inputs, outputs, lockTime, subnetworkId, gas, payload, /* storageMass= */ 0);
  }

  SpendingTransaction build() {
    return new SpendingTransaction(transaction(), spent);
  }

  CovenantContext covenants() {
    try {
      return CovenantContext.of(transaction(), spent);
    } catch (CovenantException e) {
      throw new AssertionError("the covenants should be right", e);
    }
  }

  /** Runs the engine on an input; returns the script units used. */
  long run(int input, long limit) throws ScriptException {
    UnitMeter meter = new UnitMeter(limit, UNITS_PER_SIGNATURE);
    new ScriptEngine(build(), input, covenants(), chain, new SignatureVerifier(cache), meter)
        .execute();
    return meter.used();
  }

  /** Runs the engine on the first input, with any number of script units. */
  long run() throws ScriptException {
    return run(0, UnitMeter.UNLIMITED);
  }

  /** Checks the first input as consensus does. */
  void check() throws ScriptException {
    new ScriptChecker(Params.of(Network.MAINNET), cache).check(build(), covenants(), 0, chain);
  }

  /** The error of the first input; null if it may spend. */
  @Nullable ScriptError error() {
    return error(UnitMeter.UNLIMITED);
  }

  @Nullable ScriptError error(long limit) {
    try {
      run(0, limit);
      return null;
    } catch (ScriptException e) {
      return e.error();
    }
  }
}
