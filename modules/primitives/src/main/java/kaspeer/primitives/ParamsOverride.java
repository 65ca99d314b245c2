package kaspeer.primitives;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import kaspeer.primitives.json.JsonException;
import kaspeer.primitives.json.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Changes to a network's parameters, read from the JSON file that kaspad's {@code
 * --override-params-file} takes (consensus reference 2.2, names in 10.3).
 *
 * <p>Any subset of the names may be given, and null counts as not given. The objects {@code
 * blockrate}, {@code block_mass_limits} and {@code block_lane_limits} must be complete. Unknown
 * names are refused.
 *
 * <p>Where kaspad takes any number of the field's width, this refuses those with which the rules
 * cannot be computed (a division by zero, an overflow).
 */
public final class ParamsOverride {
  private static final String SKIP_PROOF_OF_WORK = "skip_proof_of_work";
  private static final long MILLIS_PER_SECOND = 1000;

  /** Sums of a few of these, and products with small factors, stay below 2^63. */
  private static final long MAX_DEPTH = 1L << 56;

  /** Windows and mergesets are held in memory. */
  private static final long MAX_WINDOW = 1_000_000;

  /** Times the bytes of any message still below 2^63. */
  private static final long MAX_MASS_PER_BYTE = 1L << 31;

  /** 2^64 - 1 for fields where that means "never". */
  private static final long UNSIGNED_MAX = -1;

  /** Where a field stands in the file. */
  private enum Group {
    TOP,
    BLOCKRATE,
    BLOCK_MASS_LIMITS,
    BLOCK_LANE_LIMITS;

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private enum Field {
    TIMESTAMP_DEVIATION_TOLERANCE(Group.TOP, 0, MAX_DEPTH / MILLIS_PER_SECOND),
    PAST_MEDIAN_TIME_WINDOW_SIZE(Group.TOP, 1, MAX_WINDOW),
    DIFFICULTY_WINDOW_SIZE(Group.TOP, 2, MAX_WINDOW),
    MIN_DIFFICULTY_WINDOW_SIZE(Group.TOP, 2, MAX_WINDOW),
    COINBASE_PAYLOAD_SCRIPT_PUBLIC_KEY_MAX_LEN(Group.TOP, 0, 0xFF),
    MAX_COINBASE_PAYLOAD_LEN(Group.TOP, 0, Integer.MAX_VALUE),
    MAX_TX_INPUTS(Group.TOP, 0, Integer.MAX_VALUE),
    MAX_TX_OUTPUTS(Group.TOP, 0, Integer.MAX_VALUE),
    MAX_SIGNATURE_SCRIPT_LEN(Group.TOP, 0, Integer.MAX_VALUE),
    MAX_SCRIPT_PUBLIC_KEY_LEN(Group.TOP, 0, Integer.MAX_VALUE),
    MASS_PER_TX_BYTE(Group.TOP, 0, MAX_MASS_PER_BYTE),
    MASS_PER_SCRIPT_PUB_KEY_BYTE(Group.TOP, 0, MAX_MASS_PER_BYTE),
    MASS_PER_SIG_OP(Group.TOP, 0, MAX_MASS_PER_BYTE),
    STORAGE_MASS_PARAMETER(Group.TOP, 0, Long.MAX_VALUE),
    DEFLATIONARY_PHASE_DAA_SCORE(Group.TOP, 0, UNSIGNED_MAX),
    PRE_DEFLATIONARY_PHASE_BASE_SUBSIDY(Group.TOP, 0, Sompi.MAX),
    MAX_BLOCK_LEVEL(Group.TOP, 0, 0xFF),
    PRUNING_PROOF_M(Group.TOP, 1, Integer.MAX_VALUE),
    PRE_CRESCENDO_TARGET_TIME_PER_BLOCK(Group.TOP, 1, MILLIS_PER_SECOND),
    CRESCENDO_ACTIVATION(Group.TOP, 0, UNSIGNED_MAX),
    TARGET_TIME_PER_BLOCK(Group.BLOCKRATE, 1, MILLIS_PER_SECOND),
    GHOSTDAG_K(Group.BLOCKRATE, 0, 0xFFFF),
    PAST_MEDIAN_TIME_SAMPLE_RATE(Group.BLOCKRATE, 1, MAX_WINDOW),
    DIFFICULTY_SAMPLE_RATE(Group.BLOCKRATE, 1, MAX_WINDOW),
    MAX_BLOCK_PARENTS(Group.BLOCKRATE, 1, 0xFF),
    MERGESET_SIZE_LIMIT(Group.BLOCKRATE, 1, MAX_WINDOW),
    MERGE_DEPTH(Group.BLOCKRATE, 0, MAX_DEPTH),
    FINALITY_DEPTH(Group.BLOCKRATE, 1, MAX_DEPTH),
    PRUNING_DEPTH(Group.BLOCKRATE, 1, MAX_DEPTH),
    COINBASE_MATURITY(Group.BLOCKRATE, 0, MAX_DEPTH),
    STORAGE(Group.BLOCK_MASS_LIMITS, 0, Long.MAX_VALUE),
    COMPUTE(Group.BLOCK_MASS_LIMITS, 0, Long.MAX_VALUE),
    TRANSIENT(Group.BLOCK_MASS_LIMITS, 0, Long.MAX_VALUE),
    LANES_PER_BLOCK(Group.BLOCK_LANE_LIMITS, 0, Integer.MAX_VALUE),
    GAS_PER_LANE(Group.BLOCK_LANE_LIMITS, 0, Long.MAX_VALUE);

    final Group group;
    final long min;
    final long max;

    /** Bounds are unsigned. */
    Field(Group group, long min, long max) {
      this.group = group;
      this.min = min;
      this.max = max;
    }

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Map<Field, Long> values;
  private final @Nullable Boolean skipProofOfWork;

  private ParamsOverride(Map<Field, Long> values, @Nullable Boolean skipProofOfWork) {
    this.values = values;
    this.skipProofOfWork = skipProofOfWork;
  }

  /**
   * Reads the text of an override file.
   *
   * @throws InvalidParamsException if it is not such a file; the message names the field
   */
  public static ParamsOverride parse(String json) {
    try {
      JsonNode root = JsonNode.parse(json);
      Map<Field, Long> values = new EnumMap<>(Field.class);
      readFields(root, Group.TOP, values);
      for (String name : root.names()) {
        Group group = group(name);
        if (group != null) {
          JsonNode node = root.find(name);
          if (node != null) {
            readFields(node, group, values);
          }
        } else if (!name.equals(SKIP_PROOF_OF_WORK) && field(Group.TOP, name) == null) {
          throw new InvalidParamsException("unknown field " + root.get(name).path());
        }
      }
      JsonNode skip = root.find(SKIP_PROOF_OF_WORK);
      return new ParamsOverride(values, skip == null ? null : skip.asBoolean());
    } catch (JsonException e) {
      throw new InvalidParamsException(e.getMessage(), e);
    }
  }

  private static void readFields(JsonNode node, Group group, Map<Field, Long> values) {
    for (Field field : Field.values()) {
      if (field.group == group) {
        JsonNode number = group == Group.TOP ? node.find(field.key()) : node.get(field.key());
        if (number != null) {
          values.put(field, value(field, number));
        }
      }
    }
    if (group != Group.TOP) {
      for (String name : node.names()) {
        if (field(group, name) == null) {
          throw new InvalidParamsException("unknown field " + node.get(name).path());
        }
      }
    }
  }

  private static long value(Field field, JsonNode number) {
    long value = number.asUnsigned(field.max);
    if (Long.compareUnsigned(value, field.min) < 0) {
      throw new InvalidParamsException(
          number.path() + " is " + value + ", but must be at least " + field.min);
    }
    return value;
  }

  private static @Nullable Group group(String name) {
    for (Group group : Group.values()) {
      if (group != Group.TOP && group.key().equals(name)) {
        return group;
      }
    }
    return null;
  }

  private static @Nullable Field field(Group group, String name) {
    for (Field field : Field.values()) {
      if (field.group == group && field.key().equals(name)) {
        return field;
      }
    }
    return null;
  }

  /**
   * The parameters with these changes.
   *
   * @throws InvalidParamsException if they are mainnet's: those cannot be changed
   */
  public Params apply(Params base) {
    if (base.network() == Network.MAINNET) {
      throw new InvalidParamsException("the parameters of mainnet cannot be overridden");
    }
    return new Params(
        base.network(),
        base.genesis(),
        skipProofOfWork == null ? base.skipProofOfWork() : skipProofOfWork,
        or(Field.MAX_BLOCK_LEVEL, base.maxBlockLevel()),
        or(Field.TARGET_TIME_PER_BLOCK, base.targetTimePerBlock()),
        or(Field.GHOSTDAG_K, base.ghostdagK()),
        or(Field.MAX_BLOCK_PARENTS, base.maxBlockParents()),
        or(Field.MERGESET_SIZE_LIMIT, base.mergesetSizeLimit()),
        or(Field.MERGE_DEPTH, base.mergeDepth()),
        or(Field.FINALITY_DEPTH, base.finalityDepth()),
        or(Field.PRUNING_DEPTH, base.pruningDepth()),
        or(Field.COINBASE_MATURITY, base.coinbaseMaturity()),
        MILLIS_PER_SECOND
            * or(
                Field.TIMESTAMP_DEVIATION_TOLERANCE, base.timestampTolerance() / MILLIS_PER_SECOND),
        or(Field.PAST_MEDIAN_TIME_WINDOW_SIZE, base.pastMedianTimeWindow()),
        or(Field.PAST_MEDIAN_TIME_SAMPLE_RATE, base.pastMedianTimeSampleRate()),
        or(Field.DIFFICULTY_WINDOW_SIZE, base.difficultyWindow()),
        or(Field.DIFFICULTY_SAMPLE_RATE, base.difficultySampleRate()),
        or(Field.MIN_DIFFICULTY_WINDOW_SIZE, base.minDifficultyWindow()),
        or(Field.PRUNING_PROOF_M, base.pruningProofM()),
        or(Field.COINBASE_PAYLOAD_SCRIPT_PUBLIC_KEY_MAX_LEN, base.coinbaseScriptMaxLength()),
        or(Field.MAX_COINBASE_PAYLOAD_LEN, base.coinbasePayloadMaxLength()),
        or(Field.MAX_TX_INPUTS, base.maxInputs()),
        or(Field.MAX_TX_OUTPUTS, base.maxOutputs()),
        or(Field.MAX_SIGNATURE_SCRIPT_LEN, base.maxSignatureScriptLength()),
        or(Field.MAX_SCRIPT_PUBLIC_KEY_LEN, base.maxScriptPublicKeyLength()),
        or(Field.MASS_PER_TX_BYTE, base.massPerTxByte()),
        or(Field.MASS_PER_SCRIPT_PUB_KEY_BYTE, base.massPerScriptPubKeyByte()),
        or(Field.MASS_PER_SIG_OP, base.massPerSigOp()),
        or(Field.COMPUTE, base.maxComputeMass()),
        or(Field.TRANSIENT, base.maxTransientMass()),
        or(Field.STORAGE, base.maxStorageMass()),
        or(Field.LANES_PER_BLOCK, base.maxLanesPerBlock()),
        or(Field.GAS_PER_LANE, base.maxGasPerLane()),
        or(Field.STORAGE_MASS_PARAMETER, base.storageMassParameter()),
        or(Field.DEFLATIONARY_PHASE_DAA_SCORE, base.deflationaryPhaseDaaScore()),
        or(Field.PRE_DEFLATIONARY_PHASE_BASE_SUBSIDY, base.preDeflationarySubsidy()),
        or(Field.PRE_CRESCENDO_TARGET_TIME_PER_BLOCK, base.preCrescendoTargetTimePerBlock()),
        or(Field.CRESCENDO_ACTIVATION, base.crescendoActivation()));
  }

  private long or(Field field, long base) {
    return values.getOrDefault(field, base);
  }

  private int or(Field field, int base) {
    return Math.toIntExact(or(field, (long) base));
  }
}
