package kaspeer.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import kaspeer.wire.RawCheck.Checked;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/**
 * A link's frames as a stream: takes what is in the queue at each pull, up to a bound, as a burst
 * of small ones costs the reader no more wake-ups than one. Frames count to the link until the next
 * are pulled: by then they are in the hands of whoever reads.
 */
final class InboundStage extends GraphStage<SourceShape<List<InboundFrame>>> {
  /** Frames taken at once, at most. */
  static final int MAX_AT_ONCE = 32;

  /** Bytes taken at once, before one frame more. */
  static final int BYTES_AT_ONCE = 32 << 10;

  private final Outlet<List<InboundFrame>> out = Outlet.create("Link.inbound");
  private final SourceShape<List<InboundFrame>> shape = SourceShape.of(out);
  private final LinkImpl link;

  InboundStage(LinkImpl link) {
    this.link = link;
  }

  @Override
  public SourceShape<List<InboundFrame>> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    /** Whether the stage was told to look and has not yet done so: many frames need one call. */
    private final AtomicBoolean told = new AtomicBoolean();

    private boolean claimed;

    /** Bytes of the frames that were pushed last, until the next are pulled. */
    private int pushed;

    Logic() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              letGo();
              deliver();
            }

            @Override
            public void onDownstreamFinish(Throwable cause) throws Exception {
              link.abort("nobody reads it");
              super.onDownstreamFinish(cause);
            }
          });
    }

    @Override
    public void preStart() {
      claimed = link.claimInbound();
      if (!claimed) {
        failStage(new IllegalStateException("the inbound stream of a link runs once"));
        return;
      }
      AsyncCallback<Boolean> look = createAsyncCallback(ignored -> look());
      link.queue()
          .onFrame(
              () -> {
                if (told.compareAndSet(false, true)) {
                  look.invoke(true);
                }
              });
      look();
    }

    @Override
    public void postStop() {
      letGo();
      if (claimed) {
        if (!link.queue().finished()) {
          link.abort("its stream was stopped");
        }
        link.queue().drop();
      }
    }

    private void letGo() {
      link.letGo(pushed);
      pushed = 0;
    }

    private void look() {
      told.set(false);
      if (isAvailable(out)) {
        deliver();
      } else if (link.queue().done()) {
        completeStage();
      }
    }

    private void deliver() {
      List<InboundFrame> frames = new ArrayList<>();
      while (frames.size() < MAX_AT_ONCE && pushed < BYTES_AT_ONCE) {
        InboundQueue.Raw raw = link.queue().poll(link::requestOne);
        if (raw == null) {
          break;
        }
        pushed += raw.bytes().length;
        frames.add(frame(raw));
      }
      if (!frames.isEmpty()) {
        push(out, frames);
      } else if (link.queue().done()) {
        completeStage();
      }
    }

    private InboundFrame frame(InboundQueue.Raw raw) {
      Checked checked = raw.checked();
      ByteString bytes = UnsafeByteOperations.unsafeWrap(raw.bytes());
      int from = checked.payloadOffset();
      return new InboundFrame(
          checked.type(),
          checked.requestId(),
          checked.responseId(),
          bytes,
          bytes.substring(from, from + checked.payloadLength()),
          bytes.size(),
          link.countable(checked.heapBytes()));
    }
  }
}
