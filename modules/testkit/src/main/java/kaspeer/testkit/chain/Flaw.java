package kaspeer.testkit.chain;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import kaspeer.consensus.Rule;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.ParentsByLevel;
import kaspeer.primitives.ParentsByLevel.Run;
import kaspeer.primitives.Sompi;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;

/**
 * What can be wrong with a single block, everything else about it being right, by the limits of
 * simnet: one for each rule of a header and of a body (consensus reference 3.1, 5) that needs
 * neither UTXO state nor a DAG of some special shape.
 */
public enum Flaw {
  // Header in isolation.
  OLD_VERSION(Rule.WRONG_BLOCK_VERSION, block -> block.version(1)),
  FROM_THE_FUTURE(
      Rule.TIME_TOO_FAR_INTO_THE_FUTURE,
      block -> block.timestamp(System.currentTimeMillis() + 3_600_000)),
  PARENTLESS(Rule.NO_PARENTS, block -> block.parents(parents -> ParentsByLevel.NONE)),
  PARENTS_BEYOND_LIMIT(Rule.TOO_MANY_PARENTS, block -> block.parents(parents -> strangers(65))),
  CHILD_OF_ORIGIN(
      Rule.ORIGIN_PARENT, block -> block.parents(parents -> withDirect(parents, Hash.ORIGIN))),
  // Only where proof of work is asked for.
  WORTHLESS_NONCE(Rule.INVALID_POW, BlockDraft::withoutProofOfWork),
  // Header in context.
  PARENT_OF_PARENT(Rule.INVALID_PARENTS_RELATION) {
    @Override
    public Block on(ChainBuilder chain) {
      return chain.draft().parents(parents -> withDirect(parents, chain.genesis())).make();
    }
  },
  WRONG_DAA_SCORE(Rule.UNEXPECTED_HEADER_DAA_SCORE, block -> block.daaScore(block.daaScore() + 1)),
  WRONG_BITS(Rule.UNEXPECTED_DIFFICULTY, block -> block.bits(block.bits() - 1)),
  WRONG_BLUE_SCORE(
      Rule.UNEXPECTED_HEADER_BLUE_SCORE, block -> block.blueScore(block.blueScore() + 1)),
  WRONG_BLUE_WORK(
      Rule.UNEXPECTED_HEADER_BLUE_WORK,
      block -> block.blueWork(block.blueWork().plus(BlueWork.of(1)))),
  FROM_THE_PAST(Rule.TIME_TOO_OLD, block -> block.timestamp(1)),
  WRONG_INDIRECT_PARENTS(
      Rule.UNEXPECTED_INDIRECT_PARENTS,
      block -> block.parents(parents -> withDirect(parents, parents.direct().getFirst()))),
  // Body in isolation.
  EMPTY(Rule.NO_TRANSACTIONS, block -> block.body()),
  WRONG_MERKLE_ROOT(Rule.BAD_MERKLE_ROOT, block -> block.merkleRoot(Hash.ofWords(1, 2, 3, 4))),
  NO_COINBASE(Rule.FIRST_TX_NOT_COINBASE, block -> block.body(spending(1).make())),
  TWO_COINBASES(Rule.MULTIPLE_COINBASES, block -> block.with(block.coinbase().output(1).make())),
  NO_INPUTS(Rule.NO_TX_INPUTS, block -> block.with(TransactionDraft.empty().output(1).make())),
  INPUTS_BEYOND_LIMIT(Rule.TOO_MANY_INPUTS, block -> block.with(manyInputs().make())),
  OUTPUTS_BEYOND_LIMIT(
      Rule.TOO_MANY_OUTPUTS, block -> block.with(manyOutputs(spending(1), 1001).make())),
  LONG_SIGNATURE_SCRIPT(
      Rule.TOO_BIG_SIGNATURE_SCRIPT,
      block -> block.with(spending(1).input(input(2, 250_001, 0)).make())),
  LONG_SCRIPT_PUBLIC_KEY(
      Rule.TOO_BIG_SCRIPT_PUBLIC_KEY,
      block -> block.with(spending(1).output(output(1, 10_001)).make())),
  COINBASE_INPUT(
      Rule.COINBASE_HAS_INPUTS,
      block -> block.body(block.coinbase().input(TransactionDraft.nowhere(1)).make())),
  COINBASE_MASS(
      Rule.COINBASE_NON_ZERO_MASS_COMMITMENT,
      block -> block.body(block.coinbase().storageMass(1).make())),
  COINBASE_OUTPUTS_BEYOND_LIMIT(
      Rule.COINBASE_TOO_MANY_OUTPUTS,
      block -> block.body(manyOutputs(block.coinbase(), 127).make())),
  LONG_COINBASE_SCRIPT(
      Rule.COINBASE_SCRIPT_PUBLIC_KEY_TOO_LONG,
      block -> block.body(block.coinbase().output(output(1, 151)).make())),
  OUTPUT_OF_NOTHING(Rule.TX_OUT_ZERO, block -> block.with(spending(1).output(0).make())),
  OUTPUT_OF_MORE_THAN_ALL(
      Rule.TX_OUT_TOO_HIGH, block -> block.with(spending(1).output(Sompi.MAX + 1).make())),
  OUTPUTS_OF_MORE_THAN_ALL(
      Rule.TOTAL_TX_OUT_TOO_HIGH, block -> block.with(spending(1).output(Sompi.MAX).make())),
  SAME_INPUT_TWICE(
      Rule.TX_DUPLICATE_INPUTS,
      block -> block.with(spending(1).input(TransactionDraft.nowhere(1)).make())),
  NEW_TRANSACTION_VERSION(
      Rule.UNKNOWN_TX_VERSION, block -> block.with(spending(1).version(2).make())),
  GAS_IN_OLD_VERSION(Rule.TX_HAS_GAS, block -> block.with(spending(1).gas(1).make())),
  LANE_IN_OLD_VERSION(
      Rule.SUBNETWORKS_DISABLED, block -> block.with(spending(1).subnetwork(lane(1)).make())),
  COVENANT_IN_OLD_VERSION(
      Rule.COVENANT_BINDING_IN_V0,
      block ->
          block.with(
              spending(1)
                  .output(
                      new Output(
                          1, new ScriptPublicKey(0, new byte[1]), new Covenant(0, Hash.ZERO)))
                  .make())),
  HEAVY_TO_CHECK(
      Rule.EXCEEDS_COMPUTE_MASS_LIMIT,
      block -> block.with(spending(1).input(input(2, 1, 255)).input(input(3, 1, 255)).make())),
  HEAVY_TO_KEEP(
      Rule.EXCEEDS_TRANSIENT_MASS_LIMIT,
      block -> block.with(spending(1).payload(new byte[250_000]).make())),
  HEAVY_TO_STORE(
      Rule.EXCEEDS_STORAGE_MASS_LIMIT,
      block -> block.with(spending(1).storageMass(500_001).make())),
  LANES_BEYOND_LIMIT(Rule.EXCEEDS_LANES_PER_BLOCK_LIMIT, block -> block.with(manyLanes())),
  GAS_BEYOND_LIMIT(
      Rule.EXCEEDS_GAS_PER_LANE_LIMIT,
      block -> block.with(spending(1).version(1).subnetwork(lane(1)).gas(1_000_000_001).make())),
  SAME_TRANSACTION_TWICE(
      Rule.DUPLICATE_TRANSACTIONS, block -> block.with(spending(1).make(), spending(1).make())),
  SPENT_TWICE(
      Rule.DOUBLE_SPEND_IN_SAME_BLOCK,
      block -> block.with(spending(1).make(), spending(1).output(7).make())),
  SPENT_IN_SAME_BLOCK(Rule.CHAINED_TRANSACTION, block -> block.with(chained())),
  // Body in context.
  SHORT_COINBASE_PAYLOAD(
      Rule.BAD_COINBASE_PAYLOAD, block -> block.body(BlockDraft.coinbase(new byte[18]).make())),
  CUT_COINBASE_PAYLOAD(
      Rule.BAD_COINBASE_PAYLOAD, block -> block.body(BlockDraft.coinbase(cutShort()).make())),
  COINBASE_BLUE_SCORE(
      Rule.BAD_COINBASE_PAYLOAD_BLUE_SCORE,
      block ->
          block.body(BlockDraft.coinbase(block.payload(block.blueScore() + 1, 0).encode()).make())),
  COINBASE_SUBSIDY(
      Rule.WRONG_SUBSIDY,
      block ->
          block.body(BlockDraft.coinbase(block.payload(block.blueScore(), 1).encode()).make())),
  STILL_LOCKED(
      Rule.NOT_FINALIZED, block -> block.with(spending(1).lockTime(block.daaScore() + 1).make()));

  private final Rule rule;
  private final UnaryOperator<BlockDraft> change;

  Flaw(Rule rule) {
    this(rule, block -> block);
  }

  Flaw(Rule rule, UnaryOperator<BlockDraft> change) {
    this.rule = rule;
    this.change = change;
  }

  /** The rule that such a block breaks, as the first of all. */
  public Rule rule() {
    return rule;
  }

  /** A block on the tips of a chain of at least one block besides genesis, with this flaw. */
  public Block on(ChainBuilder chain) {
    return change.apply(chain.draft()).make();
  }

  private static TransactionDraft spending(int number) {
    return TransactionDraft.spending(number);
  }

  private static Input input(int number, int scriptBytes, int computeCommit) {
    return new Input(TransactionDraft.nowhere(number), new byte[scriptBytes], 0, computeCommit);
  }

  private static Output output(long value, int scriptBytes) {
    return new Output(value, new ScriptPublicKey(0, new byte[scriptBytes]), null);
  }

  private static TransactionDraft manyInputs() {
    TransactionDraft transaction = TransactionDraft.empty().output(1);
    for (int i = 0; i < 1001; i++) {
      transaction.input(input(i, 0, 0));
    }
    return transaction;
  }

  private static TransactionDraft manyOutputs(TransactionDraft transaction, int count) {
    for (int i = 0; i < count; i++) {
      transaction.output(output(1, 1));
    }
    return transaction;
  }

  private static Transaction[] manyLanes() {
    Transaction[] transactions = new Transaction[51];
    for (int i = 0; i < transactions.length; i++) {
      transactions[i] = spending(i).version(1).subnetwork(lane(i + 1)).make();
    }
    return transactions;
  }

  private static Transaction[] chained() {
    Transaction first = spending(1).make();
    Transaction second = spending(2).input(new Transaction.Outpoint(first.id(), 0)).make();
    return new Transaction[] {first, second};
  }

  private static SubnetworkId lane(int number) {
    byte[] bytes = new byte[SubnetworkId.SIZE];
    bytes[0] = (byte) number;
    bytes[1] = 0x10;
    return SubnetworkId.of(bytes);
  }

  /** States a script of ten bytes and ends there. */
  private static byte[] cutShort() {
    byte[] payload = new byte[19];
    payload[18] = 10;
    return payload;
  }

  private static ParentsByLevel withDirect(ParentsByLevel parents, Hash more) {
    List<Run> runs = new ArrayList<>(parents.runs());
    List<Hash> direct = new ArrayList<>(parents.direct());
    direct.add(more);
    int end = runs.getFirst().endLevel();
    runs.set(0, new Run(end, direct));
    return new ParentsByLevel(runs);
  }

  private static ParentsByLevel strangers(int count) {
    List<Hash> hashes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      hashes.add(Hash.ofWords(0x7374_7261L, 0, 0, i));
    }
    return new ParentsByLevel(List.of(new Run(1, hashes)));
  }
}
