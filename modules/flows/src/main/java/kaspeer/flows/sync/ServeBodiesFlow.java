package kaspeer.flows.sync;

import kaspeer.flow.FlowFactory;
import kaspeer.primitives.Block;
import kaspeer.wire.Blocks;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/** Serves bodies to a peer that has the headers (protocol reference 5.18). */
public final class ServeBodiesFlow {
  static final BlockListFlow.Kind KIND =
      new BlockListFlow.Kind(
          "serve-bodies",
          PayloadCase.REQUEST_BLOCK_BODIES,
          PayloadCase.BLOCK_BODY,
          message -> message.getRequestBlockBodies().getHashesList(),
          ServeBodiesFlow::answer);

  private ServeBodiesFlow() {}

  /** The flow's description and maker. */
  public static FlowFactory<?> factory() {
    return KIND.factory();
  }

  private static KaspadMessage.Builder answer(Block block) {
    return KaspadMessage.newBuilder().setBlockBody(Blocks.bodyToWire(block.transactions()));
  }
}
