package kaspeer.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import kaspeer.wire.WireFault.Reason;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class GzipBodyTest {
  private static final int CAP = 8 << 20;

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  private static byte[] inflate(byte[] compressed, int cap) {
    try {
      return FrameReader.read(
          GzipBody.DECOMPRESSOR.decompress(new ByteArrayInputStream(compressed)),
          cap,
          _ -> new FrameReader.Cap(cap, "a frame", 0));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void refused(byte[] compressed, Reason reason) {
    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> inflate(compressed, CAP))
        .satisfies(e -> assertThat(e.fault().reason()).isEqualTo(reason));
  }

  @Property(tries = 200)
  void whatTheJdkCompressesInflates(@ForAll @Size(max = 2_000) byte[] bytes) {
    assertThat(inflate(gzip(bytes), CAP)).isEqualTo(bytes);
  }

  @Test
  void framesOfEverySizeInflateOneAfterTheOther() {
    Random random = new Random(1);
    for (int size : new int[] {0, 1, 8_191, 65_535, 65_536, 65_537, 262_144, 3_000_000, CAP}) {
      byte[] bytes = new byte[size];
      random.nextBytes(bytes);
      assertThat(Arrays.equals(inflate(gzip(bytes), CAP), bytes)).as("%d bytes", size).isTrue();
    }
  }

  @Property(tries = 300)
  void brokenOnesAreRefusedAndHarmNoOther(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[random.nextInt(500)];
    random.nextBytes(bytes);
    byte[] whole = gzip(bytes);
    refused(Arrays.copyOf(whole, random.nextInt(whole.length)), Reason.BAD_COMPRESSION);
    refused(Arrays.copyOf(whole, whole.length + 1 + random.nextInt(20)), Reason.BAD_COMPRESSION);
    byte[] changed = whole.clone();
    changed[10 + random.nextInt(whole.length - 10)] ^= (byte) (1 << random.nextInt(8));
    try {
      // A changed bit of the deflate stream may mean the same; it never means anything else.
      assertThat(inflate(changed, CAP)).isEqualTo(bytes);
    } catch (FaultException e) {
      assertThat(e.fault().reason()).isIn(Reason.BAD_COMPRESSION, Reason.OVERSIZE);
    }
    assertThat(inflate(whole, CAP)).isEqualTo(bytes);
  }

  @Test
  void optionalPartsOfTheHeadAreSteppedOver() {
    byte[] plain = gzip(new byte[] {1, 2, 3});
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0x1F, (byte) 0x8B, 8, 0x02 | 0x04 | 0x08 | 0x10, 0, 0, 0, 0, 0, 0});
    out.writeBytes(new byte[] {3, 0, 9, 9, 9, 'n', 0, 'c', 'c', 0, 7, 7});
    out.writeBytes(Arrays.copyOfRange(plain, 10, plain.length));
    assertThat(inflate(out.toByteArray(), CAP)).containsExactly(1, 2, 3);
    byte[] reserved = plain.clone();
    reserved[3] = 0x20;
    refused(reserved, Reason.BAD_COMPRESSION);
  }

  @Test
  void aFrameThatInflatesPastItsCapStopsThere() {
    byte[] zeros = gzip(new byte[100_000]);
    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> inflate(zeros, 65_536))
        .satisfies(e -> assertThat(e.fault().reason()).isEqualTo(Reason.OVERSIZE));
    assertThat(inflate(zeros, 100_000)).hasSize(100_000);
  }

  @Test
  void zerosByTheMegabyteAreABombButABlockOfThemIsNot() {
    assertThat(inflate(gzip(new byte[3 << 20]), CAP)).hasSize(3 << 20);
    refused(gzip(new byte[8_000_000]), Reason.INFLATION);
  }

  @Test
  void lengthAndChecksumOfTheTailMustMatch() {
    byte[] whole = gzip(new byte[100]);
    CRC32 crc = new CRC32();
    crc.update(new byte[100]);
    assertThat(whole[whole.length - 8]).isEqualTo((byte) crc.getValue());
    for (int i = 1; i <= 8; i++) {
      byte[] changed = whole.clone();
      changed[whole.length - i] ^= 1;
      refused(changed, Reason.BAD_COMPRESSION);
    }
  }
}
