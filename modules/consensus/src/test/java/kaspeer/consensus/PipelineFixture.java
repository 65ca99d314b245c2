package kaspeer.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;

/** A simnet consensus on a store, and headers to hand to it. */
final class PipelineFixture implements AutoCloseable {
  static final Params PARAMS = Params.of(Network.SIMNET);
  static final Hash GENESIS = PARAMS.genesis().hash();
  static final Hash UNKNOWN = Hash.ofWords(1, 2, 3, 4);

  final MemoryDagStore store = new MemoryDagStore();
  private final List<Consensus> opened = new ArrayList<>();

  Consensus open(DagStore dagStore, BodyValidator bodies, ConsensusOptions options) {
    Consensus consensus = Consensus.open(PARAMS, dagStore, bodies, options);
    opened.add(consensus);
    return consensus;
  }

  /** Opens the fixture's own store. */
  Consensus open() {
    return open(store, new NoBodyRules(), ConsensusOptions.defaults().withUtxoValidation(false));
  }

  @Override
  public void close() {
    opened.forEach(Consensus::close);
  }

  /** A chain of headers from genesis on, made elsewhere. */
  static List<Header> chain(int length) {
    List<Header> chain = new ArrayList<>();
    try (Consensus other = elsewhere()) {
      TestHeaders headers = new TestHeaders(other, PARAMS.targetTimePerBlock());
      for (int i = 0; i < length; i++) {
        chain.add(headers.accepted(chain.isEmpty() ? GENESIS : chain.getLast().hash()));
      }
    }
    return chain;
  }

  /** A consensus apart from the others. */
  static Consensus elsewhere() {
    return Consensus.open(
        PARAMS,
        new MemoryDagStore(),
        new NoBodyRules(),
        ConsensusOptions.defaults().withUtxoValidation(false));
  }

  static Block block(Header header) {
    return new Block(header, List.of());
  }

  static Verdict accepted(Header header, BlockStatus status) {
    return new Verdict.Accepted(header.hash(), status);
  }

  static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
