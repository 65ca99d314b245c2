package kaspeer.engine;

import java.util.List;
import kaspeer.consensus.Consensus;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import org.jspecify.annotations.Nullable;

/** Makes blocks that break no rule, for networks without proof of work. */
public final class TestMiner {
  /** Pushes true: anyone may spend it. */
  private static final ScriptPublicKey MINER = new ScriptPublicKey(0, new byte[] {0x51});

  private final Consensus consensus;

  /** What is made of some parents does not change. */
  private @Nullable Block latest;

  public TestMiner(Consensus consensus) {
    this.consensus = consensus;
  }

  /**
   * A block on top of what is here, not yet handed in. @param nonce tells it from others with the
   * same parents
   */
  public Block next(long nonce) {
    return on(consensus.state().virtualParents(), nonce);
  }

  /** A block with these parents, which must be here. */
  public Block on(List<Hash> parents, long nonce) {
    return on(parents, nonce, 0);
  }

  /** Likewise, later by some milliseconds than it has to be. */
  public Block on(List<Hash> parents, long nonce, long later) {
    Block template = latest;
    if (template == null || !template.header().directParents().equals(parents)) {
      template = consensus.blockTemplate(parents, MINER, new byte[0], List.of()).join().block();
      latest = template;
    }
    return sealed(template, nonce, later);
  }

  /** A template with this nonce, and later by some milliseconds. */
  public static Block sealed(Block template, long nonce, long later) {
    Header header = template.header();
    return new Block(
        new Header(
            header.version(),
            header.parents(),
            header.hashMerkleRoot(),
            header.acceptedIdMerkleRoot(),
            header.utxoCommitment(),
            header.timestamp() + later,
            header.bits(),
            nonce,
            header.daaScore(),
            header.blueWork(),
            header.blueScore(),
            header.pruningPoint()),
        template.transactions());
  }
}
