package kaspeer.consensus;

import java.util.List;
import java.util.function.UnaryOperator;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.ParentsByLevel;

/** Headers that follow the rules, and ones that are changed in a single field. */
final class TestHeaders {
  private final Consensus consensus;
  private final long spacing;
  private long nonce;

  /** Headers as early as they may be. */
  TestHeaders(Consensus consensus) {
    this(consensus, 0);
  }

  /**
   * @param spacing milliseconds between a header and its selected parent, if that is not too early
   */
  TestHeaders(Consensus consensus, long spacing) {
    this.consensus = consensus;
    this.spacing = spacing;
  }

  /** A valid header on these parents. Each has another hash. */
  Header next(Hash... parents) {
    HeaderTemplate template = consensus.template(List.of(parents));
    long parentTime = consensus.read(dag -> dag.timestamp(dag.id(template.selectedParent())));
    long time = spacing == 0 ? 0 : parentTime + spacing;
    return template.header(
        Hash.ZERO, Hash.ZERO, Hash.ZERO, Math.max(template.pastMedianTime() + 1, time), nonce++);
  }

  /** A valid header that was accepted. */
  Header accepted(Hash... parents) {
    Header header = next(parents);
    Verdict verdict = consensus.submitHeader(header).join();
    if (!(verdict instanceof Verdict.Accepted)) {
      throw new AssertionError("expected to be accepted: " + verdict);
    }
    return header;
  }

  /** A chain of accepted headers; answers the hash of the last. */
  Hash chain(Hash from, int length) {
    Hash tip = from;
    for (int i = 0; i < length; i++) {
      tip = accepted(tip).hash();
    }
    return tip;
  }

  /** The fields of a header, to be changed. */
  static final class Fields {
    int version;
    ParentsByLevel parents;
    long timestamp;
    int bits;
    long nonce;
    long daaScore;
    BlueWork blueWork;
    long blueScore;
    private final Header original;

    private Fields(Header original) {
      this.original = original;
      version = original.version();
      parents = original.parents();
      timestamp = original.timestamp();
      bits = original.bits();
      nonce = original.nonce();
      daaScore = original.daaScore();
      blueWork = original.blueWork();
      blueScore = original.blueScore();
    }

    private Header header() {
      return new Header(
          version,
          parents,
          original.hashMerkleRoot(),
          original.acceptedIdMerkleRoot(),
          original.utxoCommitment(),
          timestamp,
          bits,
          nonce,
          daaScore,
          blueWork,
          blueScore,
          original.pruningPoint());
    }
  }

  /** The same header but for what {@code change} changes. */
  static Header with(Header header, java.util.function.Consumer<Fields> change) {
    Fields fields = new Fields(header);
    change.accept(fields);
    return fields.header();
  }

  /** The same header with other lists of parents, level 0 first. */
  static Header withLevels(Header header, UnaryOperator<List<List<Hash>>> change) {
    return with(
        header, f -> f.parents = ParentsByLevel.ofLevels(change.apply(f.parents.toLevels())));
  }
}
