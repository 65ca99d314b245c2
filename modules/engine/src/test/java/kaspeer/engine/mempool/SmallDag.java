package kaspeer.engine.mempool;

import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParamsOverride;

/** A network on which a test soon has coins to spend. */
final class SmallDag {
  /** Coinbases mature after 10. */
  static final Params PARAMS =
      ParamsOverride.parse(
              """
              {"blockrate": {"target_time_per_block": 100, "ghostdag_k": 3,
              "past_median_time_sample_rate": 10, "difficulty_sample_rate": 10,
              "max_block_parents": 4, "mergeset_size_limit": 12, "merge_depth": 15,
              "finality_depth": 30, "pruning_depth": 90, "coinbase_maturity": 10}}
              """)
          .apply(Params.of(Network.SIMNET));

  private SmallDag() {}
}
