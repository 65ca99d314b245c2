package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values: consensus reference 2.1 to 2.3. */
class NetworkParamsTest {
  @ParameterizedTest
  @CsvSource({
    "MAINNET,58c2d4199e21f910d1571d114969cecef48f09f934d42ccb6a281a15868f2999,8a7b9b82,f5a7d5",
    "TESTNET_10,f896a3034873be1739fc4359236899fd3d65d2bc94f9780df0d0da3eb1cc4370,420e7122,3f01057",
    "SIMNET,411f8cd26f3d41aea39e78573927da24d23995705b579f30959b9127e96b79e3,880eb981,9153c3",
    "DEVNET,4cb48d0b2073b802360145a15ad1abdc01d89b5c2fe4722630ab9b5fe9dfc4f2,65cf8451,f89730"
  })
  void genesisHasTheHashThatTheNetworkKnows(
      Network network, String hash, String idStart, String idEnd) {
    Block genesis = Params.of(network).genesis();
    assertThat(genesis.hash()).hasToString(hash);
    assertThat(genesis.transactions()).hasSize(1);
    Transaction coinbase = genesis.transactions().getFirst();
    assertThat(coinbase.id().toString()).startsWith(idStart).endsWith(idEnd);
    assertThat(genesis.header().hashMerkleRoot()).isEqualTo(coinbase.hash());
  }

  @ParameterizedTest
  @CsvSource({
    "MAINNET,false,225,16,15519600,50000000000,1000,110165000",
    "TESTNET_10,false,250,16,15519600,50000000000,1000,88657000",
    "SIMNET,true,250,64,155196000,5000000000,100,0",
    "DEVNET,false,250,16,0,5000000000,100,0"
  })
  void networksDifferIn(
      Network network,
      boolean skipProofOfWork,
      int maxLevel,
      int maxParents,
      long deflationary,
      long subsidy,
      long blockTimeBefore,
      long crescendo) {
    Params params = Params.of(network);
    assertThat(params.network()).isEqualTo(network);
    assertThat(params.skipProofOfWork()).isEqualTo(skipProofOfWork);
    assertThat(params.maxBlockLevel()).isEqualTo(maxLevel);
    assertThat(params.maxBlockParents()).isEqualTo(maxParents);
    assertThat(params.deflationaryPhaseDaaScore()).isEqualTo(deflationary);
    assertThat(params.preDeflationarySubsidy()).isEqualTo(subsidy);
    assertThat(params.preCrescendoTargetTimePerBlock()).isEqualTo(blockTimeBefore);
    assertThat(params.crescendoActivation()).isEqualTo(crescendo);
  }

  @Test
  void allNetworksShareTheRest() {
    for (Network network : Network.values()) {
      Params params = Params.of(network);
      assertThat(params.targetTimePerBlock()).isEqualTo(100);
      assertThat(params.ghostdagK()).isEqualTo(124);
      assertThat(params.mergesetSizeLimit()).isEqualTo(248);
      assertThat(params.mergeDepth()).isEqualTo(36_000);
      assertThat(params.finalityDepth()).isEqualTo(432_000);
      assertThat(params.pruningDepth()).isEqualTo(1_080_000);
      assertThat(params.coinbaseMaturity()).isEqualTo(1000);
      assertThat(params.timestampTolerance()).isEqualTo(132_000);
      assertThat(params.pastMedianTimeWindow()).isEqualTo(27);
      assertThat(params.pastMedianTimeSampleRate()).isEqualTo(100);
      assertThat(params.difficultyWindow()).isEqualTo(661);
      assertThat(params.difficultySampleRate()).isEqualTo(40);
      assertThat(params.minDifficultyWindow()).isEqualTo(150);
      assertThat(params.pruningProofM()).isEqualTo(1000);
      assertThat(params.maxComputeMass()).isEqualTo(500_000);
      assertThat(params.maxTransientMass()).isEqualTo(1_000_000);
      assertThat(params.maxStorageMass()).isEqualTo(500_000);
      assertThat(params.maxLanesPerBlock()).isEqualTo(50);
      assertThat(params.maxGasPerLane()).isEqualTo(1_000_000_000);
      assertThat(params.storageMassParameter()).isEqualTo(1_000_000_000_000L);
      assertThat(params.coinbasePayloadMaxLength()).isEqualTo(204);
      assertThat(params.coinbaseScriptMaxLength()).isEqualTo(150);
      assertThat(params.maxSignatureScriptLength()).isEqualTo(250_000);
      assertThat(params.maxScriptPublicKeyLength()).isEqualTo(10_000);
    }
  }
}
