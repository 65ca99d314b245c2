package kaspeer.engine.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import kaspeer.engine.Facades;
import kaspeer.engine.MutableClock;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.metrics.Metrics;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagEvent;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.mempool.Mempool.Result;
import kaspeer.mempool.MempoolOptions;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.testkit.chain.BlockDraft;
import kaspeer.testkit.chain.TransactionDraft;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The actor over a real pool; the DAG is the test's. */
class MempoolActorTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final Params PARAMS = Params.of(Network.SIMNET);
  private static final Header HEADER = PARAMS.genesis().header();

  /** Room for some twenty small transactions; a source's share is a quarter of it. */
  private static final long POOL_BYTES = 40_000;

  private final MutableClock clock = new MutableClock();
  private final TestProbe<Dag> dag = KIT.createTestProbe();
  private final TestProbe<List<Hash>> announced = KIT.createTestProbe();
  private final TestProbe<Hash> spoilt = KIT.createTestProbe();
  private final TestProbe<Mempool.Results> results = KIT.createTestProbe();
  private final TestProbe<Mempool.Info> infos = KIT.createTestProbe();
  private volatile DagSnapshot snapshot = snapshot(1_000, clock.instant().toEpochMilli());
  private final ActorRef<Mempool> mempool = start();
  private final ActorRef<DagEvent> news = dag.expectMessageClass(Dag.Subscribe.class).subscriber();

  private ActorRef<Mempool> start() {
    MempoolOptions options =
        new MempoolOptions(
            POOL_BYTES,
            1_000,
            POOL_BYTES / 4,
            10_000,
            100,
            Duration.ofHours(24),
            Duration.ofMinutes(2),
            true);
    return Facades.as(
        Mempool.class,
        KIT.spawn(
            MempoolActor.create(
                new MempoolActor.Setup(
                    new kaspeer.mempool.Mempool(PARAMS, options),
                    dag.getRef(),
                    () -> snapshot,
                    Duration.ofMinutes(10),
                    // Connections 10 to 19 are of one host, and so on.
                    peer -> "host-" + peer / 10,
                    announced.getRef()::tell,
                    spoilt.getRef()::tell,
                    clock,
                    new EngineMetrics(new Metrics())))));
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static DagSnapshot snapshot(long daaScore, long sinkTime) {
    DagSnapshot.Tip tip =
        new DagSnapshot.Tip(HEADER.hash(), 0, HEADER.blueWork(), daaScore, sinkTime);
    return new DagSnapshot(
        1,
        1,
        List.of(HEADER.hash()),
        tip,
        tip,
        List.of(HEADER.hash()),
        daaScore,
        HEADER.bits(),
        sinkTime,
        HEADER.hash(),
        BlueWork.ZERO);
  }

  private static Transaction spending(int number) {
    return TransactionDraft.spending(number).make();
  }

  private Map<Hash, Result> submit(long peer, Transaction... transactions) {
    mempool.tell(new Mempool.Submit(List.of(transactions), peer, 100, results.getRef()));
    return results.receiveMessage().byId();
  }

  private Mempool.Info info() {
    mempool.tell(new Mempool.GetInfo(infos.getRef()));
    return infos.receiveMessage();
  }

  private Optional<Transaction> get(Hash id) {
    TestProbe<Optional<Transaction>> answer = KIT.createTestProbe();
    mempool.tell(new Mempool.Get(id, answer.getRef()));
    return answer.receiveMessage();
  }

  private static Block block(Transaction... transactions) {
    List<Transaction> all = new ArrayList<>();
    all.add(BlockDraft.coinbase(new byte[19]).make());
    all.addAll(List.of(transactions));
    return new Block(HEADER, all);
  }

  /** A block comes into the DAG. */
  private void blockAdded(Block block) {
    news.tell(new DagEvent.BlockAdded(block.header(), block.transactions().size(), 1, true));
  }

  /** The actor asks for the block that came, and is given it. */
  private void expectReadOf(Block block) {
    Dag.GetBlock asked = dag.expectMessageClass(Dag.GetBlock.class);
    assertThat(asked.hash()).isEqualTo(block.hash());
    asked.replyTo().tell(Optional.of(block));
  }

  // --- in ---------------------------------------------------------------------------------------

  @Test
  void whatIsAcceptedIsAnnouncedTogetherAndKept() {
    Transaction first = spending(1);
    Transaction second = spending(2);
    assertThat(submit(10, first, second))
        .isEqualTo(Map.of(first.id(), new Result.Accepted(), second.id(), new Result.Accepted()));
    announced.expectMessage(List.of(first.id(), second.id()));
    assertThat(get(first.id())).contains(first);
    assertThat(info().transactions()).isEqualTo(2);
  }

  @Test
  void whatIsKnownIsNotAnnouncedAgainAndTwiceInABatchKeepsItsFirstResult() {
    Transaction transaction = spending(1);
    assertThat(submit(10, transaction, transaction))
        .isEqualTo(Map.of(transaction.id(), new Result.Accepted()));
    announced.expectMessage(List.of(transaction.id()));
    assertThat(submit(20, transaction)).isEqualTo(Map.of(transaction.id(), new Result.Known()));
    info();
    announced.expectNoMessage(Duration.ZERO);
  }

  @Test
  void theFirstToSpendAnOutputWins() {
    Transaction first = spending(1);
    Transaction second = TransactionDraft.spending(1).output(5).make();
    submit(10, first);
    assertThat(submit(20, second))
        .isEqualTo(Map.of(second.id(), new Result.DoubleSpend(first.id())));
    assertThat(get(second.id())).isEmpty();
    spoilt.expectNoMessage(Duration.ZERO);
  }

  @Test
  void whatBreaksARuleMayBeGoodFromSomebodyElse() {
    Transaction bad = TransactionDraft.empty().output(1).make();
    assertThat(submit(10, bad).get(bad.id())).isInstanceOf(Result.Invalid.class);
    spoilt.expectMessage(bad.id());
    announced.expectNoMessage(Duration.ZERO);
  }

  @Test
  void oneHostCannotPushOutAnothersByDiallingAgain() {
    Transaction honest = spending(1);
    submit(10, honest);
    IntStream.range(100, 160).forEach(i -> submit(20 + i % 10, spending(i)));
    assertThat(get(honest.id())).isPresent();
    assertThat(info().bytes()).isLessThan(POOL_BYTES / 2);
  }

  @Test
  void whatIsSubmittedHereIsNotOfAPeersShare() {
    Transaction own = spending(1);
    submit(Dag.LOCAL, own);
    for (int i = 100; i < 200; i++) {
      submit(10L * i, spending(i));
    }
    assertThat(get(own.id())).isPresent();
    assertThat(info().bytes()).isLessThanOrEqualTo(POOL_BYTES);
  }

  @Test
  void missingAreThoseThatAreNeitherHereNorWereLatelyInABlock() {
    Transaction held = spending(1);
    Transaction included = spending(2);
    Transaction unknown = spending(3);
    submit(10, held, included);
    Block block = block(included);
    blockAdded(block);
    expectReadOf(block);
    TestProbe<Mempool.Missing> answer = KIT.createTestProbe();
    answer.awaitAssert(
        () -> {
          mempool.tell(
              new Mempool.MissingOf(
                  List.of(held.id(), included.id(), unknown.id()), answer.getRef()));
          assertThat(answer.receiveMessage().ids()).containsExactly(unknown.id());
          assertThat(info().transactions()).isEqualTo(1);
          return true;
        });
  }

  // --- out --------------------------------------------------------------------------------------

  @Test
  void aBlockRemovesWhatItHoldsAndWhatItContradicts() {
    Transaction included = spending(1);
    Transaction contradicted = spending(2);
    Transaction untouched = spending(3);
    submit(10, included, contradicted, untouched);
    Block block = block(included, TransactionDraft.spending(2).output(9).make());
    blockAdded(block);
    expectReadOf(block);
    // The block is read once it has come through the actor's mailbox.
    infos.awaitAssert(
        () -> {
          assertThat(info().transactions()).isEqualTo(1);
          return true;
        });
    assertThat(get(untouched.id())).isPresent();
  }

  @Test
  void aBlockOfNothingButItsCoinbaseIsNotRead() {
    submit(10, spending(1));
    blockAdded(block());
    info();
    dag.expectNoMessage(Duration.ZERO);
  }

  @Test
  void inASyncBlocksAreReadOnlyIfThereIsSomethingToRemove() {
    snapshot = snapshot(1_000, clock.instant().minus(Duration.ofHours(1)).toEpochMilli());
    Block block = block(spending(1));
    blockAdded(block);
    info();
    dag.expectNoMessage(Duration.ZERO);
    submit(10, spending(1));
    blockAdded(block);
    expectReadOf(block);
  }

  @Test
  void aBlockThatCannotBeReadChangesNothing() {
    Transaction held = spending(1);
    submit(10, held);
    blockAdded(block(held));
    dag.expectMessageClass(Dag.GetBlock.class).replyTo().tell(Optional.empty());
    assertThat(get(held.id())).isPresent();
  }

  @Test
  void whatIsADayOldGoesByTheClockOfTheDagAndWhatIsOurOwnStays() {
    Transaction theirs = spending(1);
    Transaction own = spending(2);
    submit(10, theirs);
    submit(Dag.LOCAL, own);
    long day = Duration.ofHours(24).toMillis() / PARAMS.targetTimePerBlock();
    snapshot = snapshot(1_000 + day, clock.instant().toEpochMilli());
    TIME.timePasses(Duration.ofSeconds(10));
    assertThat(get(theirs.id())).as("not older than a day").isPresent();
    snapshot = snapshot(1_001 + day, clock.instant().toEpochMilli());
    TIME.timePasses(Duration.ofSeconds(10));
    assertThat(get(theirs.id())).isEmpty();
    assertThat(get(own.id())).isPresent();
  }
}
