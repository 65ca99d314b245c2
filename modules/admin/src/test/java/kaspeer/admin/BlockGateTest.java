package kaspeer.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import kaspeer.admin.AdminReply.BlockNotTaken;
import kaspeer.admin.AdminReply.BlockNotTaken.Why;
import kaspeer.primitives.Block;
import kaspeer.primitives.Network;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A genesis block, whose DAA score is its network's first, against a window of 100 blocks. */
class BlockGateTest {
  private static final Block BLOCK = FakeEngine.GENESIS;
  private static final long SCORE = BLOCK.header().daaScore();
  private static final long WINDOW = 100;

  private static Optional<Why> why(Network network, boolean synced, long behind, boolean old) {
    return new BlockGate(network, WINDOW)
        .refusal(BLOCK, synced, SCORE + behind, old)
        .map(BlockNotTaken::why);
  }

  @ParameterizedTest
  @EnumSource(Network.class)
  void aBlockOfNowIsTakenByASyncedNode(Network network) {
    assertThat(why(network, true, 0, false)).isEmpty();
    assertThat(why(network, true, WINDOW, false)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Network.class)
  void oneMoreThanAWindowBehindIsTakenOnlyIfThatIsAskedFor(Network network) {
    assertThat(why(network, true, WINDOW + 1, false)).contains(Why.TOO_FAR_BEHIND);
    assertThat(why(network, true, WINDOW + 1, true)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Network.class)
  void aNodeThatIsNotSyncedTakesNoneButWhereNetworksBeginWithOneNode(Network network) {
    boolean young = network == Network.SIMNET || network == Network.DEVNET;
    Optional<Why> expected = young ? Optional.empty() : Optional.of(Why.NOT_SYNCED);
    assertThat(why(network, false, 0, false)).isEqualTo(expected);
    assertThat(why(network, false, 0, true)).isEqualTo(expected);
  }
}
