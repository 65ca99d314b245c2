package kaspeer.engine.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import kaspeer.flow.dag.Dag.AcceptedTransactions;
import kaspeer.mempool.Admission;
import kaspeer.mempool.BlockEffect;
import kaspeer.mempool.MempoolOptions;
import kaspeer.mempool.Submission;
import kaspeer.mempool.TransactionPool;
import kaspeer.mempool.Work;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import org.junit.jupiter.api.Test;

/** The bounds of following the chain. What is asked for is answered by the test. */
class ChainFollowerTest {
  private static final Params PARAMS = Params.of(Network.SIMNET);

  private final FakeVirtual virtual = new FakeVirtual();
  private final TransactionPool pool =
      new TransactionPool(
          PARAMS,
          MempoolOptions.ofBytes(1 << 20).withAcceptNonStandard(true),
          new SplittableRandom(1));
  private final List<ChainFollower.BlockStep> blocksAsked = new ArrayList<>();
  private final List<Hash> acceptedAsked = new ArrayList<>();
  private final List<BlockEffect> effects = new ArrayList<>();
  private int sweeps;

  private final ChainFollower follower =
      new ChainFollower(
          pool,
          virtual,
          new ChainFollower.Actions() {
            @Override
            public void readBlock(ChainFollower.BlockStep step) {
              blocksAsked.add(step);
            }

            @Override
            public void readAccepted(Hash chainBlock) {
              acceptedAsked.add(chainBlock);
            }

            @Override
            public void sweepLater() {
              sweeps++;
            }

            @Override
            public void work(Work<BlockEffect> work, Consumer<BlockEffect> then) {
              then.accept(pool.run(work, virtual));
            }

            @Override
            public void followed(BlockEffect effect) {
              effects.add(effect);
            }
          });

  private static Hash hash(int number) {
    return Hash.ofWords(1, 2, 3, number);
  }

  /** A block that holds a transaction, as it is read. */
  private static Block block(Transaction transaction) {
    return new Block(PARAMS.genesis().header(), List.of(transaction));
  }

  // --- what is not read -------------------------------------------------------------------------

  @Test
  void whatARemovedBlockAcceptedIsAskedForFiveTimesThenGivenUp() {
    Transaction back = FakeVirtual.spending(virtual.coin(1), FakeVirtual.AMOUNT, 1);
    follower.chainChanged(List.of(hash(2), hash(1)), List.of(), true);
    for (int tries = 1; tries < ChainFollower.MAX_TRIES; tries++) {
      assertThat(acceptedAsked).hasSize(tries).containsOnly(hash(1));
      follower.acceptedRead(null);
    }
    assertThat(acceptedAsked).hasSize(ChainFollower.MAX_TRIES).containsOnly(hash(1));

    follower.acceptedRead(null); // the last time: the next block's turn
    assertThat(acceptedAsked).hasSize(ChainFollower.MAX_TRIES + 1).endsWith(hash(2));
    follower.acceptedRead(null); // which has as many tries again
    assertThat(acceptedAsked).endsWith(hash(2), hash(2));
    follower.acceptedRead(new AcceptedTransactions(List.of(back)));

    assertThat(pool.ids()).containsExactly(back.id());
    assertThat(pool.isReturning()).isFalse();
  }

  @Test
  void whileAReorganisationIsReadNothingElseIsToldAndAfterwardsItIs() {
    Transaction included = FakeVirtual.spending(virtual.coin(1), FakeVirtual.AMOUNT, 1);
    pool.submit(included, Submission.relayed("peer"), virtual);
    follower.chainChanged(List.of(hash(1)), List.of(), true);
    follower.blockSettled(hash(9));
    follower.blockRead(blocksAsked.getFirst(), true, block(included));
    virtual.accept(included);
    assertThat(pool.ids()).containsExactly(included.id());
    for (int tries = 0; tries < ChainFollower.MAX_TRIES; tries++) {
      follower.acceptedRead(null);
    }
    assertThat(pool.ids()).isEmpty();
    assertThat(effects.getLast().included()).containsExactly(included.id());
  }

  // --- how much comes back ----------------------------------------------------------------------

  /** Of 64 KiB; that it is too heavy for a block is no matter here. */
  private Transaction large(int number) {
    return new Transaction(
        0,
        FakeVirtual.spending(virtual.coin(number), FakeVirtual.AMOUNT, 1).inputs(),
        FakeVirtual.spending(virtual.coin(number), FakeVirtual.AMOUNT, 1).outputs(),
        number,
        SubnetworkId.NATIVE,
        0,
        new byte[64 << 10],
        0);
  }

  private List<Transaction> large(int from, int count) {
    List<Transaction> transactions = new ArrayList<>(count);
    for (int i = from; i < from + count; i++) {
      transactions.add(large(i));
    }
    return transactions;
  }

  @Test
  void noMoreThan64MibComeBackOfOneReorganisation() {
    long each = TransactionPool.estimatedBytes(large(1));
    int fit = (int) (ChainFollower.MAX_RETURNED_BYTES / each);
    assertThat(fit).isBetween(900, 1024);
    follower.chainChanged(List.of(hash(3), hash(2), hash(1)), List.of(), true);
    int first = 600;
    follower.acceptedRead(new AcceptedTransactions(large(1, first)));
    assertThat(acceptedAsked).containsExactly(hash(1), hash(2));
    follower.acceptedRead(new AcceptedTransactions(large(1 + first, first)));

    // The third block is not read any more; what came so far is seen to, but for what is too much.
    assertThat(acceptedAsked).containsExactly(hash(1), hash(2));
    assertThat(pool.isReturning()).isFalse();
    assertThat(effects.stream().flatMap(effect -> effect.returned().stream()).map(Admission::id))
        .containsExactlyElementsOf(large(1, fit).stream().map(Transaction::id).toList());
  }

  // --- how much waits ---------------------------------------------------------------------------

  @Test
  void beyondTenThousandWaitingBlocksAreForgottenAndASweepMakesItGood() {
    Transaction gone = FakeVirtual.spending(virtual.coin(1), FakeVirtual.AMOUNT, 1);
    Transaction stays = FakeVirtual.spending(virtual.coin(2), FakeVirtual.AMOUNT, 1);
    pool.submit(gone, Submission.relayed("peer"), virtual);
    pool.submit(stays, Submission.relayed("peer"), virtual);
    int more = 50;
    for (int i = 0; i < ChainFollower.MAX_WAITING + more; i++) {
      follower.blockSettled(hash(i));
    }
    virtual.accept(gone); // by one of those that are forgotten
    assertThat(blocksAsked).hasSize(ChainFollower.MAX_READING);

    for (int i = 0; i < blocksAsked.size(); i++) { // each answer brings the next question
      assertThat(sweeps).isZero();
      follower.blockRead(blocksAsked.get(i), true, null);
    }
    assertThat(blocksAsked).hasSize(ChainFollower.MAX_WAITING);
    assertThat(pool.ids()).containsExactlyInAnyOrder(gone.id(), stays.id());
    assertThat(sweeps).isEqualTo(1);
    follower.sweepOn();
    assertThat(pool.ids()).containsExactly(stays.id());
  }

  @Test
  void aReorganisationIsNeverForgottenAndOtherChangesAre() {
    for (int i = 0; i < ChainFollower.MAX_WAITING; i++) {
      follower.blockSettled(hash(i));
    }
    Transaction spent = FakeVirtual.spending(virtual.coin(1), FakeVirtual.AMOUNT, 1);
    pool.submit(spent, Submission.relayed("peer"), virtual);
    follower.chainChanged(List.of(), List.of(spent.id()), true);
    follower.chainChanged(List.of(hash(-1)), List.of(), true);
    for (int i = 0; i < blocksAsked.size(); i++) {
      follower.blockRead(blocksAsked.get(i), true, null);
    }
    assertThat(acceptedAsked).containsExactly(hash(-1));
    assertThat(pool.ids()).as("what the forgotten change accepted").containsExactly(spent.id());
    follower.acceptedRead(new AcceptedTransactions(List.of()));
    assertThat(sweeps).isEqualTo(1);
  }

  @Test
  void aChangeThatIsTooLargeToBeToldWholeIsMadeGoodByASweep() {
    Transaction gone = FakeVirtual.spending(virtual.coin(1), FakeVirtual.AMOUNT, 1);
    pool.submit(gone, Submission.relayed("peer"), virtual);
    virtual.accept(gone);
    follower.chainChanged(List.of(), List.of(), true);
    assertThat(sweeps).isZero();
    follower.chainChanged(List.of(), List.of(), false);
    assertThat(sweeps).isEqualTo(1);
    follower.sweepOn();
    assertThat(pool.ids()).isEmpty();
  }

  @Test
  void changesWithTooManyIdsDoNotWaitAndASweepMakesItGood() {
    follower.blockSettled(hash(1)); // what follows waits for it
    List<Hash> many = Collections.nCopies(ChainFollower.MAX_WAITING_IDS / 2, hash(2));
    follower.chainChanged(List.of(), many, true);
    follower.chainChanged(List.of(), many, true);
    Transaction spent = FakeVirtual.spending(virtual.coin(1), FakeVirtual.AMOUNT, 1);
    pool.submit(spent, Submission.relayed("peer"), virtual);
    virtual.accept(spent);
    follower.chainChanged(List.of(), List.of(spent.id()), true);

    follower.blockRead(blocksAsked.getFirst(), true, null);

    assertThat(pool.ids()).as("what the forgotten change accepted").containsExactly(spent.id());
    assertThat(sweeps).isEqualTo(1);
    follower.sweepOn();
    assertThat(pool.ids()).isEmpty();
  }
}
