package kaspeer.cluster.wire;

import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import kaspeer.cluster.proto.Piece;
import org.jspecify.annotations.Nullable;

/** Long messages that come in parts. Bounded in bytes. */
public final class Incoming {
  /** Most bytes of one message: some thousand headers, or several blocks. */
  public static final int MAX_MESSAGE = 32 << 20;

  private final long maxBytes;
  private final LongConsumer takeMore;
  private final Map<Long, Partial> partials = new HashMap<>();
  private long bytes;

  private static final class Partial {
    private final byte[] data;
    private int received;

    Partial(int total) {
      data = new byte[total];
    }
  }

  /**
   * @param maxBytes of messages that are not complete
   * @param takeMore asks for another part of a message, by its number
   */
  public Incoming(long maxBytes, LongConsumer takeMore) {
    this.maxBytes = maxBytes;
    this.takeMore = takeMore;
  }

  /**
   * Takes a part. Parts come in order; what does not fit drops the message.
   *
   * @return the message, once complete
   */
  public @Nullable ByteString take(Piece piece) {
    if (piece.getOffset() == 0 && piece.getData().size() == piece.getTotal()) {
      return piece.getData();
    }
    Partial partial = partials.get(piece.getId());
    if (partial == null && piece.getOffset() == 0) {
      partial = begin(piece);
    }
    if (partial == null) {
      return null;
    }
    int end = partial.received + piece.getData().size();
    if (piece.getOffset() != partial.received || end > partial.data.length) {
      drop(piece.getId());
      return null;
    }
    piece.getData().copyTo(partial.data, partial.received);
    partial.received = end;
    if (end == partial.data.length) {
      drop(piece.getId());
      return ByteString.copyFrom(partial.data);
    }
    takeMore.accept(piece.getId());
    return null;
  }

  private @Nullable Partial begin(Piece piece) {
    int total = piece.getTotal();
    if (total <= 0 || total > MAX_MESSAGE || bytes + total > maxBytes) {
      return null;
    }
    Partial partial = new Partial(total);
    partials.put(piece.getId(), partial);
    bytes += total;
    return partial;
  }

  private void drop(long id) {
    Partial partial = partials.remove(id);
    if (partial != null) {
      bytes -= partial.data.length;
    }
  }
}
