package kaspeer.flows.sync;

import kaspeer.flow.FlowFactory;
import kaspeer.primitives.Block;
import kaspeer.wire.Blocks;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/**
 * Serves whole blocks for a sync (protocol reference 5.18): of use to clients older than requests
 * for bodies.
 */
public final class ServeIbdBlocksFlow {
  private ServeIbdBlocksFlow() {}

  /** The flow's description and maker. */
  public static FlowFactory<?> factory() {
    return new BlockListFlow.Kind(
            "serve-ibd-blocks",
            PayloadCase.REQUEST_IBD_BLOCKS,
            PayloadCase.IBD_BLOCK,
            message -> message.getRequestIbdBlocks().getHashesList(),
            ServeIbdBlocksFlow::answer)
        .factory();
  }

  private static KaspadMessage.Builder answer(Block block) {
    return KaspadMessage.newBuilder().setIbdBlock(Blocks.toWire(block));
  }
}
