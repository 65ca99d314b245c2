package kaspeer.admin;

import java.util.Optional;
import kaspeer.primitives.Block;
import kaspeer.primitives.Network;

/**
 * Blocks that are not taken from who hands them in here, whatever the rules of consensus say: who
 * mines on a node that is not synced, or on a tip of long ago, mines for nothing. kaspad's RPC
 * refuses the same.
 *
 * @param network on simnet and devnet, which begin with one node that has nobody to sync with,
 *     being synced is not asked for
 * @param difficultyWindow how many blocks it spans
 */
record BlockGate(Network network, long difficultyWindow) {
  /**
   * Why a block is not taken, if so.
   *
   * @param synced whether the node is at the tip of the network
   * @param virtualDaaScore of a block made now
   * @param old whether a block that is far behind is to be taken all the same
   */
  Optional<AdminReply.BlockNotTaken> refusal(
      Block block, boolean synced, long virtualDaaScore, boolean old) {
    boolean anytime = network == Network.SIMNET || network == Network.DEVNET;
    if (!synced && !anytime) {
      return Optional.of(
          new AdminReply.BlockNotTaken(
              block.hash(), AdminReply.BlockNotTaken.Why.NOT_SYNCED, "the node is not synced"));
    }
    long behind = virtualDaaScore - block.header().daaScore();
    if (!old && behind > difficultyWindow) {
      return Optional.of(
          new AdminReply.BlockNotTaken(
              block.hash(),
              AdminReply.BlockNotTaken.Why.TOO_FAR_BEHIND,
              "its DAA score is "
                  + behind
                  + " behind that of a block made now, at most "
                  + difficultyWindow
                  + " is taken"));
    }
    return Optional.empty();
  }
}
