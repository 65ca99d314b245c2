package kaspeer.engine.dag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import kaspeer.consensus.Rule;
import kaspeer.consensus.Verdict;
import kaspeer.engine.dag.BlocksInFlight.Family;
import kaspeer.engine.dag.BlocksInFlight.Item;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.metrics.Metrics;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.Dag.BlockReply;
import kaspeer.flow.dag.Dag.OrphanReply;
import kaspeer.flow.dag.DagEvent;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParamsOverride;
import kaspeer.testkit.chain.ChainBuilder;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What follows from a verdict, one step at a time: the test is the consensus. */
class RelayedBlocksTest {
  private static final int BYTES = 500;

  /** Simnet, but that blocks are merged only within twenty. */
  private static final Params PARAMS =
      ParamsOverride.parse(
              """
              {"blockrate": {
                "target_time_per_block": 100, "ghostdag_k": 124,
                "past_median_time_sample_rate": 100, "difficulty_sample_rate": 40,
                "max_block_parents": 16, "mergeset_size_limit": 248,
                "merge_depth": 20, "finality_depth": 432000, "pruning_depth": 1080000,
                "coinbase_maturity": 1000}}
              """)
          .apply(Params.of(Network.SIMNET));

  private record Retry(Hash orphan, Family family) {}

  private static final long START = System.currentTimeMillis() - 600_000;

  /** All blocks that there are. */
  private final ChainBuilder source = new ChainBuilder(PARAMS, START, 1);

  /** Those that are here. */
  private final ChainBuilder here = new ChainBuilder(PARAMS, START, 2);

  private final TestInbox<BlockReply> replies = TestInbox.create();
  private final TestInbox<DagEvent> events = TestInbox.create();
  private final List<Block> asked = new ArrayList<>();
  private final List<Retry> retried = new ArrayList<>();
  private final List<Hash> spoilt = new ArrayList<>();
  private final List<Hash> decided = new ArrayList<>();
  private final List<Long> blamed = new ArrayList<>();
  private final List<Long> fromTheFuture = new ArrayList<>();
  private final BlocksInFlight inFlight = new BlocksInFlight(10 * BYTES);
  private final OrphanPool orphans = new OrphanPool(new OrphanPool.Limits(1 << 20, 1 << 20, 100));
  private final RelayedBlocks blocks = blocks();

  private RelayedBlocks blocks() {
    DagPublisher publisher =
        new DagPublisher(
            () -> {
              throw new UnsupportedOperationException("the state is not published here");
            },
            TestInbox.<EventStream.Command>create().getRef());
    publisher.subscribe(events.getRef());
    RelayedBlocks.Host host =
        new RelayedBlocks.Host() {
          @Override
          public void decide(Block block) {
            asked.add(block);
          }

          @Override
          public void retry(Hash orphan, Family family) {
            retried.add(new Retry(orphan, family));
          }
        };
    DagListener listener =
        new DagListener() {
          @Override
          public void spoilt(Hash hash) {
            spoilt.add(hash);
          }

          @Override
          public void decided(Hash hash) {
            decided.add(hash);
          }

          @Override
          public void badOrphan(long origin, String detail) {
            blamed.add(origin);
          }

          @Override
          public void fromTheFuture(long origin, long timestamp) {
            fromTheFuture.add(origin);
          }

          @Override
          public void broken(Throwable cause) {
            throw new AssertionError(cause);
          }
        };
    EngineMetrics metrics = new EngineMetrics(new Metrics());
    return new RelayedBlocks(
        here.consensus(), publisher, host, listener, metrics, inFlight, orphans);
  }

  @AfterEach
  void close() {
    source.close();
    here.close();
  }

  private void submit(Block block, long peer) {
    blocks.submit(new Item(block, peer, BYTES, replies.getRef(), null));
  }

  /** The consensus takes a block. */
  private void accept(Block block) {
    here.add(block);
    blocks.onStored(block.hash());
    blocks.onDecided(new Verdict.Accepted(block.hash(), BlockStatus.BODY));
  }

  /** If the block waits in the pool, for what. */
  private Optional<List<Hash>> missingRoots(Block block) {
    return blocks.lookUp(List.of(block.hash())).sightings().getFirst().missingRoots();
  }

  private OrphanReply keep(Block block, long peer) {
    return blocks.keep(block, peer, BYTES);
  }

  private List<Block> takeAsked() {
    List<Block> taken = List.copyOf(asked);
    asked.clear();
    return taken;
  }

  private List<DagEvent.BlockAdded> added() {
    return events.getAllReceived().stream().map(event -> (DagEvent.BlockAdded) event).toList();
  }

  // --- one block --------------------------------------------------------------------------------

  @Test
  void anAcceptedBlockIsToldToWhoBroughtItAndToSubscribersWithItsOrigin() {
    Block block = source.extend();
    submit(block, 7);
    assertThat(takeAsked()).containsExactly(block);
    accept(block);
    replies.expectMessage(new BlockReply.Accepted(block.hash(), List.of()));
    assertThat(added()).containsExactly(new DagEvent.BlockAdded(block.header(), 1, 7, true));
    assertThat(decided).containsExactly(block.hash());
    assertThat(inFlight.size()).isZero();
    assertThat(inFlight.bytes()).isZero();
  }

  @Test
  void aBlockThatSeveralPeersBringAtOnceIsDecidedOnceAndAnnouncedOnce() {
    Block block = source.extend();
    submit(block, 1);
    submit(block, 2);
    submit(block, 3);
    assertThat(takeAsked()).hasSize(1);
    accept(block);
    assertThat(replies.getAllReceived())
        .containsExactly(
            new BlockReply.Accepted(block.hash(), List.of()),
            new BlockReply.Known(block.hash(), BlockStatus.BODY),
            new BlockReply.Known(block.hash(), BlockStatus.BODY));
    assertThat(added()).hasSize(1);
  }

  @Test
  void whatIsUnderWayIsBoundedInBytesAndTheRestIsBusy() {
    List<Block> chain = source.extend(11);
    chain.forEach(block -> submit(block, 1));
    assertThat(takeAsked()).hasSize(10);
    assertThat(inFlight.bytes()).isEqualTo(10 * BYTES);
    replies.expectMessage(new BlockReply.Busy(chain.getLast().hash()));
    assertThat(replies.hasMessages()).isFalse();
  }

  @Test
  void oneBlockIsTakenHoweverLargeItIs() {
    Block block = source.extend();
    blocks.submit(new Item(block, 1, 1 << 20, replies.getRef(), null));
    assertThat(takeAsked()).containsExactly(block);
  }

  @Test
  void noMoreThanSoManyWaitForOneVerdict() {
    Block block = source.extend();
    BlocksInFlight roomy = new BlocksInFlight(1L << 40);
    for (int i = 0; i <= BlocksInFlight.MAX_JOINED; i++) {
      Item item = new Item(block, i, BYTES, replies.getRef(), null);
      assertThat(roomy.enter(item, 0)).isNotEqualTo(BlocksInFlight.Entered.REFUSED);
    }
    Item oneMore = new Item(block, 99, BYTES, replies.getRef(), null);
    assertThat(roomy.enter(oneMore, 0)).isEqualTo(BlocksInFlight.Entered.REFUSED);
    assertThat(roomy.leave(block.hash()).joined()).hasSize(BlocksInFlight.MAX_JOINED);
    assertThat(roomy.bytes()).isZero();
  }

  @Test
  void whenTheConsensusIsBusyEverybodyIsTold() {
    Block block = source.extend();
    submit(block, 1);
    submit(block, 2);
    blocks.onDecided(new Verdict.Busy(block.hash()));
    assertThat(replies.getAllReceived())
        .containsExactly(new BlockReply.Busy(block.hash()), new BlockReply.Busy(block.hash()));
    assertThat(retried).isEmpty();
    assertThat(decided).isEmpty();
  }

  @Test
  void aBlockThatIsInvalidForGoodIsInvalidForAllWhoBroughtIt() {
    Block block = source.extend();
    submit(block, 1);
    submit(block, 2);
    blocks.onDecided(new Verdict.Invalid(block.hash(), Rule.UNEXPECTED_HEADER_BLUE_SCORE, "score"));
    BlockReply invalid =
        new BlockReply.Invalid(block.hash(), "UNEXPECTED_HEADER_BLUE_SCORE", "score");
    assertThat(replies.getAllReceived()).containsExactly(invalid, invalid);
    assertThat(spoilt).isEmpty();
    assertThat(decided).containsExactly(block.hash());
    assertThat(added()).isEmpty();
  }

  /** Flows know it by its name only. */
  @Test
  void theRuleOfTheClockIsCalledInTheProtocolAsItIsHere() {
    assertThat(Dag.CLOCK_RULE).isEqualTo(Rule.TIME_TOO_FAR_INTO_THE_FUTURE.name());
  }

  /** It is as likely our clock as theirs: somebody counts who else says so. */
  @Test
  void aBlockFromTheFutureIsToldOfWithEachPeerThatBroughtItAndNotRemembered() {
    Block block = source.extend();
    Verdict.Invalid early =
        new Verdict.Invalid(block.hash(), Rule.TIME_TOO_FAR_INTO_THE_FUTURE, "early");
    submit(block, 1);
    submit(block, 2);
    blocks.onDecided(early);
    blocks.onDecided(early);
    submit(block, Dag.LOCAL);
    blocks.onDecided(early);
    assertThat(fromTheFuture).containsExactly(1L, 2L);
    assertThat(decided).isEmpty();
  }

  @Test
  void whatTheHashDoesNotCommitToCondemnsOnlyTheCopyThatHadIt() {
    Block block = source.extend();
    submit(block, 1);
    submit(block, 2);
    takeAsked();
    blocks.onDecided(new Verdict.Invalid(block.hash(), Rule.BAD_MERKLE_ROOT, "another body"));
    assertThat(replies.getAllReceived())
        .containsExactly(new BlockReply.Invalid(block.hash(), "BAD_MERKLE_ROOT", "another body"));
    assertThat(spoilt).containsExactly(block.hash());
    assertThat(decided).isEmpty();
    // The second copy has its own chance.
    assertThat(takeAsked()).containsExactly(block);
    accept(block);
    replies.expectMessage(new BlockReply.Accepted(block.hash(), List.of()));
    assertThat(added()).extracting(DagEvent.BlockAdded::origin).containsExactly(2L);
  }

  // --- orphans ----------------------------------------------------------------------------------

  @Test
  void anOrphanWaitsForItsMissingRoots() {
    List<Block> chain = source.extend(3);
    assertThat(keep(chain.get(2), 1))
        .isEqualTo(new OrphanReply.Waiting(chain.get(2).hash(), List.of(chain.get(1).hash())));
    assertThat(keep(chain.get(1), 2))
        .isEqualTo(new OrphanReply.Waiting(chain.get(1).hash(), List.of(chain.get(0).hash())));
    assertThat(missingRoots(chain.get(2))).hasValue(List.of(chain.get(0).hash()));
    assertThat(missingRoots(chain.get(0))).isEmpty();
  }

  @Test
  void anAncestorOnItsWayInIsNotAskedFor() {
    List<Block> chain = source.extend(2);
    submit(chain.get(0), 1);
    assertThat(keep(chain.get(1), 2))
        .isEqualTo(new OrphanReply.Waiting(chain.get(1).hash(), List.of()));
    takeAsked();
    accept(chain.get(0));
    assertThat(takeAsked()).containsExactly(chain.get(1));
  }

  @Test
  void aBlockWhoseAncestorsCameMeanwhileIsNoOrphan() {
    List<Block> chain = source.extend(2);
    here.add(chain.get(0));
    assertThat(keep(chain.get(1), 1)).isEqualTo(new OrphanReply.Ready(chain.get(1).hash()));
  }

  @Test
  void aBlockThatFreesOrphansIsAnsweredWhenAllAreDecidedAndAllAreAnnounced() {
    List<Block> chain = source.extend(3);
    keep(chain.get(1), 1);
    keep(chain.get(2), 2);
    submit(chain.get(0), 3);
    accept(takeAsked().getFirst());
    assertThat(replies.hasMessages()).isFalse();
    assertThat(takeAsked()).containsExactly(chain.get(1));
    accept(chain.get(1));
    assertThat(takeAsked()).containsExactly(chain.get(2));
    accept(chain.get(2));
    replies.expectMessage(
        new BlockReply.Accepted(
            chain.get(0).hash(), List.of(chain.get(1).hash(), chain.get(2).hash())));
    assertThat(added())
        .extracting(DagEvent.BlockAdded::origin, DagEvent.BlockAdded::announce)
        .containsExactly(tuple(3L, true), tuple(1L, true), tuple(2L, true));
  }

  @Test
  void othersHearOfABlockWhenItIsStoredAndWhoBroughtItWhenItIsDecided() {
    Block block = source.extend(1).getFirst();
    submit(block, 3);
    here.add(block);

    blocks.onStored(block.hash());

    assertThat(added()).extracting(DagEvent.BlockAdded::origin).containsExactly(3L);
    assertThat(replies.hasMessages()).isFalse();
    blocks.onDecided(new Verdict.Accepted(block.hash(), BlockStatus.BODY));
    replies.expectMessage(new BlockReply.Accepted(block.hash(), List.of()));
    assertThat(added()).isEmpty();
  }

  @Test
  void orphansThatASyncFreesComeInUnannounced() {
    List<Block> chain = source.extend(3);
    keep(chain.get(1), 1);
    keep(chain.get(2), 1);
    here.add(chain.get(0));
    blocks.onSynced(chain.get(0).hash());
    accept(chain.get(1));
    accept(chain.get(2));
    assertThat(added()).extracting(DagEvent.BlockAdded::announce).containsExactly(false, false);
    assertThat(replies.hasMessages()).isFalse();
  }

  @Test
  void anOrphanThatTurnsOutBadIsBlamedOnWhoBroughtItAndItsDescendantsGo() {
    List<Block> chain = source.extend(3);
    keep(chain.get(1), 1);
    keep(chain.get(2), 2);
    submit(chain.get(0), 3);
    accept(chain.get(0));
    blocks.onDecided(
        new Verdict.Invalid(chain.get(1).hash(), Rule.UNEXPECTED_HEADER_BLUE_SCORE, "score"));
    assertThat(blamed).containsExactly(1L);
    // The block that freed it is none the worse.
    replies.expectMessage(new BlockReply.Accepted(chain.get(0).hash(), List.of()));
    assertThat(missingRoots(chain.get(2))).isEmpty();
  }

  @Test
  void anOrphanThatFindsTheConsensusBusyComesAgain() {
    List<Block> chain = source.extend(2);
    keep(chain.get(1), 1);
    submit(chain.get(0), 2);
    accept(chain.get(0));
    blocks.onDecided(new Verdict.Busy(chain.get(1).hash()));
    assertThat(retried).extracting(Retry::orphan).containsExactly(chain.get(1).hash());
    assertThat(replies.hasMessages()).isFalse();
    takeAsked();
    retry();
    assertThat(orphans.size()).isZero();
    assertThat(takeAsked()).containsExactly(chain.get(1));
    accept(chain.get(1));
    replies.expectMessage(
        new BlockReply.Accepted(chain.get(0).hash(), List.of(chain.get(1).hash())));
  }

  private void retry() {
    Retry first = retried.removeFirst();
    blocks.resubmit(first.orphan(), first.family());
  }

  @Test
  void whileAnOrphanWaitsForTheConsensusItCountsInThePool() {
    List<Block> chain = source.extend(2);
    keep(chain.get(1), 1);
    long counted = orphans.bytes();
    submit(chain.get(0), 2);
    accept(chain.get(0));
    assertThat(orphans.bytes()).as("while the consensus has it").isZero();
    blocks.onDecided(new Verdict.Busy(chain.get(1).hash()));
    assertThat(orphans.bytes()).isEqualTo(counted).isPositive();
    assertThat(inFlight.bytes()).isZero();
  }

  @Test
  void anOrphanThatThePoolLetsGoOfMeanwhileIsNotWaitedFor() {
    List<Block> chain = source.extend(2);
    keep(chain.get(1), 1);
    submit(chain.get(0), 2);
    accept(chain.get(0));
    blocks.onDecided(new Verdict.Busy(chain.get(1).hash()));
    orphans.remove(chain.get(1).hash());
    takeAsked();
    retry();
    assertThat(takeAsked()).isEmpty();
    replies.expectMessage(new BlockReply.Accepted(chain.get(0).hash(), List.of()));
  }

  @Test
  void whatADepartedPeerBroughtStillComesInAndNobodyIsBlamedForIt() {
    List<Block> chain = source.extend(2);
    keep(chain.get(1), 1);
    blocks.peerLeft(1);
    submit(chain.get(0), 2);
    accept(chain.get(0));
    blocks.onDecided(
        new Verdict.Invalid(chain.get(1).hash(), Rule.UNEXPECTED_HEADER_BLUE_SCORE, "score"));
    assertThat(blamed).isEmpty();
    replies.expectMessage(new BlockReply.Accepted(chain.get(0).hash(), List.of()));
  }

  @Test
  void aBlockBelowTheMergeDepthComesInUnannounced() {
    List<Block> chain = source.extend(30);
    Block side = source.draft(List.of(source.genesis())).make();
    chain.forEach(here::add);
    submit(side, 1);
    accept(side);
    replies.expectMessage(new BlockReply.Accepted(side.hash(), List.of()));
    assertThat(added()).extracting(DagEvent.BlockAdded::announce).containsExactly(false);
    Block tip = source.extend();
    submit(tip, 1);
    accept(tip);
    assertThat(added()).extracting(DagEvent.BlockAdded::announce).containsExactly(true);
  }

  @Test
  void ofManyOrphansWithManyParentsOneLookUpAnswersFew() {
    List<Hash> hashes = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      Hash[] parents = new Hash[15];
      int first = 1_000 + i * parents.length;
      Arrays.setAll(parents, p -> Sketch.hash(first + p));
      Block orphan = Sketch.block(i, parents);
      assertThat(keep(orphan, 1)).isInstanceOf(OrphanReply.Waiting.class);
      hashes.add(orphan.hash());
    }
    List<Hash> roots =
        blocks.lookUp(hashes).sightings().stream()
            .flatMap(sighting -> sighting.missingRoots().orElseThrow().stream())
            .toList();
    assertThat(roots).hasSize(RootSearch.MAX_ROOTS).doesNotHaveDuplicates();
  }

  @Test
  void aBlockOfAPeerWithABadBodyDoesNotWaitForItsParents() {
    List<Block> chain = source.extend(3);
    for (Rule rule : List.of(Rule.MULTIPLE_COINBASES, Rule.BAD_MERKLE_ROOT)) {
      Block block = chain.get(rule.remembered() ? 1 : 2);
      submit(block, 3);
      blocks.onDecided(missingParents(block, rule));
      replies.expectMessage(new BlockReply.Invalid(block.hash(), rule.name(), "wrong"));
    }
    assertThat(decided).containsExactly(chain.get(1).hash());
    assertThat(spoilt).containsExactly(chain.get(2).hash());
  }

  @Test
  void whoSubmitsABlockHereHearsOfMissingParentsFirstAsFromKaspad() {
    Block block = source.extend(2).get(1);
    submit(block, Dag.LOCAL);
    blocks.onDecided(missingParents(block, Rule.MULTIPLE_COINBASES));
    replies.expectMessage(
        new BlockReply.MissingParents(block.hash(), block.header().directParents()));
  }

  private static Verdict missingParents(Block block, Rule broken) {
    Verdict.Invalid badBody = new Verdict.Invalid(block.hash(), broken, "wrong");
    return new Verdict.MissingParents(
        block.hash(), block.header().directParents(), Optional.of(badBody));
  }
}
