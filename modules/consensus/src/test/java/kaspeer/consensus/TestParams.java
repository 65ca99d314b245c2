package kaspeer.consensus;

import kaspeer.primitives.Block;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParamsOverride;

/** Parameters for tests. */
public final class TestParams {
  private TestParams() {}

  public static Params withGenesis(Params p, Block genesis) {
    return new Params(
        p.network(),
        genesis,
        p.skipProofOfWork(),
        p.maxBlockLevel(),
        p.targetTimePerBlock(),
        p.ghostdagK(),
        p.maxBlockParents(),
        p.mergesetSizeLimit(),
        p.mergeDepth(),
        p.finalityDepth(),
        p.pruningDepth(),
        p.coinbaseMaturity(),
        p.timestampTolerance(),
        p.pastMedianTimeWindow(),
        p.pastMedianTimeSampleRate(),
        p.difficultyWindow(),
        p.difficultySampleRate(),
        p.minDifficultyWindow(),
        p.pruningProofM(),
        p.coinbaseScriptMaxLength(),
        p.coinbasePayloadMaxLength(),
        p.maxInputs(),
        p.maxOutputs(),
        p.maxSignatureScriptLength(),
        p.maxScriptPublicKeyLength(),
        p.massPerTxByte(),
        p.massPerScriptPubKeyByte(),
        p.massPerSigOp(),
        p.maxComputeMass(),
        p.maxTransientMass(),
        p.maxStorageMass(),
        p.maxLanesPerBlock(),
        p.maxGasPerLane(),
        p.storageMassParameter(),
        p.deflationaryPhaseDaaScore(),
        p.preDeflationarySubsidy(),
        p.preCrescendoTargetTimePerBlock(),
        p.crescendoActivation());
  }

  /**
   * Of simnet, with some fields of the top level of an override file, as JSON without the braces.
   */
  public static Params simnet(String overrides) {
    return ParamsOverride.parse("{" + overrides + "}").apply(Params.of(Network.SIMNET));
  }

  /** Likewise of devnet, without proof of work. */
  public static Params devnet(String overrides) {
    return ParamsOverride.parse("{\"skip_proof_of_work\": true, " + overrides + "}")
        .apply(Params.of(Network.DEVNET));
  }

  /**
   * The block rate fields of an override file.
   *
   * @param parents most parents of a block
   */
  public static String blockRate(
      int k,
      int parents,
      int mergesetLimit,
      int medianRate,
      int difficultyRate,
      int mergeDepth,
      int finalityDepth) {
    return """
        "blockrate": {"target_time_per_block": 100, "ghostdag_k": %d, "past_median_time_sample_rate": %d,
        "difficulty_sample_rate": %d, "max_block_parents": %d, "mergeset_size_limit": %d, "merge_depth": %d,
        "finality_depth": %d, "pruning_depth": %d, "coinbase_maturity": 10}
        """
        .formatted(
            k,
            medianRate,
            difficultyRate,
            parents,
            mergesetLimit,
            mergeDepth,
            finalityDepth,
            3 * finalityDepth);
  }
}
