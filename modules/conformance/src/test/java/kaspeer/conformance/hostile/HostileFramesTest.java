package kaspeer.conformance.hostile;

import static kaspeer.conformance.hostile.Subject.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.ConnectionPhase;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Broken frames from a peer that is through with its handshake, and what the node says of them;
 * each in all its forms is in the transport module's tests.
 */
class HostileFramesTest {
  private static final int MIB = 1 << 20;

  @TempDir private static Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init")
  private static Subject subject;

  @BeforeAll
  static void start() {
    subject = Subject.start(folder.resolve("node"));
  }

  @AfterAll
  static void stop() {
    subject.close();
  }

  @AfterEach
  void theNodeIsWell() {
    subject.assertResponsive();
    assertThat(subject.node().log().contains("own fault"))
        .as("a fault of our own in the log")
        .isFalse();
  }

  /** The node may have closed the connection before all is sent: the sooner the better. */
  private static void send(ScriptedPeer peer, byte[] data) {
    try {
      peer.sendData(data);
    } catch (UncheckedIOException e) {
      peer.expectEnd(SOON);
    }
  }

  private static ScriptedPeer gzipping() {
    return subject.lab().join(subject.address(), PeerOptions.DEFAULT.withGzip());
  }

  private static void dropped(ScriptedPeer peer, String code, String detail) {
    assertThat(subject.assertDropped(peer, "violation." + code).get("detail").asText())
        .contains(detail);
    assertThat(subject.violations(code)).as("counted").isPositive();
  }

  @Test
  void aSecondStreamEndsThePeer() {
    ScriptedPeer peer = subject.join();
    ByteArrayOutputStream headers = new ByteArrayOutputStream();
    for (String text :
        new String[] {
          ":method",
          "POST",
          ":scheme",
          "http",
          ":path",
          "/protowire.P2P/MessageStream",
          ":authority",
          "x",
          "content-type",
          "application/grpc",
          "te",
          "trailers"
        }) {
      if (text.startsWith(":") || text.equals("content-type") || text.equals("te")) {
        headers.write(0);
      }
      headers.write(text.length());
      headers.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
    peer.sendHttp2Frame(1, 4, 3, headers.toByteArray());
    assertThat(subject.assertDropped(peer, "violation.MALFORMED_MESSAGE").get("detail").asText())
        .contains("SECOND_STREAM");
  }

  @Test
  void zerosThatInflateAThousandTimesEndThePeer() {
    ScriptedPeer peer = gzipping();
    send(peer, ScriptedPeer.framed(1, ScriptedPeer.gzip(new byte[64 * MIB])));
    dropped(peer, "OVERSIZED_MESSAGE", "");
    subject.assertHeapIsBack();
  }

  /**
   * No more of it is inflated than the handshake may have, so that nobody can tell whether it would
   * have been a bomb: what is said is that cap.
   */
  @Test
  void aBombInTheHandshakeIsToldByTheCapOfTheHandshake() {
    ScriptedPeer peer = subject.lab().dial(subject.address(), PeerOptions.DEFAULT.withGzip());
    send(peer, ScriptedPeer.framed(1, ScriptedPeer.gzip(new byte[32 * MIB])));
    dropped(peer, "OVERSIZED_MESSAGE", "OVERSIZE: a frame of no known type of more than 65536");
    assertThat(subject.departure(peer).get("sanction").asText()).isEqualTo("disconnect");
    subject.assertHeapIsBack();
  }

  @Test
  void aLengthBeyondTheCapEndsThePeerBeforeTheBytesCome() {
    ScriptedPeer peer = subject.join();
    send(peer, new byte[] {0, 0x10, 0, 0, 0});
    dropped(peer, "OVERSIZED_MESSAGE", "");
  }

  @Test
  void aNegativeLengthEndsThePeer() {
    ScriptedPeer peer = subject.join();
    send(peer, new byte[] {0, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF});
    dropped(peer, "MALFORMED_MESSAGE", "BAD_LENGTH");
  }

  @Test
  void truncatedGzipEndsThePeer() {
    ScriptedPeer peer = gzipping();
    byte[] packed = ScriptedPeer.gzip(Messages.ping(1).toByteArray());
    send(peer, ScriptedPeer.framed(1, Arrays.copyOf(packed, packed.length - 9)));
    dropped(peer, "MALFORMED_MESSAGE", "");
  }

  /** Before it is a peer at all. */
  @Test
  void anEncodingThatNobodyKnowsIsRefused() {
    ScriptedPeer peer =
        subject.lab().dial(subject.address(), PeerOptions.DEFAULT.withEncoding("br"));
    peer.expectEnd(SOON);
    assertThat(peer.heard(PayloadCase.VERSION)).isZero();
    assertThat(subject.isConnected(peer)).isFalse();
  }

  @Test
  void aCompressedFrameWithoutEncodingEndsThePeer() {
    ScriptedPeer peer = subject.join();
    send(peer, ScriptedPeer.framed(1, ScriptedPeer.gzip(Messages.ping(1).toByteArray())));
    dropped(peer, "MALFORMED_MESSAGE", "");
  }

  /** Payload number and the tag of the list in it. */
  @ParameterizedTest
  @CsvSource({"41, 0a", "57, 0a", "1, 0a", "25, 0a", "10, 0a", "15, 0a"})
  void emptyElementsByTheMillionEndThePeerAndCostNothing(int payload, String tag) {
    byte[] element = {HexFormat.of().parseHex(tag)[0], 0};
    byte[] list = new byte[8_000_000];
    for (int i = 0; i < list.length; i += 2) {
      list[i] = element[0];
    }
    ScriptedPeer peer = gzipping();
    send(
        peer,
        ScriptedPeer.framed(
            1, ScriptedPeer.gzip(Messages.envelope(payload, ByteString.copyFrom(list)))));
    dropped(peer, "OVERSIZED_MESSAGE", "");
    subject.assertHeapIsBack();
  }

  /** A list that is within the size of its type, with one element more than it may have. */
  @ParameterizedTest
  @CsvSource({"REQUEST_RELAY_BLOCKS, 1024", "INV_TRANSACTIONS, 131072", "ADDRESSES, 2500"})
  void oneElementMoreThanAListMayHaveEndsThePeer(PayloadCase payload, int most) {
    // Empty addresses, and hashes at random, lest the ratio of compression give them away.
    SplittableRandom random = new SplittableRandom(15);
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    byte[] hash = new byte[32];
    for (int i = 0; i <= most; i++) {
      list.writeBytes(
          HexFormat.of().parseHex(payload == PayloadCase.ADDRESSES ? "0a00" : "0a220a20"));
      if (payload != PayloadCase.ADDRESSES) {
        random.nextBytes(hash);
        list.writeBytes(hash);
      }
    }
    byte[] message =
        Messages.envelope(payload.getNumber(), ByteString.copyFrom(list.toByteArray()));
    assertThat(message.length)
        .isLessThan(PayloadCatalogue.standard().of(payload).maxBytes(ConnectionPhase.READY));
    ScriptedPeer peer = gzipping();
    send(peer, ScriptedPeer.framed(1, ScriptedPeer.gzip(message)));
    dropped(peer, "OVERSIZED_MESSAGE", "TOO_MANY_ELEMENTS");
  }

  @Test
  void nestedGroupsTenThousandDeepEndThePeer() {
    byte[] groups = new byte[10_000];
    Arrays.fill(groups, (byte) 0x1B);
    ScriptedPeer peer = subject.join();
    peer.sendBytes(groups);
    dropped(peer, "MALFORMED_MESSAGE", "GROUP");
    ScriptedPeer inside = subject.join();
    inside.sendBytes(Messages.envelope(15, ByteString.copyFrom(groups)));
    dropped(inside, "MALFORMED_MESSAGE", "GROUP");
  }

  @Test
  void aPayloadMergedAgainAndAgainEndsThePeer() {
    ByteArrayOutputStream merged = new ByteArrayOutputStream();
    byte[] ping = Messages.ping(1).toByteArray();
    for (int i = 0; i < 10; i++) {
      merged.writeBytes(ping);
    }
    ScriptedPeer peer = subject.join();
    peer.sendBytes(merged.toByteArray());
    dropped(peer, "MALFORMED_MESSAGE", "SECOND_PAYLOAD");
  }

  @Test
  void aFieldThatStandsTwiceInsideAPayloadEndsThePeer() {
    ScriptedPeer peer = subject.join();
    peer.sendBytes(
        Messages.envelope(
            PayloadCase.PING.getNumber(),
            ByteString.copyFrom(HexFormat.of().parseHex("08010802"))));
    dropped(peer, "MALFORMED_MESSAGE", "REPEATED_FIELD");
  }

  @Test
  void anUnknownPayloadEndsThePeer() {
    for (int number : new int[] {4, 62, 68, 1_001, 536_870_911}) {
      ScriptedPeer peer = subject.join();
      peer.sendBytes(Messages.envelope(number, ByteString.EMPTY));
      dropped(peer, "UNKNOWN_MESSAGE", "");
    }
    for (int legacy : new int[] {30, 31, 35, 36}) {
      ScriptedPeer peer = subject.join();
      peer.sendBytes(Messages.envelope(legacy, ByteString.EMPTY));
      dropped(peer, "UNEXPECTED_MESSAGE", "");
    }
  }

  @Test
  void aMessageWithoutPayloadEndsThePeer() {
    ScriptedPeer peer = subject.join();
    peer.sendBytes(new byte[0]);
    dropped(peer, "MALFORMED_MESSAGE", "NO_PAYLOAD");
    ScriptedPeer onlyIds = subject.join();
    onlyIds.sendBytes(HexFormat.of().parseHex("a80601"));
    dropped(onlyIds, "MALFORMED_MESSAGE", "NO_PAYLOAD");
  }

  @Test
  void lengthsOfTwoGibibytesInsideAMessageEndThePeer() {
    for (String hex :
        new String[] {
          "8201ffffffff07", "8201ffffffffffffffffff01", "0aff", "820180808080808080808080"
        }) {
      ScriptedPeer peer = subject.join();
      peer.sendBytes(HexFormat.of().parseHex(hex));
      dropped(peer, "MALFORMED_MESSAGE", "");
    }
  }
}
