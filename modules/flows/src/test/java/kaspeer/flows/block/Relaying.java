package kaspeer.flows.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.Dag.BlockReply;
import kaspeer.flow.peers.Relay;
import kaspeer.flow.peers.Sync;
import kaspeer.flows.Samples;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.testkit.flow.FlowHarness;
import kaspeer.testkit.flow.FlowSetup;
import kaspeer.testkit.flow.Sent;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/** The block relay under test, with the usual first steps of its conversations. */
final class Relaying implements AutoCloseable {
  final FlowHarness harness;
  private boolean anyAnnounced;

  Relaying() {
    this(UnaryOperator.identity());
  }

  Relaying(UnaryOperator<FlowSetup> change) {
    FlowSetup setup = change.apply(FlowHarness.of(RelayBlockFlow.factory()));
    harness = setup.start();
    if (setup.snapshot().sink().blueScore() != 0) {
      harness.expectSent(PayloadCase.INV_RELAY_BLOCK);
    }
  }

  /**
   * The peer announces a block, of which the DAG says this. Of the first one the sync hears too if
   * it is unknown.
   */
  void announce(Hash hash, BlockStatus status) {
    announce(hash, status, Optional.empty());
  }

  /** The peer announces a block that waits as an orphan, for these. */
  void announceOrphan(Hash hash, List<Hash> missingRoots) {
    announce(hash, BlockStatus.UNKNOWN, Optional.of(missingRoots));
  }

  private void announce(Hash hash, BlockStatus status, Optional<List<Hash>> missingRoots) {
    boolean first = !anyAnnounced;
    anyAnnounced = true;
    harness.receive(Samples.inv(hash));
    answer(expectLookUp(), status, missingRoots);
    if (first && status == BlockStatus.UNKNOWN) {
      assertThat(harness.expectSync(Sync.Announced.class)).isEqualTo(new Sync.Announced(7, hash));
    }
  }

  /** The DAG says this of all blocks of a look-up; none waits as an orphan. */
  void answerLookUp(BlockStatus status) {
    answer(expectLookUp(), status);
  }

  Dag.LookUp expectLookUp() {
    return harness.expectDag(Dag.LookUp.class);
  }

  void answer(Dag.LookUp query, BlockStatus status) {
    answer(query, status, Optional.empty());
  }

  void answer(Dag.LookUp query, BlockStatus status, Optional<List<Hash>> missingRoots) {
    harness.reply(
        query.replyTo(),
        new Dag.LookedUp(
            query.hashes().stream()
                .map(hash -> new Dag.Sighting(hash, status, missingRoots))
                .toList()));
  }

  /** The DAG says this of all blocks of a locator. */
  void answerStatuses(BlockStatus status) {
    Dag.GetStatuses query = harness.expectDag(Dag.GetStatuses.class);
    harness.reply(
        query.replyTo(),
        new Dag.Statuses(query.hashes(), Collections.nCopies(query.hashes().size(), status)));
  }

  /** The relay hears of a block that is to be had. */
  Relay.Announced expectAnnounced(Hash hash) {
    Relay.Announced announced = harness.expectRelay(Relay.Announced.class);
    assertThat(announced.kind()).isEqualTo(Relay.Kind.BLOCK);
    assertThat(announced.peer()).isEqualTo(7);
    assertThat(announced.hashes()).containsExactly(hash);
    return announced;
  }

  Relay.Announced announceToRelay(Hash hash) {
    announce(hash, BlockStatus.UNKNOWN);
    return expectAnnounced(hash);
  }

  void permit(Relay.Announced announced) {
    harness.reply(announced.replyTo(), new Relay.Permit(Relay.Kind.BLOCK, announced.hashes()));
  }

  void announceToPermit(Hash hash) {
    permit(announceToRelay(hash));
  }

  Sent announceToRequest(Hash hash) {
    announceToPermit(hash);
    return harness.expectSent(PayloadCase.REQUEST_RELAY_BLOCKS);
  }

  Dag.SubmitBlock answerToSubmit(Sent request, Block block) {
    harness.answer(request, Samples.block(block)).expectRelay(Relay.Obtained.class);
    return harness.expectDag(Dag.SubmitBlock.class);
  }

  Dag.SubmitBlock fetchToSubmit(Block block) {
    return answerToSubmit(announceToRequest(block.hash()), block);
  }

  /** The block comes, the DAG lacks its parents, and no sync is running. */
  void becomeOrphan(Sent request, Block block) {
    becomeOrphan(request, block, new Sync.Session(false, 0));
  }

  void becomeOrphan(Sent request, Block block, Sync.Session session) {
    missParents(request, block);
    harness.reply(harness.expectSync(Sync.GetSession.class).replyTo(), session);
  }

  void missParents(Sent request, Block block) {
    Dag.SubmitBlock submit = answerToSubmit(request, block);
    harness.reply(
        submit.replyTo(),
        new BlockReply.MissingParents(block.hash(), block.header().directParents()));
  }

  /** The peer answers the request for a locator, and the DAG says this of all of it. */
  void answerLocator(List<Hash> locator, BlockStatus status) {
    harness.answer(harness.expectSent(PayloadCase.REQUEST_BLOCK_LOCATOR), Samples.locator(locator));
    answerStatuses(status);
  }

  /** The block was let go: it is asked for again, and kept when its parents are still missing. */
  void expectKeptOnceItCameAgain(Block block) {
    Sent request = harness.expectSent(PayloadCase.REQUEST_RELAY_BLOCKS);
    assertThat(request.message().getRequestRelayBlocks().getHashesList())
        .containsExactly(Hashes.toWire(block.hash()));
    missParents(request, block);
    assertThat(harness.expectDag(Dag.KeepOrphan.class).block()).isEqualTo(block);
  }

  @Override
  public void close() {
    harness.close();
  }
}
