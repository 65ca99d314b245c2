package kaspeer.engine.extension;

import com.google.protobuf.ByteString;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import kaspeer.flow.Extension;
import kaspeer.flow.Extension.OwnMessage;
import kaspeer.flow.Outbox;
import kaspeer.transport.OutboundFrame;
import kaspeer.wire.proto.KaspadMessage;
import org.apache.pekko.Done;

/**
 * What a plug-in's flow sends to one peer: within a budget, and behind all that the node itself has
 * to say. A flood goes no further than here.
 */
final class ExtensionOutbox implements Outbox {
  /** Bytes a second, and at once, unless one message is larger. */
  static final int BUDGET = 256 * 1024;

  private final PluginInstance instance;
  private final Predicate<OutboundFrame> link;
  private final Rate budget;

  /**
   * @param link sends to the peer what may be let go; false if it was. Safe from any thread
   */
  ExtensionOutbox(PluginInstance instance, Predicate<OutboundFrame> link) {
    this.instance = instance;
    this.link = link;
    int largest =
        instance.flow().extension().own().stream()
            .flatMap(own -> own.messages().stream())
            .mapToInt(OwnMessage::maxBytes)
            .max()
            .orElse(0);
    double bytes = Math.max(BUDGET, 2.0 * largest);
    this.budget = new Rate(bytes, bytes, System.nanoTime());
  }

  @Override
  public void send(KaspadMessage message) {
    requireDeclared(message);
    OutboundFrame frame = OutboundFrame.of(message);
    sent(budget.take(frame.size(), System.nanoTime()) && link.test(frame));
  }

  @Override
  public CompletionStage<Done> deliver(KaspadMessage message) {
    throw new UnsupportedOperationException("a plug-in's flow owes no answers");
  }

  @Override
  public boolean sendOwn(int number, ByteString payload) {
    OwnMessage message = own(number);
    OutboundFrame frame = OutboundFrame.ofExtension(message.type(), payload, 0, 0);
    if (frame.size() > message.maxBytes()) {
      throw new IllegalArgumentException(
          message.name() + " of " + frame.size() + " bytes, at most " + message.maxBytes());
    }
    return sent(
        instance.speaks() && budget.take(frame.size(), System.nanoTime()) && link.test(frame));
  }

  private OwnMessage own(int number) {
    return instance.flow().extension().own().stream()
        .map(Extension.Own::messages)
        .flatMap(messages -> messages.stream().filter(message -> message.number() == number))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the descriptor has no message " + number));
  }

  private void requireDeclared(KaspadMessage message) {
    if (!instance.flow().descriptor().sends().contains(message.getPayloadCase())) {
      throw new IllegalArgumentException(
          "the descriptor does not say that it sends " + message.getPayloadCase());
    }
  }

  private boolean sent(boolean taken) {
    if (!taken) {
      instance.flow().health().count(FlowHealth.Event.UNSENT);
    }
    return taken;
  }
}
