package kaspeer.flows.sync;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import kaspeer.flow.FlowContext;
import kaspeer.flow.peers.Sync;
import kaspeer.primitives.Hash;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.IbdChainBlockLocatorMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.RequestIbdChainBlockLocatorMessage;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Finds out where the history begins that a peer serves: its locator of the whole chain ends there
 * (protocol reference 5.13).
 */
final class RootQuestion {
  private final FlowContext flow;
  private final ActorRef<Sync.RetentionRoot> replyTo;
  private final AnswerWait wait;
  private final int question;

  /** Asks the peer. */
  RootQuestion(FlowContext flow, ActorRef<Sync.RetentionRoot> replyTo) {
    this.flow = flow;
    this.replyTo = replyTo;
    this.wait = new AnswerWait(flow);
    this.question =
        flow.ask(
            KaspadMessage.newBuilder()
                .setRequestIbdChainBlockLocator(
                    RequestIbdChainBlockLocatorMessage.getDefaultInstance()),
            Set.of(PayloadCase.IBD_CHAIN_BLOCK_LOCATOR),
            false);
    wait.begin(PayloadCase.IBD_CHAIN_BLOCK_LOCATOR, flow.settings().answerTimeout());
  }

  AnswerWait waiting() {
    return wait;
  }

  void onLocator(IbdChainBlockLocatorMessage locator) throws ConversionException {
    wait.end();
    flow.settle(question);
    List<Hash> hashes = Hashes.fromWire(locator.getBlockLocatorHashesList());
    replyTo.tell(
        new Sync.RetentionRoot(
            hashes.isEmpty() ? Optional.empty() : Optional.of(hashes.getLast())));
  }
}
