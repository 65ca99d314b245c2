package kaspeer.node.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParamsOverride;

/** The demo's network: a simnet on which mined coins can be spent sooner. */
final class DemoParams {
  private static final int MATURITY = 20;

  private DemoParams() {}

  /** Writes them for the nodes. */
  static Path write(Path directory) throws IOException {
    return Files.writeString(directory.resolve("params.json"), json());
  }

  static Params params() {
    return ParamsOverride.parse(json()).apply(Params.of(Network.SIMNET));
  }

  private static String json() {
    Params simnet = Params.of(Network.SIMNET);
    return """
        {"blockrate": {
          "target_time_per_block": %d,
          "ghostdag_k": %d,
          "past_median_time_sample_rate": %d,
          "difficulty_sample_rate": %d,
          "max_block_parents": %d,
          "mergeset_size_limit": %d,
          "merge_depth": %d,
          "finality_depth": %d,
          "pruning_depth": %d,
          "coinbase_maturity": %d
        }}
        """
        .formatted(
            simnet.targetTimePerBlock(),
            simnet.ghostdagK(),
            simnet.pastMedianTimeSampleRate(),
            simnet.difficultySampleRate(),
            simnet.maxBlockParents(),
            simnet.mergesetSizeLimit(),
            simnet.mergeDepth(),
            simnet.finalityDepth(),
            simnet.pruningDepth(),
            MATURITY);
  }
}
