package kaspeer.engine;

import java.util.List;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.HeaderTemplate;
import kaspeer.crypto.Merkle;
import kaspeer.primitives.Block;
import kaspeer.primitives.CoinbasePayload;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Params;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Subsidy;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.ScriptPublicKey;

/** Makes blocks that break no rule, for networks without proof of work. */
public final class TestMiner {
  private final Consensus consensus;
  private final Params params;

  public TestMiner(Consensus consensus, Params params) {
    this.consensus = consensus;
    this.params = params;
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
    HeaderTemplate template = consensus.template(parents);
    Transaction coinbase = coinbase(template);
    long now = Math.max(System.currentTimeMillis(), template.pastMedianTime() + 1) + later;
    Header header =
        template.header(Merkle.root(List.of(coinbase.hash())), Hash.ZERO, Hash.ZERO, now, nonce);
    return new Block(header, List.of(coinbase));
  }

  private Transaction coinbase(HeaderTemplate template) {
    ScriptPublicKey script = new ScriptPublicKey(0, new byte[] {0});
    CoinbasePayload payload =
        new CoinbasePayload(
            template.blueScore(), Subsidy.of(params, template.daaScore()), script, new byte[0]);
    return new Transaction(
        0, List.of(), List.of(), 0, SubnetworkId.COINBASE, 0, payload.encode(), 0);
  }
}
