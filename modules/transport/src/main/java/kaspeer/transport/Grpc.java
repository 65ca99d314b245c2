package kaspeer.transport;

import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import kaspeer.wire.ConnectionPhase;

/**
 * The one method of the service {@code protowire.P2P}, and how its messages are carried (protocol
 * reference 1.1).
 */
final class Grpc {
  static final String SERVICE = "protowire.P2P";

  private static final String METHOD =
      MethodDescriptor.generateFullMethodName(SERVICE, "MessageStream");

  /** Which encoding compressed messages of a stream have. */
  static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);

  static final String GZIP = "gzip";

  /** We read gzip and identity, and say so: a peer may compress. */
  static final DecompressorRegistry DECOMPRESSORS = decompressors(true);

  /**
   * The same without a word of gzip. kaspad compresses for whoever reads it, which costs both sides
   * more time than the bytes it saves cost on a local network.
   */
  static final DecompressorRegistry NEAR_DECOMPRESSORS = decompressors(false);

  static final CompressorRegistry COMPRESSORS = CompressorRegistry.getDefaultInstance();

  private static final Marshaller<OutboundFrame> OUTBOUND =
      new Marshaller<>() {
        @Override
        public InputStream stream(OutboundFrame frame) {
          return new FrameBytes(frame.bytes());
        }

        @Override
        public OutboundFrame parse(InputStream stream) {
          throw new UnsupportedOperationException("a message of ours came back");
        }
      };

  /** Hands the bytes on unread: how many may be read depends on the link. */
  private static final Marshaller<InputStream> INBOUND =
      new Marshaller<>() {
        @Override
        public InputStream stream(InputStream value) {
          throw new UnsupportedOperationException("a message of the peer goes out");
        }

        @Override
        public InputStream parse(InputStream stream) {
          return stream;
        }
      };

  static final MethodDescriptor<InputStream, OutboundFrame> SERVER_METHOD =
      method(INBOUND, OUTBOUND);
  static final MethodDescriptor<OutboundFrame, InputStream> CLIENT_METHOD =
      method(OUTBOUND, INBOUND);

  /** Most bytes of a request's or a response's headers. */
  static final int MAX_METADATA = 8 * 1024;

  private Grpc() {}

  /** The guard and the frame reader are stricter; this is for what they might miss. */
  static int maxMessageBytes(TransportOptions options) {
    return 2 * options.catalogue().maxBytes(ConnectionPhase.SYNC);
  }

  private static DecompressorRegistry decompressors(boolean gzipAdvertised) {
    return DecompressorRegistry.emptyInstance()
        .with(Codec.Identity.NONE, false)
        .with(GzipBody.DECOMPRESSOR, gzipAdvertised);
  }

  /** What to say of compression to a peer that is dialled. */
  static DecompressorRegistry decompressorsFor(InetAddress peer) {
    return isNear(peer) ? NEAR_DECOMPRESSORS : DECOMPRESSORS;
  }

  /** This machine and the networks that are not routed on the Internet (RFC 1918, 3927, 4193). */
  private static boolean isNear(InetAddress ip) {
    return ip.isLoopbackAddress()
        || ip.isLinkLocalAddress()
        || ip.isSiteLocalAddress()
        || (ip instanceof Inet6Address && (ip.getAddress()[0] & 0xFE) == 0xFC);
  }

  private static <I, O> MethodDescriptor<I, O> method(
      Marshaller<I> request, Marshaller<O> response) {
    return MethodDescriptor.newBuilder(request, response)
        .setType(MethodType.BIDI_STREAMING)
        .setFullMethodName(METHOD)
        .build();
  }

  /** Bytes that gRPC can copy in one go, knowing how many they are. */
  private static final class FrameBytes extends ByteArrayInputStream
      implements Drainable, KnownLength {
    FrameBytes(byte[] bytes) {
      super(bytes);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int left = available();
      target.write(buf, pos, left);
      pos = count;
      return left;
    }
  }
}
