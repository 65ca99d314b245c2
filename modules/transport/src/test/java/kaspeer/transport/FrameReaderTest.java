package kaspeer.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Random;
import kaspeer.wire.ConnectionPhase;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.WireFault;
import kaspeer.wire.WireFault.Reason;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A compressed frame is inflated no further than its type allows. */
class FrameReaderTest {
  private static final PayloadCatalogue CATALOGUE = PayloadCatalogue.standard();
  private static final int PING = PayloadCase.PING.getNumber();
  private static final int INV_TRANSACTIONS = PayloadCase.INV_TRANSACTIONS.getNumber();
  private static final int HEADERS = PayloadCase.BLOCK_HEADERS.getNumber();

  /** What the reader takes at a time before it knows the type. */
  private static final int FIRST = 64 * 1024;

  /** Bytes that do not compress. */
  private static byte[] noise(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  /** A frame with a payload of so many bytes behind fields given in hex. */
  private static byte[] frame(String before, int number, int bytes) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes(HexFormat.of().parseHex(before));
    CodedOutputStream out = CodedOutputStream.newInstance(frame);
    try {
      out.writeBytes(number, ByteString.copyFrom(noise(bytes)));
      out.flush();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return frame.toByteArray();
  }

  /** Counts what is inflated. */
  private static final class Inflating extends InputStream {
    private final InputStream in;
    private long inflated;

    Inflating(byte[] frame) throws IOException {
      in = GzipBody.DECOMPRESSOR.decompress(new ByteArrayInputStream(GzipBodyTest.gzip(frame)));
    }

    @Override
    public int read() throws IOException {
      inflated++;
      return in.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int got = in.read(target, offset, length);
      inflated += Math.max(got, 0);
      return got;
    }
  }

  private static byte[] read(InputStream in) {
    return FrameReader.read(in, CATALOGUE, ConnectionPhase.READY);
  }

  private static void refused(Inflating in, int number, int most) {
    assertThatThrownBy(() -> read(in))
        .isInstanceOfSatisfying(
            FaultException.class,
            e -> {
              WireFault fault = e.fault();
              assertThat(fault.reason()).isEqualTo(Reason.OVERSIZE);
              assertThat(fault.payload()).isEqualTo(number);
            });
    assertThat(in.inflated).isLessThanOrEqualTo(most);
  }

  @ParameterizedTest
  @CsvSource({"''", "a80601", "b00601", "a8068080808008b00607"})
  void aFrameIsInflatedNoFurtherThanItsTypeAllows(String ids) throws IOException {
    refused(new Inflating(frame(ids, PING, 3_000_000)), PING, FIRST);
  }

  @Test
  void aFrameThatHidesItsTypeGetsNoRoom() throws IOException {
    refused(new Inflating(frame("a80601".repeat(40), HEADERS, 3_000_000)), 0, 2 * FIRST);
    refused(new Inflating(frame("0d00000000", HEADERS, 3_000_000)), 0, 2 * FIRST);
    refused(new Inflating(frame("", 1_000_000, 3_000_000)), 0, 2 * FIRST);
    refused(new Inflating(noise(1_000_000)), 0, 2 * FIRST);
  }

  @Test
  void whatItsTypeAllowsIsRead() throws IOException {
    for (int type : new int[] {INV_TRANSACTIONS, HEADERS}) {
      byte[] large = frame("a80601b00602", type, 3_900_000);
      assertThat(read(new Inflating(large))).isEqualTo(large);
    }
    byte[] small = frame("", PING, 3);
    assertThat(read(new Inflating(small))).isEqualTo(small);
  }
}
