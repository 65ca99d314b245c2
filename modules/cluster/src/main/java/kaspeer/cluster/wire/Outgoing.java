package kaspeer.cluster.wire;

import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import kaspeer.cluster.proto.Piece;

/**
 * Long messages on their way out, in parts: so many are sent at once, the others each for a part
 * that was taken. Bounded in bytes.
 */
public final class Outgoing {
  /** Bytes of one part. */
  public static final int PART = 64 << 10;

  /** Most bytes of messages that are not all sent; a receiver must have room for as many. */
  public static final long MAX_BYTES = 32 << 20;

  /** Parts on their way at a time, of one message. */
  static final int AHEAD = 4;

  private final long session;
  private final long maxBytes;
  private final Consumer<Piece> out;
  private final Map<Long, Transfer> transfers = new HashMap<>();
  private long bytes;

  private static final class Transfer {
    private final ByteString data;
    private int sent;

    Transfer(ByteString data) {
      this.data = data;
    }
  }

  /**
   * @param maxBytes of messages that are not all sent
   */
  public Outgoing(long session, long maxBytes, Consumer<Piece> out) {
    this.session = session;
    this.maxBytes = maxBytes;
    this.out = out;
  }

  /** Sends a message, or its first parts. Returns whether there is room for it. */
  public boolean send(long id, ByteString data) {
    if (data.size() <= PART) {
      out.accept(piece(id, data, 0));
      return true;
    }
    if (bytes + data.size() > maxBytes || data.size() > Incoming.MAX_MESSAGE) {
      return false;
    }
    // The one before it under this number was given up by whoever asked.
    forget(id);
    Transfer transfer = new Transfer(data);
    transfers.put(id, transfer);
    bytes += data.size();
    for (int i = 0; i < AHEAD; i++) {
      next(id, transfer);
    }
    return true;
  }

  /** A part was taken. */
  public void more(long id) {
    Transfer transfer = transfers.get(id);
    if (transfer != null) {
      next(id, transfer);
    }
  }

  /** Whoever was to get it takes nothing of it. */
  public void forget(long id) {
    Transfer transfer = transfers.remove(id);
    if (transfer != null) {
      bytes -= transfer.data.size();
    }
  }

  private void next(long id, Transfer transfer) {
    if (transfer.sent < transfer.data.size()) {
      out.accept(piece(id, transfer.data, transfer.sent));
      transfer.sent = Math.min(transfer.data.size(), transfer.sent + PART);
      if (transfer.sent == transfer.data.size()) {
        forget(id);
      }
    }
  }

  private Piece piece(long id, ByteString data, int offset) {
    return Piece.newBuilder()
        .setSession(session)
        .setId(id)
        .setTotal(data.size())
        .setOffset(offset)
        .setData(data.substring(offset, Math.min(data.size(), offset + PART)))
        .build();
  }
}
