package kaspeer.engine.dag;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.ConsensusOptions;
import kaspeer.consensus.DagReader;
import kaspeer.consensus.DagState;
import kaspeer.consensus.DagStore;
import kaspeer.consensus.DagView;
import kaspeer.consensus.MemoryDagStore;
import kaspeer.consensus.body.BodyRules;
import kaspeer.engine.Facades;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.metrics.Counter;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.metrics.MetricFamily;
import kaspeer.engine.metrics.Metrics;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.Dag.BatchReply;
import kaspeer.flow.dag.Dag.BlockReply;
import kaspeer.flow.dag.Dag.OrphanReply;
import kaspeer.flow.dag.DagEvent;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import kaspeer.testkit.chain.ChainBuilder;
import kaspeer.testkit.chain.Flaw;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The actor over a real consensus whose DAG is in memory. */
class DagActorTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final int BYTES = 500;

  /** All blocks that there are. */
  private final ChainBuilder source = ChainBuilder.simnet(1);

  private final ConsensusEvents told = new ConsensusEvents();
  private final Consensus consensus =
      Consensus.open(
          source.params(),
          new MemoryDagStore(),
          new BodyRules(source.params()),
          ConsensusOptions.defaults().withWorkers(1).withListener(told).withUtxoValidation(false));
  private final Metrics metrics = new Metrics();
  private final TestProbe<BlockReply> replies = KIT.createTestProbe();
  private final TestProbe<OrphanReply> orphans = KIT.createTestProbe();
  private final TestProbe<BatchReply> batches = KIT.createTestProbe();
  private final TestProbe<DagEvent> events = KIT.createTestProbe();
  private final TestProbe<Hash> spoilt = KIT.createTestProbe();
  private final TestProbe<Hash> decided = KIT.createTestProbe();
  private final TestProbe<Long> blamed = KIT.createTestProbe();
  private final TestProbe<Throwable> broken = KIT.createTestProbe();
  private final ActorRef<DagActor.Command> actor =
      start(consensus, told, ForkJoinPool.commonPool());
  private final ActorRef<Dag> dag = Facades.as(Dag.class, actor);

  private ActorRef<DagActor.Command> start(Consensus judge, ConsensusEvents heard, Executor reads) {
    DagListener listener =
        new DagListener() {
          @Override
          public void spoilt(Hash hash) {
            spoilt.getRef().tell(hash);
          }

          @Override
          public void decided(Hash hash) {
            decided.getRef().tell(hash);
          }

          @Override
          public void badOrphan(long origin, String detail) {
            blamed.getRef().tell(origin);
          }

          @Override
          public void fromTheFuture(long origin, long timestamp) {
            throw new AssertionError(origin + " at " + timestamp);
          }

          @Override
          public void broken(Throwable cause) {
            broken.getRef().tell(cause);
          }
        };
    ActorRef<DagActor.Command> started =
        KIT.spawn(
            DagActor.create(
                new DagActor.Setup(
                    judge,
                    heard,
                    new SnapshotSource(judge),
                    source.params().mergesetSizeLimit(),
                    reads,
                    1 << 20,
                    1 << 20,
                    1 << 18,
                    listener,
                    new EngineMetrics(metrics))));
    Facades.as(Dag.class, started).tell(new Dag.Subscribe(events.getRef()));
    return started;
  }

  @AfterEach
  void close() {
    KIT.stop(actor);
    consensus.close();
    source.close();
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private BlockReply submit(Block block, long peer) {
    dag.tell(new Dag.SubmitBlock(block, peer, BYTES, replies.getRef()));
    return replies.receiveMessage();
  }

  private Optional<List<Hash>> missingRoots(Block block) {
    TestProbe<Dag.LookedUp> lookedUp = KIT.createTestProbe();
    dag.tell(new Dag.LookUp(List.of(block.hash()), lookedUp.getRef()));
    return lookedUp.receiveMessage().sightings().getFirst().missingRoots();
  }

  private OrphanReply keep(Block block, long peer) {
    dag.tell(new Dag.KeepOrphan(block, peer, BYTES, orphans.getRef()));
    return orphans.receiveMessage();
  }

  private DagEvent.BlockAdded expectAdded() {
    DagEvent event = events.receiveMessage();
    while (!(event instanceof DagEvent.BlockAdded)) {
      assertThat(event).isInstanceOf(DagEvent.BlockSettled.class);
      event = events.receiveMessage();
    }
    return (DagEvent.BlockAdded) event;
  }

  /** Returns when the actor has worked off all that it was told before. */
  private void fence() {
    TestProbe<Dag.LookedUp> lookedUp = KIT.createTestProbe();
    dag.tell(new Dag.LookUp(List.of(), lookedUp.getRef()));
    lookedUp.receiveMessage();
  }

  private double gauge(String name) {
    return metrics.snapshot().stream()
        .filter(family -> family.name().equals(name))
        .flatMap(family -> family.samples().stream())
        .mapToDouble(sample -> ((MetricFamily.Value) sample).value())
        .sum();
  }

  // --- blocks -----------------------------------------------------------------------------------

  @Test
  void aBlockIsInTheDagWhenItsReplyIsThereAndIsToldWithItsOrigin() {
    Block block = source.extend();
    assertThat(submit(block, 3)).isEqualTo(new BlockReply.Accepted(block.hash(), List.of()));
    assertThat(consensus.status(block.hash())).isEqualTo(BlockStatus.BODY);
    assertThat(expectAdded()).isEqualTo(new DagEvent.BlockAdded(block.header(), 1, 3, true));
    assertThat(submit(block, 4)).isEqualTo(new BlockReply.Known(block.hash(), BlockStatus.BODY));
  }

  @Test
  void aBlockOfUnknownParentsSaysWhichAndOneThatBreaksARuleSaysWhich() {
    Block parent = source.extend();
    Block child = source.extend();
    assertThat(submit(child, 1))
        .isEqualTo(new BlockReply.MissingParents(child.hash(), List.of(parent.hash())));
    submit(parent, 1);
    Block bad = Flaw.WRONG_BLUE_SCORE.on(source);
    submit(child, 1);
    assertThat(submit(bad, 1))
        .isInstanceOfSatisfying(
            BlockReply.Invalid.class,
            invalid -> assertThat(invalid.rule()).isEqualTo("UNEXPECTED_HEADER_BLUE_SCORE"));
    fence();
    spoilt.expectNoMessage(Duration.ZERO);
  }

  @Test
  void aBodyThatIsNotTheHeadersSpoilsNothingButItself() {
    Block good = source.extend();
    Block bad = new Block(good.header(), Flaw.TWO_COINBASES.on(source).transactions());
    assertThat(submit(bad, 1)).isInstanceOf(BlockReply.Invalid.class);
    spoilt.expectMessage(good.hash());
    fence();
    decided.expectNoMessage(Duration.ZERO);
    assertThat(submit(good, 2)).isInstanceOf(BlockReply.Accepted.class);
    decided.expectMessage(good.hash());
  }

  // --- orphans ----------------------------------------------------------------------------------

  @Test
  void anOrphanSaysWhatItWaitsForAndComesInWithWhatItWaitedFor() {
    List<Block> chain = source.extend(4);
    Hash root = chain.getFirst().hash();
    assertThat(keep(chain.get(3), 1))
        .isEqualTo(new OrphanReply.Waiting(chain.get(3).hash(), List.of(chain.get(2).hash())));
    keep(chain.get(2), 1);
    assertThat(keep(chain.get(1), 2))
        .isEqualTo(new OrphanReply.Waiting(chain.get(1).hash(), List.of(root)));
    assertThat(missingRoots(chain.get(3))).hasValue(List.of(root));
    assertThat(gauge("kaspeer_dag_orphans")).isEqualTo(3);

    assertThat(submit(chain.getFirst(), 3))
        .isEqualTo(
            new BlockReply.Accepted(root, chain.subList(1, 4).stream().map(Block::hash).toList()));
    for (Block block : chain) {
      DagEvent.BlockAdded added = expectAdded();
      assertThat(added.header().hash()).isEqualTo(block.hash());
      assertThat(added.announce()).as("announced to peers").isTrue();
    }
    assertThat(missingRoots(chain.get(3))).isEmpty();
    assertThat(gauge("kaspeer_dag_orphans")).isZero();
  }

  @Test
  void onePeersOrphansDoNotPushOutAnothers() {
    List<Block> chain = source.extend(2);
    keep(chain.get(1), 1);
    // Peer 2 brings more than all room, of 1 MiB; a quarter of it is a peer's share.
    ChainBuilder other = ChainBuilder.simnet(2);
    List<Block> flood = other.extend(300);
    other.close();
    for (Block block : flood.subList(1, flood.size())) {
      dag.tell(new Dag.KeepOrphan(block, 2, 4 * BYTES, orphans.getRef()));
      orphans.receiveMessage();
    }
    assertThat(missingRoots(chain.get(1))).isPresent();
    assertThat(gauge("kaspeer_dag_orphans")).isBetween(2.0, 60.0);
  }

  @Test
  void orphansOfASyncedBlockComeInUnannounced() {
    List<Block> chain = source.extend(3);
    keep(chain.get(2), 1);
    dag.tell(
        new Dag.SubmitHeaders(
            List.of(chain.get(0).header(), chain.get(1).header()), batches.getRef()));
    batches.expectMessage(new BatchReply.Done(2));
    dag.tell(new Dag.SubmitBodies(bodies(chain.subList(0, 2)), batches.getRef()));
    batches.expectMessage(new BatchReply.Done(2));
    for (Block block : chain) {
      DagEvent.BlockAdded added = expectAdded();
      assertThat(added.header().hash()).isEqualTo(block.hash());
      assertThat(added.announce()).as("announced to peers").isFalse();
    }
  }

  private static List<Dag.Body> bodies(List<Block> blocks) {
    return blocks.stream()
        .map(block -> new Dag.Body(block.hash(), block.transactions(), BYTES))
        .toList();
  }

  @Test
  void aBadOrphanIsBlamedOnWhoBroughtItWhileItIsThere() {
    Block root = source.extend();
    Block bad = Flaw.WRONG_BLUE_SCORE.on(source);
    keep(bad, 9);
    assertThat(submit(root, 3)).isEqualTo(new BlockReply.Accepted(root.hash(), List.of()));
    blamed.expectMessage(9L);
  }

  @Test
  void aBadOrphanOfADepartedPeerIsBlamedOnNobody() {
    Block root = source.extend();
    Block bad = Flaw.WRONG_BLUE_SCORE.on(source);
    keep(bad, 9);
    actor.tell(new DagActor.PeerLeft(9));
    assertThat(submit(root, 3)).isEqualTo(new BlockReply.Accepted(root.hash(), List.of()));
    fence();
    blamed.expectNoMessage(Duration.ZERO);
  }

  // --- sync -------------------------------------------------------------------------------------

  @Test
  void aBatchStopsAtTheFirstThatFailsAndKeepsThoseBeforeIt() {
    List<Block> chain = source.extend(3);
    Block bad = Flaw.WRONG_BLUE_SCORE.on(source);
    dag.tell(
        new Dag.SubmitHeaders(
            List.of(
                chain.get(0).header(), chain.get(1).header(), chain.get(2).header(), bad.header()),
            batches.getRef()));
    assertThat(batches.receiveMessage())
        .isInstanceOfSatisfying(
            BatchReply.Failed.class,
            failed -> {
              assertThat(failed.added()).isEqualTo(3);
              assertThat(failed.hash()).isEqualTo(bad.hash());
            });
    dag.tell(new Dag.SubmitBodies(bodies(chain.subList(1, 2)), batches.getRef()));
    batches.expectMessage(new BatchReply.Gap(0, chain.get(1).hash(), List.of(chain.get(0).hash())));
  }

  // --- state ------------------------------------------------------------------------------------

  @Test
  void theStateIsToldAFewTimesASecondHoweverManyBlocksCome() {
    source.extend(5).forEach(block -> submit(block, 0));
    List<DagEvent> blocks = events.receiveSeveralMessages(10);
    assertThat(blocks).filteredOn(DagEvent.BlockAdded.class::isInstance).hasSize(5);
    assertThat(blocks).filteredOn(DagEvent.BlockSettled.class::isInstance).hasSize(5);
    events.expectNoMessage(Duration.ZERO);
    TIME.timePasses(DagPublisher.STATE_INTERVAL);
    DagEvent.StateChanged changed = events.expectMessageClass(DagEvent.StateChanged.class);
    assertThat(changed.snapshot().blockCount()).isEqualTo(5);
    TIME.timePasses(DagPublisher.STATE_INTERVAL);
    fence();
    events.expectNoMessage(Duration.ZERO);
  }

  @Test
  void aSubscriberThatStopsIsForgottenAndTheEventStreamHearsAllTheSame() {
    TestProbe<DagEvent> gone = KIT.createTestProbe();
    dag.tell(new Dag.Subscribe(gone.getRef()));
    TestProbe<NodeEvent> stream = KIT.createTestProbe();
    KIT.system().eventStream().tell(new EventStream.Subscribe<>(NodeEvent.class, stream.getRef()));
    gone.stop();
    Block block = source.extend();
    submit(block, 0);
    assertThat(expectAdded().header()).isEqualTo(block.header());
    assertThat(stream.receiveMessage()).isInstanceOf(NodeEvent.Dag.class);
  }

  @Test
  void aConsensusThatCanDecideNothingIsToldOfOnce() {
    consensus.close();
    dag.tell(new Dag.SubmitBlock(source.extend(), 1, BYTES, replies.getRef()));
    broken.receiveMessage();
    dag.tell(new Dag.SubmitHeaders(List.of(source.extend().header()), batches.getRef()));
    // An answer shows that the actor is past both.
    keep(source.extend(), 1);
    broken.expectNoMessage(Duration.ofMillis(50));
  }

  /** Who waits for a verdict is told first, and only that there will be none. */
  @Test
  void whatBrokeTheStoreIsToldAsItIs() {
    RuntimeException full = new IllegalStateException("the disk is full");
    MemoryDagStore disk = new MemoryDagStore();
    AtomicBoolean isFull = new AtomicBoolean();
    DagStore store =
        (DagStore)
            Proxy.newProxyInstance(
                DagStore.class.getClassLoader(),
                new Class<?>[] {DagStore.class},
                (proxy, method, arguments) -> {
                  if (isFull.get() && method.getName().equals("commit")) {
                    throw full;
                  }
                  return method.invoke(disk, arguments);
                });
    ConsensusEvents heard = new ConsensusEvents();
    try (Consensus breaking =
        Consensus.open(
            source.params(),
            store,
            new BodyRules(source.params()),
            ConsensusOptions.defaults().withWorkers(1).withListener(heard))) {
      ActorRef<DagActor.Command> other = start(breaking, heard, ForkJoinPool.commonPool());
      isFull.set(true);
      for (Block block : source.extend(5)) {
        Facades.as(Dag.class, other).tell(new Dag.SubmitBlock(block, 1, BYTES, replies.getRef()));
      }
      assertThat(broken.receiveMessage()).isSameAs(full);
      KIT.stop(other);
    }
  }

  // --- questions --------------------------------------------------------------------------------

  @Test
  void questionsAreAnsweredFromWhatIsThere() {
    List<Block> chain = source.extend(3);
    submit(chain.get(0), 0);
    dag.tell(new Dag.SubmitHeaders(List.of(chain.get(1).header()), batches.getRef()));
    batches.receiveMessage();
    TestProbe<Dag.Statuses> statuses = KIT.createTestProbe();
    List<Hash> hashes = chain.stream().map(Block::hash).toList();
    dag.tell(new Dag.GetStatuses(hashes, statuses.getRef()));
    statuses.expectMessage(
        new Dag.Statuses(
            hashes, List.of(BlockStatus.BODY, BlockStatus.HEADER_ONLY, BlockStatus.UNKNOWN)));
    keep(chain.get(2), 1);
    TestProbe<Dag.LookedUp> lookedUp = KIT.createTestProbe();
    dag.tell(new Dag.LookUp(hashes, lookedUp.getRef()));
    lookedUp.expectMessage(
        new Dag.LookedUp(
            List.of(
                new Dag.Sighting(hashes.get(0), BlockStatus.BODY, Optional.empty()),
                new Dag.Sighting(hashes.get(1), BlockStatus.HEADER_ONLY, Optional.empty()),
                new Dag.Sighting(
                    hashes.get(2), BlockStatus.UNKNOWN, Optional.of(hashes.subList(1, 2))))));
    TestProbe<Optional<Block>> blocks = KIT.createTestProbe();
    for (Block block : chain) {
      dag.tell(new Dag.GetBlock(block.hash(), blocks.getRef()));
    }
    List<Optional<Block>> found = new ArrayList<>(blocks.receiveSeveralMessages(3));
    assertThat(found)
        .containsExactlyInAnyOrder(
            Optional.of(chain.getFirst()), Optional.empty(), Optional.empty());
    TestProbe<Dag.HashesReply> lists = KIT.createTestProbe();
    dag.tell(new Dag.GetMissingBodies(chain.get(1).hash(), 10, lists.getRef()));
    lists.expectMessage(new Dag.HashesReply.Found(List.of(chain.get(1).hash())));
    dag.tell(new Dag.GetMissingBodies(chain.get(2).hash(), 10, lists.getRef()));
    assertThat(lists.receiveMessage()).isInstanceOf(Dag.HashesReply.Refused.class);
    TestProbe<Boolean> answers = KIT.createTestProbe();
    dag.tell(new Dag.IsAncestor(source.genesis(), chain.get(1).hash(), answers.getRef()));
    answers.expectMessage(true);
    dag.tell(new Dag.IsAncestor(chain.get(2).hash(), chain.get(1).hash(), answers.getRef()));
    answers.expectMessage(false);
  }

  @Test
  void aQuestionThatFailsIsCountedAndNotAnsweredAsIfNothingWereThere() {
    DagView failing =
        new DagView() {
          @Override
          public DagState state() {
            return consensus.state();
          }

          @Override
          public BlockStatus status(Hash hash) {
            throw new IllegalStateException("the disk is gone");
          }

          @Override
          public @Nullable Header header(Hash hash) {
            throw new IllegalStateException("the disk is gone");
          }

          @Override
          public @Nullable List<Transaction> body(Hash hash) {
            throw new IllegalStateException("the disk is gone");
          }

          @Override
          public <T> T read(Function<DagReader, T> query) {
            return consensus.read(query);
          }
        };
    Counter failures = new EngineMetrics(metrics).failedQueries();
    DagReads reads = new DagReads(failing, 10, Runnable::run, failures);
    TestProbe<Optional<Block>> blocks = KIT.createTestProbe();
    reads.block(new Dag.GetBlock(source.genesis(), blocks.getRef()));
    TestProbe<Dag.Statuses> statuses = KIT.createTestProbe();
    reads.statuses(new Dag.GetStatuses(List.of(source.genesis()), statuses.getRef()));
    TestProbe<Boolean> answers = KIT.createTestProbe();
    reads.isAncestor(new Dag.IsAncestor(source.genesis(), source.genesis(), answers.getRef()));
    answers.expectMessage(true);
    blocks.expectNoMessage(Duration.ZERO);
    statuses.expectNoMessage(Duration.ZERO);
    assertThat(failures.value()).isEqualTo(2);
  }
}
