package kaspeer.primitives;

/**
 * The consensus parameters of a network (consensus reference 2.1 and 2.2). Windows, depths and
 * limits count blocks unless said otherwise; masses are in grams, amounts in sompi.
 *
 * @param genesis the first block, with its body
 * @param skipProofOfWork whether values need not meet their targets; they still give block levels
 * @param maxBlockLevel the level of genesis, 0 to 255
 * @param targetTimePerBlock milliseconds, 1 to 1000
 * @param ghostdagK largest anticone of a blue block among the blues
 * @param mergesetSizeLimit selected parent, blues and reds together
 * @param mergeDepth blue score depth below which reds are not merged any more
 * @param finalityDepth blue score depth below which the selected chain is final
 * @param pruningDepth blue score depth below which data is given up
 * @param coinbaseMaturity DAA score by which an output of a coinbase must be old
 * @param timestampTolerance how far ahead of the clock a header may be, in milliseconds
 * @param pastMedianTimeWindow samples
 * @param pastMedianTimeSampleRate blocks a sample
 * @param difficultyWindow samples
 * @param difficultySampleRate blocks a sample
 * @param minDifficultyWindow samples without which the difficulty stays
 * @param pruningProofM headers a level of a pruning proof
 * @param coinbaseScriptMaxLength bytes of the miner's script in a coinbase payload
 * @param coinbasePayloadMaxLength bytes
 * @param maxInputs of a transaction
 * @param maxOutputs of a transaction
 * @param maxSignatureScriptLength bytes
 * @param maxScriptPublicKeyLength bytes
 * @param massPerTxByte compute mass of a byte of estimated size
 * @param massPerScriptPubKeyByte compute mass of a byte of an output's script, besides that of its
 *     size
 * @param massPerSigOp what the script engine charges for checking one signature
 * @param maxComputeMass of a block
 * @param maxTransientMass of a block
 * @param maxStorageMass of a block
 * @param maxLanesPerBlock distinct subnetwork ids besides the coinbase's
 * @param maxGasPerLane sum over a block
 * @param storageMassParameter the constant C of KIP-9
 * @param deflationaryPhaseDaaScore where subsidies begin to fall; unsigned
 * @param preDeflationarySubsidy subsidy of a block before that
 * @param preCrescendoTargetTimePerBlock milliseconds, 1 to 1000
 * @param crescendoActivation DAA score from which {@code targetTimePerBlock} counts; unsigned, 2^64
 *     - 1 for never
 */
public record Params(
    Network network,
    Block genesis,
    boolean skipProofOfWork,
    int maxBlockLevel,
    long targetTimePerBlock,
    int ghostdagK,
    int maxBlockParents,
    int mergesetSizeLimit,
    long mergeDepth,
    long finalityDepth,
    long pruningDepth,
    long coinbaseMaturity,
    long timestampTolerance,
    int pastMedianTimeWindow,
    int pastMedianTimeSampleRate,
    int difficultyWindow,
    int difficultySampleRate,
    int minDifficultyWindow,
    int pruningProofM,
    int coinbaseScriptMaxLength,
    int coinbasePayloadMaxLength,
    int maxInputs,
    int maxOutputs,
    int maxSignatureScriptLength,
    int maxScriptPublicKeyLength,
    long massPerTxByte,
    long massPerScriptPubKeyByte,
    long massPerSigOp,
    long maxComputeMass,
    long maxTransientMass,
    long maxStorageMass,
    int maxLanesPerBlock,
    long maxGasPerLane,
    long storageMassParameter,
    long deflationaryPhaseDaaScore,
    long preDeflationarySubsidy,
    long preCrescendoTargetTimePerBlock,
    long crescendoActivation) {

  /** The parameters of a network as it runs today. */
  public static Params of(Network network) {
    return NetworkParams.of(network);
  }
}
