package kaspeer.transport;

import io.grpc.KnownLength;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import kaspeer.wire.WireFault;
import kaspeer.wire.WireFault.Reason;

/** Reads a frame into an array, at most as many bytes as it may have. */
final class FrameReader {
  /** Frames up to this size are inflated without looking for room. */
  private static final int SCRATCH = 64 * 1024;

  private static final int LARGE = 1024 * 1024;

  private static final ThreadLocal<byte[]> SCRATCHES =
      ThreadLocal.withInitial(() -> new byte[SCRATCH]);

  private FrameReader() {}

  /**
   * The bytes of a frame.
   *
   * @param in as gRPC gives it: of known length, or inflating as it is read
   * @param most bytes that it may have
   * @throws FaultException if it has more, or is damaged
   */
  static byte[] read(InputStream in, int most) {
    try {
      return in instanceof KnownLength ? known(in, most) : unknown(in, most);
    } catch (IOException | StatusRuntimeException e) {
      throw new FaultException(
          WireFault.of(Reason.BAD_COMPRESSION, String.valueOf(e.getMessage())));
    }
  }

  private static byte[] known(InputStream in, int most) throws IOException {
    int length = in.available();
    if (length > most) {
      throw oversize(most);
    }
    byte[] bytes = new byte[length];
    if (in.readNBytes(bytes, 0, length) != length) {
      throw new FaultException(
          WireFault.of(Reason.TRUNCATED, "frame of less than " + length + " bytes"));
    }
    return bytes;
  }

  private static byte[] unknown(InputStream in, int most) throws IOException {
    byte[] bytes = SCRATCHES.get();
    boolean shared = true;
    int length = 0;
    while (true) {
      int got = in.read(bytes, length, bytes.length - length);
      if (got < 0) {
        break;
      }
      length += got;
      if (length > most) {
        throw oversize(most);
      }
      if (length == bytes.length) {
        // One byte above the cap is enough to see that it is broken.
        long larger = length < LARGE ? LARGE : 4L * length;
        bytes = Arrays.copyOf(bytes, (int) Math.min(larger, most + 1L));
        shared = false;
      }
    }
    return !shared && length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  private static FaultException oversize(int most) {
    return new FaultException(
        WireFault.of(Reason.OVERSIZE, "a frame of more than " + most + " bytes"));
  }
}
