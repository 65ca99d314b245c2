package kaspeer.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoreFormatTest {
  private static final Path FOLDER = Path.of("data");

  /** Directories of old have these lines: what is called otherwise is compared no more. */
  @Test
  void namesStay() {
    assertThat(StoreFormat.of(FOLDER, Params.of(Network.SIMNET)).entries().keySet())
        .containsExactly(
            "kaspeer-store",
            "network",
            "genesis",
            "skipProofOfWork",
            "maxBlockLevel",
            "targetTimePerBlock",
            "ghostdagK",
            "maxBlockParents",
            "mergesetSizeLimit",
            "mergeDepth",
            "finalityDepth",
            "pruningDepth",
            "coinbaseMaturity",
            "timestampTolerance",
            "pastMedianTimeWindow",
            "pastMedianTimeSampleRate",
            "difficultyWindow",
            "difficultySampleRate",
            "minDifficultyWindow",
            "pruningProofM",
            "coinbaseScriptMaxLength",
            "coinbasePayloadMaxLength",
            "maxInputs",
            "maxOutputs",
            "maxSignatureScriptLength",
            "maxScriptPublicKeyLength",
            "massPerTxByte",
            "massPerScriptPubKeyByte",
            "massPerSigOp",
            "maxComputeMass",
            "maxTransientMass",
            "maxStorageMass",
            "maxLanesPerBlock",
            "maxGasPerLane",
            "storageMassParameter",
            "deflationaryPhaseDaaScore",
            "preDeflationarySubsidy",
            "preCrescendoTargetTimePerBlock",
            "crescendoActivation");
  }

  @ParameterizedTest
  @EnumSource(Network.class)
  void everyParameterIsThere(Network network) throws ReflectiveOperationException {
    Params params = Params.of(network);
    List<String> values = new ArrayList<>();
    values.add(Integer.toString(StoreFormat.VERSION));
    values.add(network.wireName());
    values.add(params.genesis().hash().toString());
    for (RecordComponent component : Params.class.getRecordComponents()) {
      if (!component.getName().equals("network") && !component.getName().equals("genesis")) {
        values.add(component.getAccessor().invoke(params).toString());
      }
    }
    assertThat(StoreFormat.of(FOLDER, params).entries().values()).containsExactlyElementsOf(values);
  }
}
