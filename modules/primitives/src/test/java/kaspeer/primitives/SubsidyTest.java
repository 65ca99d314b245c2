package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values were computed by an independent implementation. */
class SubsidyTest {
  @ParameterizedTest
  @CsvSource({
    "MAINNET,0,50000000000",
    "MAINNET,15519599,50000000000",
    "MAINNET,15519600,44000000000",
    "MAINNET,18149399,44000000000",
    "MAINNET,18149400,41530469757",
    "MAINNET,41817599,26162556530",
    "MAINNET,41817600,24694165062",
    "MAINNET,110164999,5827047018",
    "MAINNET,110165000,582704702",
    "MAINNET,400000000,291352351",
    "MAINNET,1000000000,81757990",
    "MAINNET,5000000000,12575",
    "MAINNET,11000000000,0",
    "MAINNET,18446744073709551615,0",
    "TESTNET_10,88656999,9249860567",
    "TESTNET_10,88657000,924986057",
    "TESTNET_10,400000000,462493029",
    "TESTNET_10,5000000000,18841",
    "SIMNET,0,5000000000",
    "SIMNET,155195999,5000000000",
    "SIMNET,155196000,4400000000",
    "SIMNET,181493999,4400000000",
    "SIMNET,181494000,4153046976",
    "SIMNET,5000000000,106576",
    "SIMNET,11000000000,1",
    "SIMNET,9223372036854775808,0",
    "DEVNET,0,4400000000",
    "DEVNET,26297999,4400000000",
    "DEVNET,26298000,4153046976",
    "DEVNET,1000000000,489994295",
    "DEVNET,15000000000,0",
    "DEVNET,18446744073709551615,0"
  })
  void subsidyFollowsTheSchedule(Network network, String daaScore, long expected) {
    assertThat(Subsidy.of(Params.of(network), Long.parseUnsignedLong(daaScore)))
        .isEqualTo(expected);
  }

  @Test
  void aCrescendoThatNeverComesLeavesTheOldRateForEver() {
    Params params =
        ParamsOverride.parse(
                """
                {"crescendo_activation": 18446744073709551615, "pre_crescendo_target_time_per_block": 1000}""")
            .apply(Params.of(Network.DEVNET));
    assertThat(Subsidy.of(params, 0)).isEqualTo(44_000_000_000L);
    assertThat(Subsidy.of(params, 2_629_799)).isEqualTo(44_000_000_000L);
    assertThat(Subsidy.of(params, 2_629_800)).isEqualTo(41_530_469_757L);
    assertThat(Subsidy.of(params, -1)).isZero();
  }
}
