package kaspeer.transport;

import io.grpc.Decompressor;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import kaspeer.wire.WireFault;
import kaspeer.wire.WireFault.Reason;
import kaspeer.wire.WireLimits;

/**
 * A frame compressed with gzip (RFC 1952, one member), inflated as it is read, so that it never
 * costs more than what is read of it. Refuses one that inflates far more than any honest frame.
 *
 * <p>All frames of a thread share one inflater: a new one would cost 40 KiB for each of them, and
 * the live network compresses even its smallest messages. That is safe as a frame is read to its
 * end, or given up, before the next.
 */
final class GzipBody extends InputStream {
  /** What gRPC finds by the name {@code gzip}. */
  static final Decompressor DECOMPRESSOR =
      new Decompressor() {
        @Override
        public String getMessageEncoding() {
          return "gzip";
        }

        @Override
        public InputStream decompress(InputStream in) {
          return new GzipBody(in);
        }
      };

  /** A frame up to this size may inflate as it likes: a block may honestly consist of zeros. */
  private static final int FREE_BYTES = WireLimits.BODY_BYTES + WireLimits.HEADER_BYTES;

  /** Bytes out for each byte in, beyond that; honest batches of headers stay below 20. */
  private static final int MAX_RATIO = 64;

  private static final int MAGIC_1 = 0x1F;
  private static final int MAGIC_2 = 0x8B;
  private static final int DEFLATE = 8;
  private static final int HEADER_CRC = 0x02;
  private static final int EXTRA = 0x04;
  private static final int NAME = 0x08;
  private static final int COMMENT = 0x10;
  private static final int RESERVED = 0xE0;

  /** What inflating needs. */
  private static final class Tools {
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] buffer = new byte[8 * 1024];
    private int filled;
  }

  private static final ThreadLocal<Tools> TOOLS = ThreadLocal.withInitial(Tools::new);

  private final InputStream raw;
  private final Tools tools;
  private boolean begun;
  private boolean ended;
  private long in;
  private long out;

  private GzipBody(InputStream raw) {
    this.raw = raw;
    this.tools = TOOLS.get();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (ended || length == 0) {
      return ended ? -1 : 0;
    }
    if (!begun) {
      begun = true;
      tools.inflater.reset();
      tools.crc.reset();
      tools.filled = 0;
      header();
    }
    try {
      return inflate(target, offset, length);
    } catch (DataFormatException e) {
      throw broken("damaged: " + e.getMessage());
    }
  }

  private int inflate(byte[] target, int offset, int length)
      throws IOException, DataFormatException {
    Inflater inflater = tools.inflater;
    while (true) {
      int got = inflater.inflate(target, offset, length);
      if (got > 0) {
        out += got;
        tools.crc.update(target, offset, got);
        long taken = in - inflater.getRemaining();
        if (out > FREE_BYTES && out > MAX_RATIO * taken) {
          throw new FaultException(
              WireFault.of(Reason.INFLATION, taken + " bytes inflate to more than " + out));
        }
        return got;
      }
      if (inflater.finished()) {
        trailer();
        ended = true;
        return -1;
      }
      if (inflater.needsDictionary()) {
        throw broken("needs a dictionary");
      }
      fill();
      inflater.setInput(tools.buffer, 0, tools.filled);
    }
  }

  /** Reads more compressed bytes. */
  private void fill() throws IOException {
    int got = raw.read(tools.buffer, 0, tools.buffer.length);
    if (got <= 0) {
      throw broken("ends early");
    }
    tools.filled = got;
    in += got;
  }

  private void header() throws IOException {
    if (next() != MAGIC_1 || next() != MAGIC_2 || next() != DEFLATE) {
      throw broken("is not gzip");
    }
    int flags = next();
    if ((flags & RESERVED) != 0) {
      throw broken("has reserved flags");
    }
    skip(6);
    if ((flags & EXTRA) != 0) {
      skip(next() | next() << 8);
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CRC) != 0) {
      skip(2);
    }
  }

  private void trailer() throws IOException {
    int left = tools.inflater.getRemaining();
    int at = tools.filled - left;
    long value = 0;
    for (int i = 0; i < 8; i++) {
      long b = i < left ? tools.buffer[at + i] & 0xFF : next();
      value |= b << (8 * i);
    }
    if ((value & 0xFFFF_FFFFL) != tools.crc.getValue() || value >>> 32 != (out & 0xFFFF_FFFFL)) {
      throw broken("does not match its checksum");
    }
    if (left > 8 || raw.read() >= 0) {
      throw broken("goes on after its end");
    }
  }

  private int next() throws IOException {
    int b = raw.read();
    if (b < 0) {
      throw broken("ends early");
    }
    in++;
    return b;
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      next();
    }
  }

  private void skipText() throws IOException {
    int b;
    do {
      b = next();
    } while (b != 0);
  }

  private static FaultException broken(String how) {
    return new FaultException(WireFault.of(Reason.BAD_COMPRESSION, "the compressed frame " + how));
  }

  @Override
  public void close() throws IOException {
    raw.close();
  }
}
