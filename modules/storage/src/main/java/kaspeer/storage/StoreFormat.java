package kaspeer.storage;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.storage.StoreException.Reason;

/**
 * What a store says of itself: one name and one value a line, the format version first. Parameters
 * that only one side knows are not compared, so that a new one does not shut out older directories.
 *
 * <p>Format 1 has headers and bodies. Format 2 also has the UTXO state, in tables that format 1
 * does not know; what it has of format 1 is the same. So a directory of format 1 is taken over as
 * it is, and the consensus makes the UTXO state from the bodies; but a program that only knows
 * format 1 must not touch it any more.
 */
record StoreFormat(Path directory, Map<String, String> entries) {
  static final int VERSION = 2;

  private static final String FORMAT = "kaspeer-store";
  private static final String NETWORK = "network";
  private static final String GENESIS = "genesis";

  /**
   * The other parameters by the names that directories have. A name stays when its parameter is
   * called otherwise: it would no longer be compared with what older directories say.
   */
  private static final Map<String, Function<Params, Object>> PLAIN = plain();

  static StoreFormat of(Path directory, Params params) {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put(FORMAT, Integer.toString(VERSION));
    entries.put(NETWORK, params.network().wireName());
    entries.put(GENESIS, params.genesis().hash().toString());
    PLAIN.forEach((name, value) -> entries.put(name, value.apply(params).toString()));
    return new StoreFormat(directory, entries);
  }

  private static Map<String, Function<Params, Object>> plain() {
    Map<String, Function<Params, Object>> plain = new LinkedHashMap<>();
    plain.put("skipProofOfWork", Params::skipProofOfWork);
    plain.put("maxBlockLevel", Params::maxBlockLevel);
    plain.put("targetTimePerBlock", Params::targetTimePerBlock);
    plain.put("ghostdagK", Params::ghostdagK);
    plain.put("maxBlockParents", Params::maxBlockParents);
    plain.put("mergesetSizeLimit", Params::mergesetSizeLimit);
    plain.put("mergeDepth", Params::mergeDepth);
    plain.put("finalityDepth", Params::finalityDepth);
    plain.put("pruningDepth", Params::pruningDepth);
    plain.put("coinbaseMaturity", Params::coinbaseMaturity);
    plain.put("timestampTolerance", Params::timestampTolerance);
    plain.put("pastMedianTimeWindow", Params::pastMedianTimeWindow);
    plain.put("pastMedianTimeSampleRate", Params::pastMedianTimeSampleRate);
    plain.put("difficultyWindow", Params::difficultyWindow);
    plain.put("difficultySampleRate", Params::difficultySampleRate);
    plain.put("minDifficultyWindow", Params::minDifficultyWindow);
    plain.put("pruningProofM", Params::pruningProofM);
    plain.put("coinbaseScriptMaxLength", Params::coinbaseScriptMaxLength);
    plain.put("coinbasePayloadMaxLength", Params::coinbasePayloadMaxLength);
    plain.put("maxInputs", Params::maxInputs);
    plain.put("maxOutputs", Params::maxOutputs);
    plain.put("maxSignatureScriptLength", Params::maxSignatureScriptLength);
    plain.put("maxScriptPublicKeyLength", Params::maxScriptPublicKeyLength);
    plain.put("massPerTxByte", Params::massPerTxByte);
    plain.put("massPerScriptPubKeyByte", Params::massPerScriptPubKeyByte);
    plain.put("massPerSigOp", Params::massPerSigOp);
    plain.put("maxComputeMass", Params::maxComputeMass);
    plain.put("maxTransientMass", Params::maxTransientMass);
    plain.put("maxStorageMass", Params::maxStorageMass);
    plain.put("maxLanesPerBlock", Params::maxLanesPerBlock);
    plain.put("maxGasPerLane", Params::maxGasPerLane);
    plain.put("storageMassParameter", Params::storageMassParameter);
    plain.put("deflationaryPhaseDaaScore", Params::deflationaryPhaseDaaScore);
    plain.put("preDeflationarySubsidy", Params::preDeflationarySubsidy);
    plain.put("preCrescendoTargetTimePerBlock", Params::preCrescendoTargetTimePerBlock);
    plain.put("crescendoActivation", Params::crescendoActivation);
    return plain;
  }

  static StoreFormat parse(Path directory, String text) {
    Map<String, String> entries = new LinkedHashMap<>();
    text.lines()
        .forEach(
            line -> {
              int space = line.indexOf(' ');
              if (space > 0) {
                entries.put(line.substring(0, space), line.substring(space + 1));
              }
            });
    return new StoreFormat(directory, entries);
  }

  String text() {
    return entries.entrySet().stream()
        .map(e -> e.getKey() + " " + e.getValue() + "\n")
        .collect(Collectors.joining());
  }

  /**
   * @throws StoreException if this is of a newer format, or of another network, genesis or
   *     parameters
   */
  void requireFits(Params params) {
    requireVersion();
    for (Map.Entry<String, String> wanted : of(directory, params).entries.entrySet()) {
      String name = wanted.getKey();
      String stored = name.equals(FORMAT) ? null : entries.get(name);
      if (stored != null && !stored.equals(wanted.getValue())) {
        if (name.equals(NETWORK)) {
          throw otherNetwork(stored, params.network());
        }
        Reason reason = PLAIN.containsKey(name) ? Reason.OTHER_PARAMETERS : Reason.OTHER_NETWORK;
        throw new StoreException(
            reason,
            "the data directory "
                + directory
                + " was made with "
                + name
                + " "
                + stored
                + ", not "
                + wanted.getValue());
      }
    }
  }

  /** In the words of the options that help. */
  private StoreException otherNetwork(String stored, Network wanted) {
    String made =
        Arrays.stream(Network.values())
            .filter(network -> network.wireName().equals(stored))
            .map(Network::optionName)
            .findFirst()
            .orElse(stored);
    return new StoreException(
        Reason.OTHER_NETWORK,
        "the data directory "
            + directory
            + " was made for "
            + made
            + ", not for "
            + wanted.optionName()
            + ": give --network "
            + made
            + ", or another --data-dir");
  }

  /**
   * Whether this is of an older format, which is to be taken over.
   *
   * @throws StoreException if it is of no format
   */
  boolean isOlder() {
    return version() < VERSION;
  }

  private int version() {
    String stored = entries.get(FORMAT);
    if (stored == null) {
      throw new StoreException(
          Reason.NOT_OURS,
          directory
              + " is not a Kaspeer data directory: its FORMAT file has no line '"
              + FORMAT
              + "' with a version");
    }
    try {
      return Integer.parseInt(stored);
    } catch (NumberFormatException e) {
      throw new StoreException(
          Reason.NOT_OURS,
          directory
              + " is not a Kaspeer data directory: its FORMAT file says '"
              + FORMAT
              + " "
              + stored
              + "'",
          e);
    }
  }

  private void requireVersion() {
    int version = version();
    if (version > VERSION) {
      throw new StoreException(
          Reason.NEWER_FORMAT,
          "the data directory "
              + directory
              + " has format "
              + version
              + " of a newer version; this one knows "
              + VERSION);
    }
  }
}
