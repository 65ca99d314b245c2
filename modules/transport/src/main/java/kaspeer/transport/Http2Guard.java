package kaspeer.transport;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelDuplexHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelPromise;
import java.nio.charset.StandardCharsets;
import kaspeer.transport.LinkEnd.HttpAbuse;
import org.jspecify.annotations.Nullable;

/**
 * First handler of a connection: walks the HTTP/2 frames that come in, nine bytes of head each,
 * before the codec sees them. Ends the connection at a second stream, at floods of frames that
 * carry little or nothing, and, through {@link GrpcPrefix}, at a message that announces more bytes
 * than it may have, before those bytes come. Counts bytes of both directions.
 *
 * <p>The codec of gRPC keeps an object for every DATA frame until its message is read. Frames that
 * are no message, empty or of a few bytes in the middle of one, come from nobody honest and are
 * budgeted. Small messages are honest, and that they wait is our own slowness: when those that wait
 * cost {@value #MAX_UNREAD_BYTES} bytes besides their own, nothing is read from the socket until
 * half of them were taken; unless we have something to say that waits for the peer's window: then
 * {@link HeldFrames} keeps what comes, up to what our own window lets the peer send, and frames
 * that are about the connection pass.
 */
final class Http2Guard extends ChannelDuplexHandler {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int HEAD = HeldFrames.HEAD;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int GOAWAY = 7;
  private static final int CONTINUATION = 9;

  private static final int ACK = 0x1;
  private static final int END_HEADERS = 0x4;
  private static final int PADDED = 0x8;

  /** Largest frame that we announce, HTTP/2's default. */
  private static final int MAX_FRAME = 16_384;

  /** Bytes of one block of headers; the codec takes 8 KiB of them. */
  private static final int MAX_HEADER_BLOCK = 32 * 1024;

  /** Blocks of headers on the stream: request or response, trailers, and one to spare. */
  private static final int MAX_HEADER_BLOCKS = 3;

  /**
   * A DATA frame below this is a fragment if it begins no message, and is not the rest of one whose
   * frame before was no fragment.
   */
  private static final int FRAGMENT = 256;

  /**
   * Heap that messages waiting unread may cost besides their bytes, which the stream's window
   * bounds.
   */
  static final int MAX_UNREAD_BYTES = 2 * 1024 * 1024;

  private static final int MAX_UNREAD = MAX_UNREAD_BYTES / GrpcPrefix.MESSAGE_COST;

  /**
   * Bytes of frames for each byte that our window lets a peer send: empty messages, five bytes
   * each, in frames of their own take 14.
   */
  private static final int HELD_PER_WINDOW = 3;

  private final Connection connection;
  private final GrpcPrefix prefix;
  private final RateLimit fragments;
  private final RateLimit pings;
  private final RateLimit windows;
  private final RateLimit rare;

  private int prefaceLeft;
  private final byte[] head = new byte[HEAD];
  private int headFilled;
  private int type;
  private int flags;
  private int payloadLeft;
  private int paddingLeft;
  private boolean padLengthDue;
  private int streamId;
  private int headerBlocks;
  private int headerBlockBytes;
  private boolean inHeaderBlock;
  private boolean streamDue;
  private boolean discarding;
  private boolean paused;

  /** While messages wait unread and our own wait for the peer's window. */
  private @Nullable HeldFrames ahead;

  private boolean releaseDue;

  /** Whether the last DATA frame was no fragment. */
  private boolean afterLarge;

  private volatile long bytesIn;
  private volatile long bytesOut;

  Http2Guard(Connection connection, boolean server) {
    this.connection = connection;
    this.prefix = new GrpcPrefix(connection);
    long now = System.nanoTime();
    this.fragments = new RateLimit(16_384, 256, now);
    this.pings = new RateLimit(1_024, 64, now);
    this.windows = new RateLimit(8_192, 2_048, now);
    this.rare = new RateLimit(32, 1, now);
    this.prefaceLeft = server ? PREFACE.length : 0;
  }

  /** From now on nothing that comes in is looked at. */
  void discard() {
    discarding = true;
    dropHeld();
  }

  private void dropHeld() {
    HeldFrames held = ahead;
    ahead = null;
    if (held != null) {
      held.drop();
    }
  }

  long bytesIn() {
    return bytesIn;
  }

  long bytesOut() {
    return bytesOut;
  }

  GrpcPrefix prefix() {
    return prefix;
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // only the event loop writes
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (!(msg instanceof ByteBuf in)) {
      ctx.fireChannelRead(msg);
      return;
    }
    bytesIn += in.readableBytes();
    if (discarding) {
      in.release();
      return;
    }
    try {
      if (ahead == null) {
        take(ctx, in);
      } else {
        takeAhead(ctx, in, ahead);
      }
    } finally {
      in.release();
    }
  }

  /** Looks at bytes of the stream and hands them on. */
  private void take(ChannelHandlerContext ctx, ByteBuf in) {
    int pos = in.readerIndex();
    int end = in.writerIndex();
    while (pos < end && !discarding) {
      pos = step(in, pos, end);
      if (streamDue && !discarding) {
        // The stream must stand before its data is looked at: whether it is compressed is in its
        // headers.
        streamDue = false;
        connection.fire(ctx, in.readRetainedSlice(pos - in.readerIndex()));
        connection.headersRead();
      }
    }
    if (!discarding && in.isReadable()) {
      connection.fire(ctx, in.retain());
      if (prefix.unread() > MAX_UNREAD && !paused) {
        paused = true;
        ctx.channel().config().setAutoRead(false);
      }
    }
  }

  /** Keeps frames of messages, and hands on what must not wait. */
  private void takeAhead(ChannelHandlerContext ctx, ByteBuf in, HeldFrames held) {
    while (in.isReadable() && !discarding) {
      int pos = in.readerIndex();
      if (payloadLeft > 0 || headFilled > 0) {
        // The rest of a frame whose beginning was handed on.
        int rest = payloadLeft > 0 ? payloadLeft : HEAD - headFilled;
        take(ctx, in.readSlice(Math.min(rest, in.readableBytes())));
      } else {
        in.readerIndex(held.take(ctx.alloc(), in, pos, in.writerIndex()));
        if (held.passes()) {
          take(ctx, Unpooled.wrappedBuffer(held.takeHead()));
        }
      }
    }
    held.count();
    if (held.isFull()) {
      ctx.channel().config().setAutoRead(false);
    }
    if (releaseDue) {
      release(ctx.channel());
    }
  }

  /** What we say waits for the peer, and so do its messages for us: of what it says, only they. */
  void readAhead(Channel channel, int window) {
    if (paused && ahead == null && !discarding) {
      ahead = new HeldFrames(connection.holding(), HELD_PER_WINDOW * window);
      channel.config().setAutoRead(true);
    }
  }

  /** Hands on what was held, as far as there is room. */
  private void release(Channel channel) {
    releaseDue = false;
    HeldFrames held = ahead;
    ChannelHandlerContext ctx = channel.pipeline().context(this);
    if (held == null || ctx == null || discarding) {
      return;
    }
    if (payloadLeft > 0 || headFilled > 0) {
      // The rest of a frame whose beginning was handed on comes first, even if no more may be held.
      releaseDue = true;
      ctx.read();
      return;
    }
    while (prefix.unread() <= MAX_UNREAD) {
      ByteBuf frames = held.nextFrames();
      if (frames == null) {
        ahead = null;
        paused = false;
        takeAndRelease(ctx, held.takeRest(ctx.alloc()));
        break;
      }
      takeAndRelease(ctx, frames);
      if (discarding) {
        return;
      }
    }
    channel.config().setAutoRead(!paused || ahead != null && !held.isFull());
  }

  private void takeAndRelease(ChannelHandlerContext ctx, ByteBuf in) {
    try {
      take(ctx, in);
    } finally {
      in.release();
    }
  }

  /** The codec asks to read on of its own accord, whatever the channel is set to. */
  @Override
  public void read(ChannelHandlerContext ctx) {
    if (!paused || ahead != null && !ahead.isFull()) {
      ctx.read();
    }
  }

  /** A message was read, of so many bytes without its prefix. Reads on if that makes room. */
  void messageRead(Channel channel, int bytes) {
    prefix.messageRead(bytes);
    if (!paused || prefix.unread() > MAX_UNREAD / 2) {
      return;
    }
    if (ahead == null) {
      paused = false;
      channel.config().setAutoRead(true);
    } else if (!releaseDue) {
      // Not from within the codec, which has called us.
      releaseDue = true;
      channel.eventLoop().execute(() -> release(channel));
    }
  }

  @Override
  // Only the event loop writes the count; whoever writes holds the promise.
  @SuppressWarnings({"NonAtomicVolatileUpdate", "FutureReturnValueIgnored"})
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    if (msg instanceof ByteBuf out) {
      bytesOut += out.readableBytes();
    }
    ctx.write(msg, promise);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    connection.failed(cause);
    ctx.fireExceptionCaught(cause);
  }

  /** Takes in the next bytes, as far as they belong together; where they end. */
  private int step(ByteBuf in, int pos, int end) {
    if (prefaceLeft > 0) {
      return preface(in, pos, end);
    }
    if (payloadLeft > 0) {
      int part = Math.min(payloadLeft, end - pos);
      payload(in, pos, part);
      payloadLeft -= part;
      if (payloadLeft == 0) {
        frameDone();
      }
      return pos + part;
    }
    int part = Math.min(HEAD - headFilled, end - pos);
    in.getBytes(pos, head, headFilled, part);
    headFilled += part;
    if (headFilled == HEAD) {
      headFilled = 0;
      frame();
      if (payloadLeft == 0 && !discarding) {
        frameDone();
      }
    }
    return pos + part;
  }

  private int preface(ByteBuf in, int pos, int end) {
    int at = pos;
    while (at < end && prefaceLeft > 0) {
      if (in.getByte(at) != PREFACE[PREFACE.length - prefaceLeft]) {
        abuse(HttpAbuse.NOT_HTTP2);
        return at;
      }
      prefaceLeft--;
      at++;
    }
    return at;
  }

  private void frame() {
    payloadLeft = HeldFrames.length(head);
    type = head[3] & 0xFF;
    flags = head[4] & 0xFF;
    int stream =
        (head[5] & 0x7F) << 24 | (head[6] & 0xFF) << 16 | (head[7] & 0xFF) << 8 | head[8] & 0xFF;
    if (payloadLeft > MAX_FRAME) {
      abuse(HttpAbuse.NOT_HTTP2);
      return;
    }
    if (inHeaderBlock && type != CONTINUATION) {
      abuse(HttpAbuse.HEADER_FLOOD);
      return;
    }
    switch (type) {
      case DATA -> data(stream);
      case HEADERS -> headers(stream);
      case CONTINUATION -> headerPart();
      case RST_STREAM -> limit(rare, HttpAbuse.RESET_FLOOD);
      case HeldFrames.SETTINGS -> limit(rare, HttpAbuse.SETTINGS_FLOOD);
      case HeldFrames.PING -> limit((flags & ACK) == 0 ? pings : windows, HttpAbuse.PING_FLOOD);
      case HeldFrames.WINDOW_UPDATE -> limit(windows, HttpAbuse.WINDOW_FLOOD);
      case GOAWAY -> limit(rare, HttpAbuse.FRAME_FLOOD);
      default -> limit(rare, HttpAbuse.FRAME_FLOOD);
    }
  }

  private void data(int stream) {
    if (stream != streamId) {
      abuse(HttpAbuse.SECOND_STREAM);
      return;
    }
    padLengthDue = (flags & PADDED) != 0;
    paddingLeft = 0;
    boolean small = payloadLeft < FRAGMENT;
    boolean rest = afterLarge && prefix.completedBy(payloadLeft);
    if (small && (payloadLeft == 0 || prefix.midMessage() && !rest)) {
      limit(fragments, HttpAbuse.FRAGMENT_FLOOD);
    }
    afterLarge = !small;
  }

  private void headers(int stream) {
    if (streamId == 0) {
      streamId = stream;
    } else if (stream != streamId) {
      abuse(HttpAbuse.SECOND_STREAM);
      return;
    }
    headerBlocks++;
    headerBlockBytes = 0;
    inHeaderBlock = true;
    if (headerBlocks > MAX_HEADER_BLOCKS) {
      abuse(HttpAbuse.HEADER_FLOOD);
      return;
    }
    headerPart();
  }

  private void headerPart() {
    // An empty part counts too: a row of them would never end.
    headerBlockBytes += payloadLeft + HEAD;
    if (!inHeaderBlock || headerBlockBytes > MAX_HEADER_BLOCK) {
      abuse(HttpAbuse.HEADER_FLOOD);
    }
  }

  private void frameDone() {
    if ((type == HEADERS || type == CONTINUATION) && (flags & END_HEADERS) != 0) {
      inHeaderBlock = false;
      streamDue = headerBlocks == 1;
    }
  }

  private void payload(ByteBuf in, int pos, int length) {
    if (type != DATA) {
      return;
    }
    int from = pos;
    int left = length;
    if (padLengthDue) {
      padLengthDue = false;
      paddingLeft = in.getUnsignedByte(from);
      from++;
      left--;
      if (paddingLeft >= payloadLeft) {
        abuse(HttpAbuse.NOT_HTTP2);
        return;
      }
    }
    // What is left of the frame after this part includes the padding at its end.
    int content = Math.max(0, Math.min(left, payloadLeft - (length - left) - paddingLeft));
    prefix.data(in, from, content);
  }

  private void limit(RateLimit limit, HttpAbuse abuse) {
    if (!limit.take()) {
      abuse(abuse);
    }
  }

  private void abuse(HttpAbuse kind) {
    discarding = true;
    connection.abuse(kind);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    discard();
  }
}
