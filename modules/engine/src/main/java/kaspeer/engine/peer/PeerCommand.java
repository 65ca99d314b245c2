package kaspeer.engine.peer;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import kaspeer.engine.extension.ExtensionNote;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.HandshakeStep;
import kaspeer.primitives.Hash;
import kaspeer.transport.InboundFrame;
import kaspeer.transport.LinkEnd;
import kaspeer.transport.OutboundFrame;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;

/** What the supervisor of a peer takes: from its link, from its flows, from the peers actor. */
public sealed interface PeerCommand {
  // From the link.

  record Opened(ActorRef<Done> ack) implements PeerCommand {}

  record Frames(List<InboundFrame> frames, ActorRef<Done> ack) implements PeerCommand {}

  /** There may be room for another frame by now. */
  enum LookAgain implements PeerCommand {
    TICK
  }

  /** No more frames come. */
  enum Inbound implements PeerCommand {
    OVER
  }

  record LinkEnded(LinkEnd end) implements PeerCommand {}

  // From the flows, by the number of their slot.

  record Pull(int slot, int generation, int inbox, int messages) implements PeerCommand {}

  record Asked(int slot, int generation, int question, Set<PayloadCase> answers, boolean withId)
      implements PeerCommand {}

  record Settled(int question) implements PeerCommand {}

  record Violated(int slot, FlowOutcome.Violation violation) implements PeerCommand {}

  record Finished(int slot, int generation, FlowOutcome outcome) implements PeerCommand {}

  record Shaken(HandshakeStep step) implements PeerCommand {}

  record PingMeasured(Duration roundTrip) implements PeerCommand {}

  record Dropped(int slot, int announcements) implements PeerCommand {}

  /** From a flow of a plug-in, or about one. */
  record Noted(ExtensionNote note) implements PeerCommand {}

  /** What must be sent now does not fit: the peer takes too little. */
  enum OutboxFull implements PeerCommand {
    CONTROL
  }

  // From the peers actor.

  /** The peer broke a rule that no flow of its own found out. */
  record Blame(FlowOutcome.Violation violation) implements PeerCommand {}

  /** Ends the connection for a reason that is not the peer's doing. */
  record Dismiss(String reason, String detail) implements PeerCommand {}

  record AnnounceBlock(Hash hash, OutboundFrame announcement) implements PeerCommand {}

  /**
   * @param again whether the peer is told though it was told before
   */
  record AnnounceTransactions(List<Hash> ids, OutboundFrame announcement, boolean again)
      implements PeerCommand {}

  record Report(ActorRef<PeerReport> replyTo) implements PeerCommand {}

  /** The flows have had their time to end. */
  enum CloseLate implements PeerCommand {
    TICK
  }
}
