package kaspeer.conformance.hostile;

import static kaspeer.conformance.hostile.Subject.SOON;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.testkit.chain.ChainBuilder;
import kaspeer.testkit.chain.ChainServer;
import kaspeer.testkit.chain.TransactionDraft;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.ScriptedPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Peers that ask for blocks and read nothing, with blocks about as large as the mass of a block
 * lets them be.
 */
class HostileLargeBlocksTest {
  private static final int CHAIN = 20;
  private static final int LARGE = 40;
  private static final int BYTES = 200_000;
  private static final int PEERS = 20;

  @TempDir private Path folder = Path.of("");

  /** Parallel blocks on one: what their transactions spend is nowhere, so none is on the chain. */
  private static List<Hash> addLarge(ChainBuilder chain) {
    List<Hash> parents = List.of(chain.blocks().get(CHAIN - 5).hash());
    List<Hash> large = new ArrayList<>();
    for (int i = 0; i < LARGE; i++) {
      Transaction filler = TransactionDraft.spending(i).payload(new byte[BYTES]).make();
      large.add(chain.add(chain.draft(parents).with(filler).make()).hash());
    }
    return large;
  }

  @Test
  void whoAsksForLargeBlocksAndReadsNothingHoldsNoMemory() {
    try (Subject subject = Subject.start(folder.resolve("node"));
        ChainBuilder chain =
            new ChainBuilder(
                Params.of(Network.SIMNET), System.currentTimeMillis() - CHAIN * 100L, 18)) {
      chain.extend(CHAIN);
      List<Hash> large = addLarge(chain);
      try (ScriptedPeer source = ChainServer.serve(subject.join(), chain)) {
        for (Block block : chain.blocks()) {
          source.send(Messages.inv(block.hash()));
        }
        Await.until(
            "all blocks",
            SOON,
            () -> subject.node().get("dag").get("blockCount").asInt() == CHAIN + LARGE,
            subject::logTail);
      }
      List<Hash> all = Collections.nCopies(50, large).stream().flatMap(List::stream).toList();
      Hoarders.assertHoldNoMemory(subject, PEERS, all);
    }
  }
}
