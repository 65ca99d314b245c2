package kaspeer.transport;

import io.grpc.KnownLength;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.Function;
import kaspeer.wire.ConnectionPhase;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.PayloadType;
import kaspeer.wire.WireFault;
import kaspeer.wire.WireFault.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Reads a frame into an array, at most as many bytes as it may have: first as any frame in the
 * phase, then as its type, which the first bytes tell.
 */
final class FrameReader {
  /** Frames up to this size are inflated without looking for room. */
  private static final int SCRATCH = 64 * 1024;

  private static final int LARGE = 1024 * 1024;

  /** Bytes among which the payload's number is: it stands first, or behind the two ids. */
  private static final int OPENING = 64;

  private static final int VARINT = 0;
  private static final int LENGTH = 2;

  private static final ThreadLocal<byte[]> SCRATCHES =
      ThreadLocal.withInitial(() -> new byte[SCRATCH]);

  /** What a frame may have, and what is said of it that has more. */
  record Cap(int bytes, String what, int number) {
    private FaultException exceeded() {
      return new FaultException(
          new WireFault(Reason.OVERSIZE, number, what + " of more than " + bytes + " bytes"));
    }
  }

  private FrameReader() {}

  /**
   * The bytes of a frame.
   *
   * @param in as gRPC gives it: of known length, or inflating as it is read
   * @throws FaultException if it has more bytes than it may, or is damaged
   */
  static byte[] read(InputStream in, PayloadCatalogue catalogue, ConnectionPhase phase) {
    return read(in, catalogue.maxBytes(phase), opening -> cap(opening, catalogue, phase));
  }

  /**
   * As above.
   *
   * @param most bytes of any frame
   * @param ofOpening what a frame may have, by its first {@value #OPENING} bytes
   */
  static byte[] read(InputStream in, int most, Function<byte[], Cap> ofOpening) {
    try {
      return in instanceof KnownLength ? known(in, most) : unknown(in, most, ofOpening);
    } catch (IOException | StatusRuntimeException e) {
      throw new FaultException(
          WireFault.of(Reason.BAD_COMPRESSION, String.valueOf(e.getMessage())));
    }
  }

  private static byte[] known(InputStream in, int most) throws IOException {
    int length = in.available();
    if (length > most) {
      throw new Cap(most, "a frame", 0).exceeded();
    }
    byte[] bytes = new byte[length];
    if (in.readNBytes(bytes, 0, length) != length) {
      throw new FaultException(
          WireFault.of(Reason.TRUNCATED, "frame of less than " + length + " bytes"));
    }
    return bytes;
  }

  private static byte[] unknown(InputStream in, int most, Function<byte[], Cap> ofOpening)
      throws IOException {
    byte[] bytes = SCRATCHES.get();
    boolean shared = true;
    int length = 0;
    Cap cap = new Cap(most, "a frame", 0);
    boolean typed = false;
    while (true) {
      int got = in.read(bytes, length, bytes.length - length);
      if (got < 0) {
        break;
      }
      length += got;
      if (!typed && length >= OPENING) {
        typed = true;
        cap = ofOpening.apply(bytes);
      }
      if (length > cap.bytes) {
        throw cap.exceeded();
      }
      if (length == bytes.length) {
        // One byte above the cap is enough to see that it is broken.
        long larger = length < LARGE ? LARGE : 4L * length;
        bytes = Arrays.copyOf(bytes, (int) Math.min(larger, cap.bytes + 1L));
        shared = false;
      }
    }
    return !shared && length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  /** What hides its type among fields that nobody knows gets no room to grow in. */
  private static Cap cap(byte[] opening, PayloadCatalogue catalogue, ConnectionPhase phase) {
    PayloadType type = type(opening, catalogue);
    return type == null
        ? new Cap(SCRATCH, "a frame of no known type", 0)
        : new Cap(type.maxBytes(phase), type.name(), type.number());
  }

  /** The type of a frame by its first bytes; null if they do not tell. */
  private static @Nullable PayloadType type(byte[] bytes, PayloadCatalogue catalogue) {
    int pos = 0;
    while (pos < OPENING) {
      long tag = 0;
      int shift = 0;
      do {
        tag |= (bytes[pos] & 0x7FL) << shift;
        shift += 7;
      } while (bytes[pos++] < 0 && pos < OPENING && shift < Integer.SIZE);
      if ((tag & 7) == LENGTH) {
        return catalogue.byNumber((int) (tag >>> 3));
      }
      if ((tag & 7) != VARINT) {
        return null;
      }
      while (pos < OPENING && bytes[pos] < 0) {
        pos++;
      }
      pos++;
    }
    return null;
  }
}
