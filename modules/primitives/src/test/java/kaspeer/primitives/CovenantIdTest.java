package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kaspeer.primitives.CovenantId.IndexedOutput;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import org.junit.jupiter.api.Test;

/** The values are the oracle's. */
class CovenantIdTest {
  private static final Outpoint GENESIS = new Outpoint(Samples.hash(1), 7);
  private static final IndexedOutput FIRST =
      new IndexedOutput(0, new Output(100, Samples.payToKey(8), null));

  @Test
  void coversOutpointAndEveryOutputWithItsIndex() {
    IndexedOutput last =
        new IndexedOutput(-1, new Output(-1, new ScriptPublicKey(65535, new byte[0]), null));
    assertThat(CovenantId.of(GENESIS, List.of(FIRST, last)))
        .isEqualTo(
            Hash.fromHex("e7453a44be4f0fd0a70fbf36d88a7b8905d99e45271bcf3e62ffb3052edd02c0"));
    assertThat(CovenantId.of(GENESIS, List.of(FIRST)))
        .isEqualTo(
            Hash.fromHex("76d49e8273d255a7906e9da8c8fc292351004fbfdc4de9761d76cef98d8dbd9f"));
    assertThat(CovenantId.of(new Outpoint(Samples.hash(2), -1), List.of()))
        .isEqualTo(
            Hash.fromHex("5a4a8f6ae55ff583103be778519c733e510da3439e8d3585a48ac1896460b11a"));
  }

  @Test
  void leavesOutTheCovenantOfTheOutputsThemselves() {
    Output bound =
        new Output(100, Samples.payToKey(8), new Transaction.Covenant(3, Samples.hash(9)));
    assertThat(CovenantId.of(GENESIS, List.of(new IndexedOutput(0, bound))))
        .isEqualTo(CovenantId.of(GENESIS, List.of(FIRST)));
  }
}
