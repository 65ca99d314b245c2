package kaspeer.engine.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.ConsensusOptions;
import kaspeer.consensus.DagStore;
import kaspeer.consensus.MemoryDagStore;
import kaspeer.consensus.Verdict;
import kaspeer.consensus.body.BodyRules;
import kaspeer.crypto.signature.Secp256k1;
import kaspeer.engine.Facades;
import kaspeer.engine.TestEngine;
import kaspeer.engine.dag.ConsensusEvents;
import kaspeer.engine.dag.DagActor;
import kaspeer.engine.dag.DagListener;
import kaspeer.engine.dag.SnapshotSource;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.metrics.Metrics;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagEvent;
import kaspeer.flow.mempool.Mempool;
import kaspeer.mempool.MempoolOptions;
import kaspeer.mempool.TemplateLimits;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import kaspeer.script.StandardScripts;
import kaspeer.testkit.kaspad.SignedWallet;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The mempool's actor and the DAG's, on a consensus that takes its time to find virtual. */
@Timeout(300)
class SettledBlockTest {
  private static final DagListener LISTENER =
      new DagListener() {
        @Override
        public void spoilt(Hash hash) {}

        @Override
        public void decided(Hash hash) {}

        @Override
        public void badOrphan(long origin, String detail) {}

        @Override
        public void fromTheFuture(long origin, long timestamp) {}

        @Override
        public void broken(Throwable cause) {
          throw new AssertionError(cause);
        }
      };

  /** Told to its subscriber by the test, to see what was told before. */
  private static final DagEvent MARK = new DagEvent.BlockSettled(Hash.ZERO, 0);

  private final CountDownLatch virtualWaits = new CountDownLatch(1);
  private final CountDownLatch virtualMayMove = new CountDownLatch(1);
  private volatile boolean isSlow;
  private volatile @Nullable Thread writer;
  private final ActorTestKit kit = ActorTestKit.create();
  private final ConsensusEvents told = new ConsensusEvents();
  private final Consensus consensus =
      Consensus.open(
          SmallDag.PARAMS,
          slow(),
          new BodyRules(SmallDag.PARAMS),
          ConsensusOptions.defaults().withWorkers(2).withListener(told));
  private final byte[] secret = secret();
  private final SignedWallet wallet = new SignedWallet(Network.SIMNET, secret);
  private final ScriptPublicKey miner =
      StandardScripts.payToPubKey(Secp256k1.xOnlyPublicKey(secret));
  private final List<Block> blocks = new ArrayList<>();
  private final TestProbe<DagEvent> events = kit.createTestProbe(DagEvent.class);
  private ActorRef<Dag> dag = kit.system().ignoreRef();
  private ActorRef<Mempool> pool = kit.system().ignoreRef();

  private static byte[] secret() {
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) 7);
    return secret;
  }

  @BeforeEach
  void start() {
    for (int i = 0; i < 20; i++) {
      Block block = block();
      assertThat(consensus.submitBlock(block).join()).isInstanceOf(Verdict.Accepted.class);
      blocks.add(block);
    }
    EngineMetrics metrics = new EngineMetrics(new Metrics());
    SnapshotSource snapshots = new SnapshotSource(consensus);
    dag =
        Facades.as(
            Dag.class,
            kit.spawn(
                DagActor.create(
                    new DagActor.Setup(
                        consensus,
                        told,
                        snapshots,
                        SmallDag.PARAMS.mergesetSizeLimit(),
                        ForkJoinPool.commonPool(),
                        1 << 20,
                        1 << 20,
                        1 << 18,
                        LISTENER,
                        metrics))));
    pool =
        Facades.as(
            Mempool.class,
            kit.spawn(
                MempoolActor.create(
                    new MempoolActor.Setup(
                        new kaspeer.mempool.TransactionPool(
                            SmallDag.PARAMS, MempoolOptions.ofBytes(1 << 20)),
                        new ConsensusVirtual(consensus, ForkJoinPool.commonPool()),
                        (_, _, _) -> {
                          throw new UnsupportedOperationException("nobody asks for templates");
                        },
                        TemplateLimits.of(SmallDag.PARAMS),
                        ForkJoinPool.commonPool(),
                        ForkJoinPool.commonPool(),
                        dag,
                        snapshots,
                        Duration.ofDays(100_000),
                        peer -> "peer" + peer,
                        (_, _) -> {},
                        _ -> {},
                        InstantSource.system(),
                        metrics))));
    dag.tell(new Dag.Subscribe(events.ref()));
  }

  @AfterEach
  void stop() {
    virtualMayMove.countDown();
    kit.shutdownTestKit();
    consensus.close();
  }

  /**
   * A store from which whoever last wrote to it can read only when virtual may move: what follows
   * from a block that is stored is found late.
   */
  private DagStore slow() {
    MemoryDagStore memory = new MemoryDagStore();
    return (DagStore)
        Proxy.newProxyInstance(
            DagStore.class.getClassLoader(),
            new Class<?>[] {DagStore.class},
            (_, method, arguments) -> {
              if (method.getName().equals("commit")) {
                writer = Thread.currentThread();
              } else if (Thread.currentThread().equals(writer) && isSlow) {
                virtualWaits.countDown();
                virtualMayMove.await();
              }
              try {
                return method.invoke(memory, arguments);
              } catch (InvocationTargetException failed) {
                throw failed.getCause();
              }
            });
  }

  private Block block(Transaction... transactions) {
    return consensus.blockTemplate(miner, new byte[0], List.of(transactions)).block();
  }

  /** Spends what a block's coinbase pays. */
  private Transaction payment() {
    Outpoint outpoint = new Outpoint(blocks.get(2).transactions().getFirst().id(), 0);
    UtxoEntry entry = consensus.utxo(outpoint);
    if (entry == null) {
      throw new AssertionError("the block pays nothing");
    }
    return wallet.draft(List.of(new SignedWallet.Coin(outpoint, entry))).forBlock().sign();
  }

  private boolean isInPool(Transaction transaction) {
    @SuppressWarnings("unchecked") // The only optional that is sent there.
    TestProbe<Optional<Transaction>> found =
        (TestProbe<Optional<Transaction>>) (TestProbe<?>) kit.createTestProbe(Optional.class);
    pool.tell(new Mempool.Get(transaction.id(), found.ref()));
    return found.receiveMessage().isPresent();
  }

  private List<Hash> missing(Transaction transaction) {
    TestProbe<Mempool.Missing> missing = kit.createTestProbe(Mempool.Missing.class);
    pool.tell(new Mempool.MissingOf(List.of(transaction.id()), missing.ref()));
    return missing.receiveMessage().ids();
  }

  /** The next event but those of the state, which come by the clock. */
  private DagEvent next() {
    DagEvent event = events.receiveMessage();
    while (event instanceof DagEvent.StateChanged) {
      event = events.receiveMessage();
    }
    return event;
  }

  /** Returns when the DAG's actor has told all that it knows of. */
  private void fence() {
    TestProbe<Dag.LookedUp> lookedUp = kit.createTestProbe(Dag.LookedUp.class);
    dag.tell(new Dag.LookUp(List.of(), lookedUp.ref()));
    lookedUp.receiveMessage();
  }

  @Test
  void whatATipHoldsLeavesThePoolOnceVirtualHasSeenTheTip() throws InterruptedException {
    Transaction payment = payment();
    TestProbe<Mempool.Results> results = kit.createTestProbe(Mempool.Results.class);
    pool.tell(new Mempool.Submit(List.of(payment), 7, 100, results.ref()));
    results.receiveMessage();
    assertThat(isInPool(payment)).isTrue();

    Block tip = block(payment);
    isSlow = true;
    dag.tell(new Dag.SubmitBlock(tip, 7, 1000, kit.<Dag.BlockReply>createTestProbe().ref()));
    assertThat(next()).as("peers hear of it early").isInstanceOf(DagEvent.BlockAdded.class);
    assertThat(virtualWaits.await(TestEngine.SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    fence();
    events.ref().tell(MARK);
    assertThat(next()).as("of nothing else").isSameAs(MARK);
    assertThat(isInPool(payment)).as("nobody has accepted it yet").isTrue();

    virtualMayMove.countDown();
    assertThat(next()).isInstanceOf(DagEvent.ChainChanged.class);
    assertThat(next()).isEqualTo(new DagEvent.BlockSettled(tip.hash(), 2));
    events.awaitAssert(
        () -> {
          assertThat(isInPool(payment)).isFalse();
          return null;
        });
    assertThat(missing(payment)).as("a late announcement is not asked for").isEmpty();
  }
}
