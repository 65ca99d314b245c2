package kaspeer.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import java.util.concurrent.atomic.AtomicBoolean;
import kaspeer.wire.RawCheck.Checked;
import kaspeer.wire.WireFault;
import kaspeer.wire.WireFault.Reason;
import kaspeer.wire.proto.KaspadMessage;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/** A link's frames as a stream: takes one from the queue at each pull, and decodes it there. */
final class InboundStage extends GraphStage<SourceShape<InboundFrame>> {
  /** Fields that no message has are dropped rather than kept as objects. */
  private static final Parser<KaspadMessage> PARSER =
      DiscardUnknownFieldsParser.wrap(KaspadMessage.parser());

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

    Logic() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
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
      if (claimed && !link.queue().finished()) {
        link.abort("its stream was stopped");
      }
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
      try {
        push(out, decode(raw));
      } catch (InvalidProtocolBufferException e) {
        String detail = String.valueOf(e.getMessage());
        link.fault(new WireFault(Reason.UNDECODABLE, raw.checked().type().number(), detail));
      }
    }

    private static InboundFrame decode(InboundQueue.Raw raw) throws InvalidProtocolBufferException {
      Checked checked = raw.checked();
      byte[] bytes = raw.bytes();
      boolean extension = checked.type().isExtension();
      ByteString payload =
          extension
              ? ByteString.copyFrom(bytes, checked.payloadOffset(), checked.payloadLength())
              : ByteString.EMPTY;
      KaspadMessage message =
          extension ? KaspadMessage.getDefaultInstance() : PARSER.parseFrom(bytes);
      return new InboundFrame(
          checked.type(),
          checked.requestId(),
          checked.responseId(),
          message,
          payload,
          bytes.length);
    }
  }
}
