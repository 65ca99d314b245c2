package kaspeer.engine.peer;

import java.util.List;
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

/** Brings the frames of a link to its supervisor: as many as have come, whenever it has done. */
final class LinkReader {
  private List<InboundFrame> came = List.of();
  private int next;
  private @Nullable ActorRef<Done> owed;

  /**
   * Starts reading. The supervisor gets {@link PeerCommand.Frames}, more of them each time that it
   * has taken all, and {@link PeerCommand.Inbound} at the end.
   */
  void start(ActorContext<PeerCommand> supervisor, Link link) {
    // One burst ahead: what is read and not taken is bounded by the inboxes, and not by the stream
    // besides.
    Sink<List<InboundFrame>, NotUsed> sink =
        ActorSink.<List<InboundFrame>, PeerCommand, Done>actorRefWithBackpressure(
                supervisor.getSelf(),
                (ack, frames) -> new PeerCommand.Frames(frames, ack),
                PeerCommand.Opened::new,
                Done.getInstance(),
                PeerCommand.Inbound.OVER,
                failure -> PeerCommand.Inbound.OVER)
            .withAttributes(Attributes.inputBuffer(1, 1));
    link.inbound().runWith(sink, Materializer.matFromSystem(supervisor.getSystem()));
  }

  /** Frames came, for which this is owed once they are taken. */
  void came(List<InboundFrame> frames, ActorRef<Done> ack) {
    came = frames;
    next = 0;
    owed = ack;
  }

  /** Takes the next frame; null if none is here, and then more are asked for. */
  @Nullable InboundFrame take() {
    if (next < came.size()) {
      return came.get(next++);
    }
    came = List.of();
    next = 0;
    if (owed != null) {
      owed.tell(Done.getInstance());
      owed = null;
    }
    return null;
  }

  /** Whether nothing is asked for: of what came something is not taken, or all was just now. */
  boolean isPaused() {
    return owed != null;
  }

  /** Whether frames came that were not taken. */
  boolean isBehind() {
    return next < came.size();
  }

  /**
   * Lets go of what came. The stream is to run out, not to wait: it tells of its end only when what
   * it holds was taken.
   */
  void stop() {
    came = List.of();
    next = 0;
    if (owed != null) {
      owed.tell(Done.getInstance());
      owed = null;
    }
  }
}
