package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Expected values are sums written out from consensus reference 5.4. */
class TransactionMassTest {
  private static final Params PARAMS = Params.of(Network.SIMNET);

  @Test
  void sizeOfVersion0() {
    // Fixed 94, two inputs of 52 with 2 and 0 bytes of script, an output of 18 with none, 3 of
    // payload.
    assertThat(TransactionMass.estimatedSize(Samples.version0()))
        .isEqualTo(94 + 52 + 2 + 52 + 18 + 3);
  }

  @Test
  void sizeOfVersion1CountsBudgetsAndCovenants() {
    assertThat(TransactionMass.estimatedSize(Samples.version1()))
        .isEqualTo(94 + 54 + 2 + 18 + 34 + 34 + 18 + 3);
  }

  @Test
  void computeMassOfVersion0CountsSignatureOperations() {
    assertThat(TransactionMass.of(Samples.version0(), PARAMS))
        .isEqualTo(new TransactionMass(221 + 10 * 2 + 1000 * (3 + 255), 4 * 221));
  }

  @Test
  void computeMassOfVersion1CountsBudgets() {
    assertThat(TransactionMass.of(Samples.version1(), PARAMS))
        .isEqualTo(new TransactionMass(257 + 10 * (2 + 34 + 2) + 100 * 65535, 4 * 257));
  }

  @Test
  void parametersPriceBytesButNotSignatureOperations() {
    Params dearer =
        ParamsOverride.parse(
                """
                {"mass_per_tx_byte": 3, "mass_per_script_pub_key_byte": 7, "mass_per_sig_op": 1}""")
            .apply(PARAMS);
    assertThat(TransactionMass.of(Samples.version0(), dearer).compute())
        .isEqualTo(3 * 221 + 7 * 2 + 1000 * (3 + 255));
  }

  @Test
  void aCoinbaseHasNoMass() {
    Transaction coinbase = Params.of(Network.MAINNET).genesis().transactions().getFirst();
    assertThat(TransactionMass.of(coinbase, PARAMS)).isEqualTo(new TransactionMass(0, 0));
  }

  @Test
  void massesOfABlockAddUp() {
    Transaction coinbase = PARAMS.genesis().transactions().getFirst();
    TransactionMass first = TransactionMass.of(Samples.version0(), PARAMS);
    TransactionMass second = TransactionMass.of(Samples.version1(), PARAMS);
    assertThat(BlockMass.of(List.of(coinbase, Samples.version0(), Samples.version1()), PARAMS))
        .isEqualTo(
            new BlockMass(
                first.compute() + second.compute(),
                first.transientStorage() + second.transientStorage(),
                77,
                1,
                18));
  }

  @Test
  void lanesAreDistinctSubnetworksAndGasIsByLane() {
    BlockMass mass =
        BlockMass.of(
            List.of(
                lane(SubnetworkId.COINBASE, 50),
                lane(SubnetworkId.NATIVE, 3),
                lane(Samples.lane(), 4),
                lane(SubnetworkId.NATIVE, 2)),
            PARAMS);
    assertThat(mass.lanes()).isEqualTo(2);
    assertThat(mass.maxLaneGas()).isEqualTo(5);
    assertThat(BlockMass.of(List.of(), PARAMS)).isEqualTo(new BlockMass(0, 0, 0, 0, 0));
  }

  @Test
  void sumsOfWhatTransactionsClaimDoNotOverflow() {
    Transaction claims =
        new Transaction(1, List.of(), List.of(), 0, SubnetworkId.NATIVE, -1, new byte[0], -1);
    BlockMass mass = BlockMass.of(Collections.nCopies(3, claims), PARAMS);
    assertThat(mass.storage()).isEqualTo(-1);
    assertThat(mass.maxLaneGas()).isEqualTo(-1);
  }

  private static Transaction lane(SubnetworkId id, long gas) {
    return new Transaction(1, List.of(), List.of(), 0, id, gas, new byte[0], 0);
  }
}
