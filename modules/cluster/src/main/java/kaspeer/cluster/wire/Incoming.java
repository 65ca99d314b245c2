package kaspeer.cluster.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.HashMap;
import java.util.Map;
import kaspeer.cluster.proto.Piece;
import org.jspecify.annotations.Nullable;

/** Long messages that come in parts. Bounded in bytes. */
public final class Incoming {
  /** Most bytes of one message: some thousand headers, or several blocks. */
  public static final int MAX_MESSAGE = 32 << 20;

  /**
   * Most bytes of messages that are not complete. Parts come in the order in which they are sent,
   * so all that a sender may have on its way has room; the rest is for messages whose last part was
   * lost, of which the sender knows nothing.
   */
  public static final long MAX_BYTES = Outgoing.MAX_BYTES + Outgoing.MAX_BYTES / 2;

  private final long maxBytes;
  private final Sender sender;
  private final Map<Long, Partial> partials = new HashMap<>();
  private long bytes;

  /** Whoever sends the parts, told by the number of a message. */
  public interface Sender {
    /** A part was taken, another may come. */
    void more(long id);

    /** Nothing is taken of this message: it is to be forgotten. */
    void dropped(long id);
  }

  private static final class Partial {
    private final byte[] data;
    private int received;

    Partial(int total) {
      data = new byte[total];
    }
  }

  /**
   * @param maxBytes of messages that are not complete
   */
  public Incoming(long maxBytes, Sender sender) {
    this.maxBytes = maxBytes;
    this.sender = sender;
  }

  /**
   * Takes a part. Parts come in order; what does not fit drops the message, of which the sender is
   * told.
   *
   * @return the message, once complete
   */
  public @Nullable ByteString take(Piece piece) {
    if (piece.getOffset() == 0 && piece.getData().size() == piece.getTotal()) {
      return piece.getData();
    }
    Partial partial = piece.getOffset() == 0 ? begin(piece) : partials.get(piece.getId());
    int end = partial == null ? 0 : partial.received + piece.getData().size();
    if (partial == null || piece.getOffset() != partial.received || end > partial.data.length) {
      forget(piece.getId());
      sender.dropped(piece.getId());
      return null;
    }
    piece.getData().copyTo(partial.data, partial.received);
    partial.received = end;
    if (end == partial.data.length) {
      forget(piece.getId());
      return UnsafeByteOperations.unsafeWrap(partial.data);
    }
    sender.more(piece.getId());
    return null;
  }

  /** A first part that comes once more begins anew. */
  private @Nullable Partial begin(Piece piece) {
    forget(piece.getId());
    int total = piece.getTotal();
    if (total <= 0 || total > MAX_MESSAGE || bytes + total > maxBytes) {
      return null;
    }
    Partial partial = new Partial(total);
    partials.put(piece.getId(), partial);
    bytes += total;
    return partial;
  }

  private void forget(long id) {
    Partial partial = partials.remove(id);
    if (partial != null) {
      bytes -= partial.data.length;
    }
  }
}
