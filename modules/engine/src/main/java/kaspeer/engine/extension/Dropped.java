package kaspeer.engine.extension;

import com.google.protobuf.ByteString;
import java.io.UncheckedIOException;
import kaspeer.primitives.Hash;
import kaspeer.transport.InboundFrame;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.Transactions;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.TransactionNotFoundMessage;
import org.jspecify.annotations.Nullable;

/** What a built-in flow hears in place of a message that an interceptor dropped. */
final class Dropped {
  /** Heap for a few small objects. */
  private static final long HEAP_BYTES = 256;

  private Dropped() {}

  /**
   * Nothing in place of announcements and requests. A transaction was asked for, and the flow would
   * wait for it and blame the peer: it hears that the peer does not have it.
   */
  static @Nullable InboundFrame insteadOf(InboundFrame frame) {
    if (frame.type().payloadCase() != PayloadCase.TRANSACTION) {
      return null;
    }
    try {
      Hash id = Transactions.fromWire(frame.message().getTransaction()).id();
      TransactionNotFoundMessage notFound =
          TransactionNotFoundMessage.newBuilder().setId(Hashes.toWireId(id)).build();
      KaspadMessage message =
          KaspadMessage.newBuilder()
              .setTransactionNotFound(notFound)
              .setResponseId(frame.responseId())
              .build();
      ByteString raw = message.toByteString();
      return new InboundFrame(
          PayloadCatalogue.standard().of(PayloadCase.TRANSACTION_NOT_FOUND),
          0,
          frame.responseId(),
          raw,
          notFound.toByteString(),
          raw.size(),
          HEAP_BYTES);
    } catch (ConversionException | UncheckedIOException malformed) {
      // The built-in flow says what is wrong with it.
      return frame;
    }
  }
}
