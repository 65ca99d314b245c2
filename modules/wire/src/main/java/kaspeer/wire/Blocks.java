package kaspeer.wire;

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
   * @throws ConversionException if it takes more than 2 MiB, or a transaction does not convert
   */
  public static List<Transaction> bodyFromWire(BlockBodyMessage wire) throws ConversionException {
    return bodyFromWire(wire, wire.getSerializedSize());
  }

  /**
   * Likewise, without measuring what is small enough for certain.
   *
   * @param frameBytes of the frame that it came in, which are no fewer than its own
   */
  public static List<Transaction> bodyFromWire(BlockBodyMessage wire, int frameBytes)
      throws ConversionException {
    if (frameBytes > WireLimits.BODY_BYTES) {
      tooLarge(wire.getSerializedSize());
    }
    return Transactions.fromWire(wire.getTransactionsList(), frameBytes);
  }

  private static void tooLarge(int body) throws ConversionException {
    if (body > WireLimits.BODY_BYTES) {
      throw new ConversionException(Reason.TOO_LARGE, "body of " + body + " bytes");
    }
  }
}
