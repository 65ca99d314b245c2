package kaspeer.conformance.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import kaspeer.wire.ConnectionPhase;
import kaspeer.wire.ConversionException;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.RawCheck;
import kaspeer.wire.VersionInfo;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first frames of a kaspad 2.1.0, as it compressed them (see {@link FrameRecorder}). */
class GoldenFramesTest {
  private static final int PREFIX = 5;

  /** Frames of a handshake with somebody who speaks this version, with gRPC's prefix. */
  static List<byte[]> handshake(int version) throws IOException {
    String name = "/golden-frames/" + version + "-handshake.hex";
    try (InputStream in =
        Objects.requireNonNull(GoldenFramesTest.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .map(HexFormat.of()::parseHex)
          .toList();
    }
  }

  private static byte[] inflated(byte[] frame) throws IOException {
    assertThat(frame[0]).as("compressed").isEqualTo((byte) 1);
    byte[] packed = Arrays.copyOfRange(frame, PREFIX, frame.length);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 11})
  void eachIsAMessageOfTheHandshakeThatOurChecksLetPass(int version)
      throws IOException, ConversionException {
    RawCheck check = new RawCheck(PayloadCatalogue.standard());
    List<byte[]> frames = handshake(version);
    assertThat(frames).hasSize(3);
    for (byte[] frame : frames) {
      byte[] bytes = inflated(frame);
      KaspadMessage message = KaspadMessage.parseFrom(bytes);
      assertThat(message.toByteArray()).isEqualTo(bytes);
      assertThat(check.check(bytes, 0, bytes.length, ConnectionPhase.HANDSHAKE, 0))
          .isInstanceOfSatisfying(
              RawCheck.Checked.class,
              checked ->
                  assertThat(checked.type().payloadCase()).isEqualTo(message.getPayloadCase()));
      assertThat(message.getPayloadCase())
          .isIn(PayloadCase.VERSION, PayloadCase.VERACK, PayloadCase.READY);
      if (message.hasVersion()) {
        // It says what it speaks at most, whoever is on the other side.
        assertThat(VersionInfo.fromWire(message.getVersion()).protocolVersion()).isEqualTo(11);
      }
    }
  }
}
