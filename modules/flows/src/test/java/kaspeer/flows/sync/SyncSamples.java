package kaspeer.flows.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.peers.Sync.Directive;
import kaspeer.flows.Samples;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.ParentsByLevel;
import kaspeer.testkit.flow.FlowHarness;
import kaspeer.testkit.flow.Sent;
import kaspeer.wire.Blocks;
import kaspeer.wire.Hashes;
import kaspeer.wire.Headers;
import kaspeer.wire.proto.BlockBodyMessage;
import kaspeer.wire.proto.BlockHeadersMessage;
import kaspeer.wire.proto.DoneHeadersMessage;
import kaspeer.wire.proto.IbdChainBlockLocatorMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.typed.ActorRef;

/** Messages of the sync, and an {@link IbdFlow} in its harness. */
final class SyncSamples {
  private SyncSamples() {}

  static KaspadMessage.Builder chainLocator(List<Hash> hashes) {
    return KaspadMessage.newBuilder()
        .setIbdChainBlockLocator(
            IbdChainBlockLocatorMessage.newBuilder()
                .addAllBlockLocatorHashes(Hashes.toWire(hashes)));
  }

  static KaspadMessage.Builder headers(List<Header> headers) {
    return KaspadMessage.newBuilder()
        .setBlockHeaders(
            BlockHeadersMessage.newBuilder().addAllBlockHeaders(Headers.toWire(headers)));
  }

  static KaspadMessage.Builder doneHeaders() {
    return KaspadMessage.newBuilder().setDoneHeaders(DoneHeadersMessage.getDefaultInstance());
  }

  static KaspadMessage.Builder body(Block block) {
    return KaspadMessage.newBuilder().setBlockBody(Blocks.bodyToWire(block.transactions()));
  }

  static KaspadMessage.Builder emptyBody() {
    return KaspadMessage.newBuilder().setBlockBody(BlockBodyMessage.getDefaultInstance());
  }

  /** Headers with these numbers, both ends included. */
  static List<Header> headers(int from, int to) {
    List<Header> headers = new ArrayList<>();
    for (int i = from; i <= to; i++) {
      headers.add(Samples.header(i, i));
    }
    return headers;
  }

  /** A header of some 70 kB. */
  static Header bigHeader(int number) {
    List<Hash> parents = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      parents.add(Samples.hash(number * 10_000L + i));
    }
    Header small = Samples.header(number, number);
    return new Header(
        small.version(),
        ParentsByLevel.ofLevels(List.of(parents)),
        small.hashMerkleRoot(),
        small.acceptedIdMerkleRoot(),
        small.utxoCommitment(),
        small.timestamp(),
        small.bits(),
        number,
        number,
        BlueWork.of(number),
        number,
        Hash.ZERO);
  }

  static List<Block> blocks(int from, int to) {
    List<Block> blocks = new ArrayList<>();
    for (int i = from; i <= to; i++) {
      blocks.add(Samples.block(i, i));
    }
    return blocks;
  }

  static List<Hash> hashesOf(List<Block> blocks) {
    return blocks.stream().map(Block::hash).toList();
  }

  /** A sync flow in its harness, with the arbiter's end of the line. */
  record Client(FlowHarness harness, ActorRef<Directive> flow) implements AutoCloseable {
    static Client start() {
      FlowHarness harness = FlowHarness.of(IbdFlow.factory(Runnable::run)).start();
      return new Client(harness, harness.expectSync(Sync.Joined.class).flow());
    }

    /** One that is fetching headers, and has asked for the first batch. */
    static Client fetchingHeaders(Hash low, Hash high, Optional<Hash> relayed) {
      Client client = start().tell(new Directive.FetchHeaders(5, low, high, relayed));
      client.harness.expectSent(PayloadCase.REQUEST_HEADERS);
      return client;
    }

    /** Headers that the DAG is to check. */
    Dag.SubmitHeaders expectCheck() {
      return harness.expectDag(Dag.SubmitHeaders.class);
    }

    Client checked(Dag.SubmitHeaders asked, Dag.BatchReply reply) {
      harness.reply(asked.replyTo(), reply);
      return this;
    }

    Client tell(Directive directive) {
      harness.reply(flow, directive);
      return this;
    }

    /** The DAG says of all blocks that were looked up that their status is this. */
    Client statuses(BlockStatus status) {
      Dag.GetStatuses asked = harness.expectDag(Dag.GetStatuses.class);
      return statuses(asked, asked.hashes().stream().map(_ -> status).toList());
    }

    Client statuses(Dag.GetStatuses asked, List<BlockStatus> statuses) {
      harness.reply(asked.replyTo(), new Dag.Statuses(asked.hashes(), statuses));
      return this;
    }

    Client receive(KaspadMessage.Builder message) {
      harness.receive(message);
      return this;
    }

    Client answer(Sent request, KaspadMessage.Builder message) {
      harness.answer(request, message);
      return this;
    }

    @Override
    public void close() {
      harness.close();
    }
  }
}
