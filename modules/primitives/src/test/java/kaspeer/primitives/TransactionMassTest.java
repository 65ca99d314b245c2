package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;

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
}
