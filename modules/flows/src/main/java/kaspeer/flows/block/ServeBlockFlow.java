package kaspeer.flows.block;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowDescriptor.VersionRange;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.Breach;
import kaspeer.flows.common.OneByOne;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.wire.Blocks;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.WireLimits;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests for relayed blocks, in order, each with the number of its request (protocol
 * reference 5.7), and each once in a request however often it stands there.
 */
public final class ServeBlockFlow {
  private static final FlowDescriptor DESCRIPTOR =
      new FlowDescriptor(
          "serve-block",
          VersionRange.ALL,
          Phase.READY,
          List.of(
              new Inbox(
                  OneByOne.REQUESTS,
                  Set.of(PayloadCase.REQUEST_RELAY_BLOCKS),
                  false,
                  256,
                  256 << 10,
                  Overflow.BACKPRESSURE)),
          Set.of(PayloadCase.BLOCK),
          OnFailure.END_PEER);

  private ServeBlockFlow() {}

  /** The flow's description and maker. */
  public static FlowFactory<?> factory() {
    return OneByOne.factory(DESCRIPTOR, Block.class, Relayed::new);
  }

  private static final class Relayed implements OneByOne.Server<Block> {
    private final FlowContext flow;
    private int requestId;

    Relayed(FlowContext flow) {
      this.flow = flow;
    }

    @Override
    public List<Hash> wanted(KaspadMessage request) throws Breach, ConversionException {
      List<kaspeer.wire.proto.Hash> hashes = request.getRequestRelayBlocks().getHashesList();
      if (hashes.size() > WireLimits.MAX_REQUESTED_BLOCKS) {
        throw new Breach(
            ViolationCode.REQUEST_LIST_TOO_LONG,
            hashes.size() + " blocks, at most " + WireLimits.MAX_REQUESTED_BLOCKS);
      }
      requestId = request.getRequestId();
      return List.copyOf(new LinkedHashSet<>(Hashes.fromWire(hashes)));
    }

    @Override
    public boolean lookUp(Hash hash, ActorRef<Optional<Block>> replyTo) {
      flow.dag().tell(new Dag.GetBlock(hash, replyTo));
      return true;
    }

    @Override
    public @Nullable KaspadMessage answer(Hash hash, @Nullable Block found) {
      if (found == null) {
        // The words that the reference looks for in a reject.
        flow.violation(ViolationCode.REQUEST_OF_UNKNOWN_BLOCK, "cannot find full block " + hash);
        return null;
      }
      return KaspadMessage.newBuilder()
          .setBlock(Blocks.toWire(found))
          .setResponseId(requestId)
          .build();
    }
  }
}
