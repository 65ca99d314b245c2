package kaspeer.engine.mempool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import kaspeer.engine.Facades;
import kaspeer.engine.MutableClock;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.metrics.Metrics;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagEvent;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.mempool.Mempool.Result;
import kaspeer.flow.mempool.Mempool.TemplateReply;
import kaspeer.mempool.MempoolOptions;
import kaspeer.mempool.TemplateLimits;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The mempool's actor on a virtual that tests make up, with a DAG that they play. */
abstract class MempoolRig {
  static final Params PARAMS = Params.of(Network.SIMNET);
  static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  static final Duration NEARLY_SYNCED = Duration.ofSeconds(661);
  static final long PEER = 7;
  static final ScriptPublicKey MINER = new ScriptPublicKey(0, new byte[] {0x51});

  static final ScriptPublicKey OTHER_MINER = new ScriptPublicKey(0, new byte[] {0x53});

  final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  final ManualTime time = ManualTime.get(kit.system());
  final TestProbe<Dag> dag = kit.createTestProbe(Dag.class);
  final MutableClock clock = new MutableClock();
  final FakeVirtual virtual = new FakeVirtual();
  final List<List<Hash>> announced = new CopyOnWriteArrayList<>();
  final List<List<Hash>> announcedAgain = new CopyOnWriteArrayList<>();
  final List<Hash> spoilt = new CopyOnWriteArrayList<>();
  final List<List<Transaction>> templates = new CopyOnWriteArrayList<>();
  final HeldExecutor checks = new HeldExecutor();
  volatile List<Hash> rejected = List.of();
  volatile boolean rejectsFirst;
  volatile DagSnapshot snapshot = snapshot(NOW, PARAMS.genesis().header().directParents());
  ActorRef<Mempool> pool = kit.system().ignoreRef();
  ActorRef<DagEvent> events = kit.system().ignoreRef();

  @BeforeEach
  void start() {
    MempoolActor.Setup setup =
        new MempoolActor.Setup(
            new kaspeer.mempool.TransactionPool(
                PARAMS,
                MempoolOptions.ofBytes(1 << 20).withAcceptNonStandard(true),
                new SplittableRandom(1)),
            virtual,
            this::make,
            TemplateLimits.of(PARAMS),
            Runnable::run,
            checks,
            dag.ref(),
            () -> snapshot,
            NEARLY_SYNCED,
            peer -> "peer" + peer,
            (ids, again) -> (again ? announcedAgain : announced).add(ids),
            spoilt::add,
            clock,
            new EngineMetrics(new Metrics()));
    pool = Facades.as(Mempool.class, kit.spawn(MempoolActor.create(setup)));
    events = dag.expectMessageClass(Dag.Subscribe.class).subscriber();
  }

  /** Runs what it is given, at once or when it is let go. */
  static final class HeldExecutor implements Executor {
    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    volatile boolean holds;

    @Override
    public void execute(Runnable task) {
      if (holds) {
        held.add(task);
      } else {
        task.run();
      }
    }

    void letGo() {
      holds = false;
      for (Runnable task = held.poll(); task != null; task = held.poll()) {
        task.run();
      }
    }
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  TemplateMaker.Made make(ScriptPublicKey payTo, byte[] extraData, List<Transaction> transactions) {
    if (payTo.version() == 1) {
      throw new IllegalArgumentException("the miner's script is too long");
    }
    templates.add(transactions);
    List<Transaction> body = new ArrayList<>(PARAMS.genesis().transactions());
    body.addAll(transactions);
    List<Hash> invalid =
        rejectsFirst
            ? List.of(transactions.getFirst().id())
            : rejected.stream()
                .filter(id -> transactions.stream().anyMatch(tx -> tx.id().equals(id)))
                .toList();
    return new TemplateMaker.Made(new Block(PARAMS.genesis().header(), body), invalid);
  }

  static DagSnapshot snapshot(Instant sinkTime, List<Hash> parents) {
    DagSnapshot.Tip tip =
        new DagSnapshot.Tip(Hash.ZERO, 1, BlueWork.ZERO, 1, sinkTime.toEpochMilli());
    return new DagSnapshot(1, 1, List.of(), tip, tip, parents, 100, 0, 0, Hash.ZERO, BlueWork.ZERO);
  }

  Map<Hash, Result> submit(long origin, Transaction... transactions) {
    TestProbe<Mempool.Results> results = kit.createTestProbe(Mempool.Results.class);
    pool.tell(new Mempool.Submit(List.of(transactions), origin, 100, results.ref()));
    return results.receiveMessage().byId();
  }

  Optional<Transaction> get(Transaction transaction) {
    @SuppressWarnings("unchecked") // The only optional that is sent there.
    TestProbe<Optional<Transaction>> found =
        (TestProbe<Optional<Transaction>>) (TestProbe<?>) kit.createTestProbe(Optional.class);
    pool.tell(new Mempool.Get(transaction.id(), found.ref()));
    return found.receiveMessage();
  }

  TemplateReply template(ScriptPublicKey payTo) {
    TestProbe<TemplateReply> reply = kit.createTestProbe(TemplateReply.class);
    pool.tell(new Mempool.GetBlockTemplate(payTo, new byte[] {1}, reply.ref()));
    return reply.receiveMessage();
  }

  Transaction spendingCoin(int number) {
    return FakeVirtual.spending(virtual.coin(number), FakeVirtual.AMOUNT, 1);
  }

  Result replace(Transaction transaction) {
    TestProbe<Mempool.Results> results = kit.createTestProbe(Mempool.Results.class);
    pool.tell(new Mempool.Replace(transaction, 100, results.ref()));
    return Objects.requireNonNull(results.receiveMessage().byId().get(transaction.id()));
  }

  Optional<Mempool.Description> describe(Hash id) {
    @SuppressWarnings("unchecked") // The only optional that is sent there.
    TestProbe<Optional<Mempool.Description>> found =
        (TestProbe<Optional<Mempool.Description>>)
            (TestProbe<?>) kit.createTestProbe(Optional.class);
    pool.tell(new Mempool.Describe(id, found.ref()));
    return found.receiveMessage();
  }

  Mempool.Info info() {
    TestProbe<Mempool.Info> info = kit.createTestProbe(Mempool.Info.class);
    pool.tell(new Mempool.GetInfo(info.ref()));
    return info.receiveMessage();
  }

  /** The actor has worked off all that it was told, and has asked the DAG nothing more. */
  void expectNothingAsked() {
    info();
    dag.expectNoMessage(Duration.ZERO);
  }

  void soon(Runnable assertion) {
    dag.awaitAssert(
        () -> {
          assertion.run();
          return null;
        });
  }

  static Header header() {
    return PARAMS.genesis().header();
  }

  /** Virtual has seen a block of so many transactions. */
  void settled(int transactions) {
    events.tell(new DagEvent.BlockSettled(header().hash(), transactions));
  }

  /** A block with these is added, seen by virtual and read. */
  void added(Transaction... transactions) {
    List<Transaction> body = new ArrayList<>(PARAMS.genesis().transactions());
    body.addAll(List.of(transactions));
    events.tell(new DagEvent.BlockAdded(header(), body.size(), PEER, true));
    expectNothingAsked();
    settled(body.size());
    Dag.GetBlock question = dag.expectMessageClass(Dag.GetBlock.class);
    question.replyTo().tell(Optional.of(new Block(header(), body)));
  }
}
