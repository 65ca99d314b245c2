package kaspeer.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
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
 * A link's frames as a stream: takes one from the queue at each pull. A frame counts to the link
 * until the next one is pulled: by then it is in the hands of whoever reads.
 */
final class InboundStage extends GraphStage<SourceShape<InboundFrame>> {
  private final Outlet<InboundFrame> out = Outlet.create("Link.inbound");
  private final SourceShape<InboundFrame> shape = SourceShape.of(out);
  private final LinkImpl link;

  InboundStage(LinkImpl link) {
    this.link = link;
  }

  @Override
  public SourceShape<InboundFrame> shape() {
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

    /** Bytes of the frame that was pushed last, until the next is pulled. */
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
      InboundQueue.Raw raw = link.queue().poll(link::requestOne);
      if (raw == null) {
        if (link.queue().done()) {
          completeStage();
        }
        return;
      }
      pushed = raw.bytes().length;
      push(out, frame(raw));
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
