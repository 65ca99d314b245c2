package kaspeer.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.CoinbasePayload;
import kaspeer.primitives.CoinbasePayloadException;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import org.junit.jupiter.api.Test;

/**
 * What a coinbase pays for each kind of merged block (consensus reference 6.5): blue and red, in
 * the difficulty window and below it. Anticones of blues have at most 4 blocks, the window spans 4
 * blue scores.
 *
 * <pre>
 * c34 - c35 - c36 - c37 - c38 - c39 - one of x1, x2, x3 - merging
 *     \\                   |      \\ - the two others    /
 *      red and low         |                          /
 *                          blue and low
 * </pre>
 */
class CoinbaseRewardsTest {
  private static final int LENGTH = 39;
  private static final Params PARAMS =
      TestParams.simnet(
          "\"difficulty_window_size\": 4, \"min_difficulty_window_size\": 2, "
              + TestParams.blockRate(4, 8, 48, 1, 1, 30, 60));

  private final UtxoFixture fixture = new UtxoFixture(new MemoryDagStore(), PARAMS);
  private final List<Hash> chain = new ArrayList<>();
  private int made;

  /** A block whose rewards go to this script, with a transaction that leaves this fee. */
  private Hash block(Hash parent, int miner, long fee) {
    // Each spends another coinbase, all of them mature.
    Outpoint coin = fixture.coinbaseOf(chain.get(2 + miner));
    Transaction spend = UtxoFixture.spend(coin, fixture.entry(coin), fee, 1);
    return fixture.add(make(List.of(parent), miner, List.of(spend)));
  }

  private Block make(List<Hash> parents, int miner, List<Transaction> transactions) {
    byte[] unique = ByteBuffer.allocate(4).putInt(made++).array();
    return fixture
        .consensus
        .blockTemplate(parents, script(miner), unique, transactions)
        .join()
        .block();
  }

  private static ScriptPublicKey script(int miner) {
    return new ScriptPublicKey(0, new byte[] {0x51, (byte) miner});
  }

  private static long subsidy(Block block) {
    try {
      return CoinbasePayload.parse(block.transactions().getFirst().payload(), PARAMS).subsidy();
    } catch (CoinbasePayloadException e) {
      throw new AssertionError(e);
    }
  }

  /** The fee of the transaction of the block that pays to a miner. */
  private static long fee(int miner) {
    return 1_000_000L + 1_000L * miner;
  }

  private record Payment(long value, int miner) {
    static Payment of(Output output) {
      assertThat(output.covenant()).isNull();
      assertThat(output.scriptPublicKey().script()).hasSize(2);
      return new Payment(output.value(), output.scriptPublicKey().script()[1]);
    }
  }

  private static List<Payment> payments(Block block) {
    return block.transactions().getFirst().outputs().stream().map(Payment::of).toList();
  }

  private static Block withOutputs(Block block, UnaryOperator<List<Output>> change) {
    return UtxoFixture.withBody(
        block,
        body -> {
          Transaction coinbase = body.getFirst();
          body.set(
              0,
              new Transaction(
                  coinbase.version(),
                  coinbase.inputs(),
                  change.apply(new ArrayList<>(coinbase.outputs())),
                  coinbase.lockTime(),
                  coinbase.subnetworkId(),
                  coinbase.gas(),
                  coinbase.payload(),
                  coinbase.storageMass()));
          return body;
        });
  }

  private BlockStatus qualified(Block block) {
    fixture.add(block);
    return fixture.consensus.qualify(List.of(block.hash())).join().getFirst();
  }

  @Test
  void lowBluesEarnNothingLowRedsTheirFeesAndTheOthersAll() {
    try (fixture) {
      Hash tip = UtxoFixture.GENESIS;
      for (int i = 1; i <= LENGTH; i++) {
        tip = fixture.mine(tip);
        chain.add(tip);
      }
      Hash redAndLow = block(chain.get(33), 1, fee(1)); // on c34: 6 blues beside it
      Hash blueAndLow = block(chain.get(36), 2, fee(2)); // on c37: 4 blues beside it
      List<Hash> high = new ArrayList<>();
      for (int miner = 3; miner <= 5; miner++) {
        high.add(block(tip, miner, fee(miner)));
      }
      List<Hash> ordered = fixture.ordered(high.toArray(new Hash[0]));
      // The lowest comes before the other one, which would be the fifth beside blueAndLow: red.
      int selected = 3 + high.indexOf(ordered.get(0));
      int blue = 3 + high.indexOf(ordered.get(2));
      int red = 3 + high.indexOf(ordered.get(1));

      List<Hash> parents = new ArrayList<>(ordered);
      parents.add(blueAndLow);
      parents.add(redAndLow);
      Block merging = make(fixture.ordered(parents.toArray(new Hash[0])), 9, List.of());

      long subsidy = subsidy(merging);
      assertThat(subsidy).isPositive();
      assertThat(payments(merging))
          .containsExactly(
              new Payment(subsidy + fee(selected), selected),
              new Payment(subsidy + fee(blue), blue),
              new Payment(fee(1) + subsidy + fee(red), 9));

      Output unearned = new Output(fee(2), script(2), null);
      Block paysLowBlue = withOutputs(merging, outputs -> inserted(outputs, 1, unearned));
      assertThat(qualified(paysLowBlue)).isEqualTo(BlockStatus.DISQUALIFIED_FROM_CHAIN);
      long tooMuch = merging.transactions().getFirst().outputs().getLast().value() + subsidy;
      Block paysLowRed =
          withOutputs(
              merging,
              outputs -> {
                outputs.set(2, new Output(tooMuch, script(9), null));
                return outputs;
              });
      assertThat(qualified(paysLowRed)).isEqualTo(BlockStatus.DISQUALIFIED_FROM_CHAIN);
      assertThat(qualified(withOutputs(merging, List::reversed)))
          .isEqualTo(BlockStatus.DISQUALIFIED_FROM_CHAIN);
      assertThat(qualified(merging)).isEqualTo(BlockStatus.UTXO_VALID);
    }
  }

  private static List<Output> inserted(List<Output> outputs, int index, Output output) {
    outputs.add(index, output);
    return outputs;
  }
}
