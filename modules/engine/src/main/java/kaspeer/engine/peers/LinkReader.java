package kaspeer.engine.peers;

import kaspeer.transport.InboundFrame;
import kaspeer.transport.Link;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.typed.javadsl.ActorSink;
import org.jspecify.annotations.Nullable;

/**
 * Brings the frames of a link to its supervisor, one at a time and the next only when it is asked
 * for.
 */
final class LinkReader {
  private @Nullable ActorRef<Done> owed;

  /**
   * Starts reading. The supervisor gets a {@link PeerCommand.Frame} for each, and {@link
   * PeerCommand.Inbound} at the end.
   */
  void start(ActorContext<PeerCommand> supervisor, Link link) {
    // One frame ahead: what is read and not taken is bounded by the inboxes, and not by the stream
    // besides.
    Sink<InboundFrame, NotUsed> sink =
        ActorSink.<InboundFrame, PeerCommand, Done>actorRefWithBackpressure(
                supervisor.getSelf(),
                (ack, frame) -> new PeerCommand.Frame(frame, ack),
                PeerCommand.Opened::new,
                Done.getInstance(),
                PeerCommand.Inbound.OVER,
                failure -> PeerCommand.Inbound.OVER)
            .withAttributes(Attributes.inputBuffer(1, 1));
    link.inbound().runWith(sink, Materializer.matFromSystem(supervisor.getSystem()));
  }

  /** A frame came, for which this is owed. */
  void came(ActorRef<Done> ack) {
    owed = ack;
  }

  /** Asks for the next frame, unless that was done. */
  void readOn() {
    if (owed != null) {
      owed.tell(Done.getInstance());
      owed = null;
    }
  }
}
