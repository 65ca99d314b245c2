package kaspeer.wire;

import com.google.protobuf.ByteString;
import java.util.List;
import kaspeer.primitives.Block;
import kaspeer.primitives.Transaction;
import kaspeer.wire.ConversionException.Reason;
import kaspeer.wire.proto.BlockBodyMessage;
import kaspeer.wire.proto.BlockMessage;

/** Blocks and bodies, to and from the wire (protocol reference 2.2 and 2.3). */
public final class Blocks {
  private Blocks() {}

  public static BlockMessage toWire(Block block) {
    return BlockMessage.newBuilder()
        .setHeader(Headers.toWire(block.header()))
        .addAllTransactions(Transactions.toWire(block.transactions()))
        .build();
  }

  public static BlockBodyMessage bodyToWire(List<Transaction> transactions) {
    return BlockBodyMessage.newBuilder()
        .addAllTransactions(Transactions.toWire(transactions))
        .build();
  }

  /**
   * @throws ConversionException if it takes more than 2 MiB besides its header, or a part of it
   *     does not convert
   */
  public static Block fromWire(BlockMessage wire) throws ConversionException {
    int header = wire.hasHeader() ? wire.getHeader().getSerializedSize() : 0;
    tooLarge(wire.getSerializedSize() - header);
    if (!wire.hasHeader()) {
      throw ConversionException.missing("header");
    }
    return new Block(
        Headers.fromWire(wire.getHeader()),
        Transactions.fromWire(wire.getTransactionsList(), wire.getSerializedSize()));
  }

  /**
   * The transactions of a body, made of its bytes without a message in between.
   *
   * @param wire a {@link BlockBodyMessage} in protobuf that {@link RawCheck} let pass. Fields that
   *     stand twice though they may stand once are not merged, as protobuf would: the check lets
   *     none pass
   * @return in order, immutable, sharing nothing with the bytes; empty if there are none
   * @throws ConversionException if it takes more than 2 MiB, one of them more than 1 MiB, fields
   *     included that no message has; if one does not convert; if the bytes are no protobuf
   */
  public static List<Transaction> bodyFromWire(ByteString wire) throws ConversionException {
    tooLarge(wire.size());
    return new BodyReader(WireCursor.over(wire)).transactions();
  }

  private static void tooLarge(int body) throws ConversionException {
    if (body > WireLimits.BODY_BYTES) {
      throw new ConversionException(Reason.TOO_LARGE, "body of " + body + " bytes");
    }
  }
}
