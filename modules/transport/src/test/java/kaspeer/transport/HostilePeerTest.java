package kaspeer.transport;

import static kaspeer.transport.Net.end;
import static kaspeer.transport.Net.inv;
import static kaspeer.transport.Net.next;
import static kaspeer.transport.Net.ping;
import static kaspeer.transport.Net.read;
import static kaspeer.transport.Net.until;
import static kaspeer.transport.RawPeer.CONTINUATION;
import static kaspeer.transport.RawPeer.DATA;
import static kaspeer.transport.RawPeer.END_HEADERS;
import static kaspeer.transport.RawPeer.END_STREAM;
import static kaspeer.transport.RawPeer.HEADERS;
import static kaspeer.transport.RawPeer.PING;
import static kaspeer.transport.RawPeer.RST_STREAM;
import static kaspeer.transport.RawPeer.SETTINGS;
import static kaspeer.transport.RawPeer.WINDOW_UPDATE;
import static kaspeer.transport.RawPeer.frame;
import static kaspeer.transport.RawPeer.int32;
import static kaspeer.transport.RawPeer.message;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import kaspeer.transport.LinkEnd.HttpAbuse;
import kaspeer.wire.ConnectionPhase;
import kaspeer.wire.WireFault.Reason;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Hostile peers 4, the cases of HTTP/2, gzip and protobuf, spoken by hand. After each an honest
 * peer is served.
 */
class HostilePeerTest {
  private static final byte[] NOTHING = new byte[0];

  private final Net net = new Net();

  @AfterEach
  void anHonestPeerIsServedAndNothingIsLeft() {
    Net.Pair pair = net.connect().ready();
    SinkQueueWithCancel<InboundFrame> frames = read(pair.theirs());
    pair.ours().send(ping(77), TrafficClass.CONTROL);
    assertThat(next(frames).message().getPing().getNonce()).isEqualTo(77);
    pair.ours().close("served");
    end(pair.theirs());
    until("all sockets are closed", () -> net.transport.connections() == 0);
    net.close();
  }

  /** An open link whose peer then does something; how it ends. */
  private LinkEnd afterReady(Consumer<RawPeer> attack, String... encoding) {
    try (RawPeer peer = new RawPeer(net.address()).open(encoding)) {
      Link link = net.accept();
      link.enterPhase(ConnectionPhase.READY, 11);
      read(link).pull();
      attack.accept(peer);
      return end(link);
    }
  }

  private static void abuse(LinkEnd end, HttpAbuse kind) {
    assertThat(end).isEqualTo(new LinkEnd.Abuse(kind));
  }

  /** That a connection ended so before there was a link of it, and was counted. */
  private void dropped(String code) {
    until("drop counted", () -> net.server.drops().equals(Map.of(code, 1L)));
  }

  private static void fault(LinkEnd end, Reason reason) {
    assertThat(end)
        .isInstanceOfSatisfying(
            LinkEnd.Fault.class, f -> assertThat(f.fault().reason()).isEqualTo(reason));
  }

  @Test
  void headersComeBackAtOnceBeforeAnythingIsSent() throws IOException {
    try (RawPeer peer = new RawPeer(net.address()).open()) {
      assertThat(peer.readUntil(HEADERS).flags() & END_STREAM).isZero();
    }
    assertThat(end(net.accept())).isInstanceOf(LinkEnd.RemoteClosed.class);
  }

  @Test
  void compressedMessagesOfTheLiveNetworksKindAreRead() {
    try (RawPeer peer = new RawPeer(net.address()).open("gzip")) {
      Link link = net.accept();
      link.enterPhase(ConnectionPhase.READY, 11);
      SinkQueueWithCancel<InboundFrame> frames = read(link);
      byte[] body = GzipBodyTest.gzip(ping(4).bytes());
      peer.data(message(1, body.length, body)).data(message(ping(5)));
      assertThat(next(frames).message().getPing().getNonce()).isEqualTo(4);
      assertThat(next(frames).message().getPing().getNonce()).isEqualTo(5);
    }
  }

  @Test
  void messagesInManyFramesAndPaddedOnesAreRead() {
    try (RawPeer peer = new RawPeer(net.address()).open()) {
      Link link = net.accept();
      link.enterPhase(ConnectionPhase.READY, 11);
      SinkQueueWithCancel<InboundFrame> frames = read(link);
      peer.data(message(inv(100)), 100).data(message(ping(6)), 1);
      assertThat(next(frames).bytes()).isEqualTo(inv(100).size());
      assertThat(next(frames).message().getPing().getNonce()).isEqualTo(6);
      byte[] whole = message(ping(7));
      ByteArrayOutputStream padded = new ByteArrayOutputStream();
      padded.write(20);
      padded.writeBytes(whole);
      padded.writeBytes(new byte[20]);
      peer.raw(frame(DATA, 8, 1, padded.toByteArray()));
      assertThat(next(frames).message().getPing().getNonce()).isEqualTo(7);
    }
  }

  @Test
  void rapidResetEndsTheConnection() {
    abuse(
        afterReady(
            peer -> {
              ByteArrayOutputStream pairs = new ByteArrayOutputStream();
              for (int stream = 3; stream < 200; stream += 2) {
                pairs.writeBytes(
                    frame(
                        HEADERS,
                        END_HEADERS,
                        stream,
                        RawPeer.request("/protowire.P2P/MessageStream")));
                pairs.writeBytes(frame(RST_STREAM, 0, stream, int32(8)));
              }
              peer.raw(pairs.toByteArray());
            }),
        HttpAbuse.SECOND_STREAM);
  }

  /**
   * MadeYouReset, CVE-2025-8671: a frame that makes the other side reset the stream, so that the
   * next one counts as the first again. Here the connection ends with its stream.
   */
  @ParameterizedTest
  @CsvSource({
    "8, 0, 00000000", // a window update of nothing
    "8, 0, 7fffffff", // a window beyond 2^31
    "2, 0, 000000", // a priority that is too short
    "1, 5, ''", // a second request on the stream
    "0, 1, ''" // the end of the stream, and another request after it
  })
  void whoMakesUsResetItsStreamGetsNoOther(int type, int flags, String payload) {
    byte[] provocation = HexFormat.of().parseHex(payload);
    LinkEnd end =
        afterReady(
            peer -> {
              ByteArrayOutputStream attack = new ByteArrayOutputStream();
              attack.writeBytes(frame(type, flags, 1, provocation));
              for (int stream = 3; stream < 2_000; stream += 2) {
                attack.writeBytes(
                    frame(
                        HEADERS,
                        END_HEADERS,
                        stream,
                        RawPeer.request("/protowire.P2P/MessageStream")));
                attack.writeBytes(frame(type, flags, stream, provocation));
              }
              peer.raw(attack.toByteArray());
              peer.readToEnd();
            });
    assertThat(end).isInstanceOfAny(LinkEnd.Abuse.class, LinkEnd.RemoteClosed.class);
    assertThat(net.accepted).as("links of further streams").isEmpty();
    until("the connection is closed", () -> net.transport.connections() == 0);
  }

  @Test
  void continuationsWithoutEndEndTheConnection() {
    try (RawPeer peer = new RawPeer(net.address()).preface()) {
      peer.raw(frame(HEADERS, 0, 1, RawPeer.request("/a")));
      ByteArrayOutputStream flood = new ByteArrayOutputStream();
      for (int i = 0; i < 10_000; i++) {
        flood.writeBytes(frame(CONTINUATION, 0, 1, NOTHING));
      }
      peer.raw(flood.toByteArray());
      peer.readToEnd();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "6, 8, 20000, PING_FLOOD",
    "4, 0, 2000, SETTINGS_FLOOD",
    "3, 4, 2000, RESET_FLOOD",
    "2, 5, 2000, FRAME_FLOOD",
    "99, 3, 2000, FRAME_FLOOD",
    "0, 0, 40000, FRAGMENT_FLOOD"
  })
  void floodsOfFramesThatCarryNothingEndTheConnection(
      int type, int length, int count, HttpAbuse kind) {
    int stream = type == PING || type == SETTINGS ? 0 : 1;
    byte[] frame = frame(type, 0, stream, new byte[length]);
    byte[] flood = new byte[frame.length * count];
    for (int i = 0; i < count; i++) {
      System.arraycopy(frame, 0, flood, i * frame.length, frame.length);
    }
    LinkEnd end = afterReady(peer -> peer.raw(flood));
    if (type == RST_STREAM) {
      // The first reset already closes the stream.
      assertThat(end).isInstanceOfAny(LinkEnd.RemoteClosed.class, LinkEnd.Abuse.class);
    } else {
      abuse(end, kind);
    }
  }

  @Test
  void windowUpdatesOfOneByteEndTheConnectionWhenTheyAreTooMany() {
    byte[] update = frame(WINDOW_UPDATE, 0, 1, int32(1));
    byte[] flood = new byte[update.length * 100_000];
    for (int i = 0; i < 100_000; i++) {
      System.arraycopy(update, 0, flood, i * update.length, update.length);
    }
    abuse(afterReady(peer -> peer.raw(flood)), HttpAbuse.WINDOW_FLOOD);
  }

  @Test
  void dataInOneByteFramesByTheThousandEndsTheConnection() {
    abuse(
        afterReady(peer -> peer.data(Arrays.copyOf(message(0, 4_000_000, NOTHING), 60_000), 1)),
        HttpAbuse.FRAGMENT_FLOOD);
  }

  @Test
  void aSecondStreamEndsTheConnection() {
    abuse(
        afterReady(
            peer ->
                peer.raw(
                    frame(
                        HEADERS, END_HEADERS, 3, RawPeer.request("/protowire.P2P/MessageStream")))),
        HttpAbuse.SECOND_STREAM);
  }

  @Test
  void dataOfAnotherStreamEndsTheConnection() {
    abuse(afterReady(peer -> peer.raw(frame(DATA, 0, 3, NOTHING))), HttpAbuse.SECOND_STREAM);
  }

  @Test
  void zerosThatInflateAThousandTimesAreRefused() {
    byte[] bomb = GzipBodyTest.gzip(new byte[8_000_000]);
    assertThat(bomb.length).isLessThan(8_000);
    fault(afterReady(peer -> peer.data(message(1, bomb.length, bomb)), "gzip"), Reason.OVERSIZE);
    byte[] headers = Arrays.copyOf(HexFormat.of().parseHex("ca0280c2d72f"), 4_000_000);
    byte[] batch = GzipBodyTest.gzip(headers);
    fault(afterReady(peer -> peer.data(message(1, batch.length, batch)), "gzip"), Reason.INFLATION);
  }

  @Test
  void aBombInTheHandshakeInflatesTo64KiBAtMost() {
    byte[] bomb = GzipBodyTest.gzip(new byte[8_000_000]);
    try (RawPeer peer = new RawPeer(net.address()).open("gzip")) {
      Link link = net.accept();
      read(link).pull();
      peer.data(message(1, bomb.length, bomb));
      fault(end(link), Reason.OVERSIZE);
    }
  }

  @Test
  void aLengthBeyondItsCapIsRefusedBeforeTheBytesCome() {
    fault(afterReady(peer -> peer.data(message(0, 40 << 20, NOTHING))), Reason.OVERSIZE);
    try (RawPeer peer = new RawPeer(net.address()).open()) {
      Link link = net.accept();
      peer.data(message(0, 65_537, NOTHING));
      fault(end(link), Reason.OVERSIZE);
    }
  }

  @Test
  void aLengthBeyondTheCapOfItsTypeIsRefusedAtTheFirstByteOfThePayload() {
    byte[] ping = HexFormat.of().parseHex("8201");
    fault(afterReady(peer -> peer.data(message(0, 4_700_000, ping))), Reason.OVERSIZE);
    // A header batch may have as many.
    byte[] headers = HexFormat.of().parseHex("ca02");
    try (RawPeer peer = new RawPeer(net.address()).open()) {
      Link link = net.accept();
      link.enterPhase(ConnectionPhase.READY, 11);
      read(link).pull();
      peer.data(message(0, 4_000_000, headers)).data(new byte[16_384]);
      peer.raw(frame(PING, 0, 0, new byte[8]));
      until("it is taken in", () -> link.traffic().wireBytesReceived() > 16_384);
      assertThat(link.whenEnded().toCompletableFuture()).isNotDone();
    }
  }

  @Test
  void theSmallRestOfALargeMessageIsNoFragment() throws IOException {
    byte[] whole = message(inv(10));
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    for (int i = 0; i < 500; i++) {
      many.writeBytes(frame(DATA, 0, 1, Arrays.copyOf(whole, 300)));
      many.writeBytes(frame(DATA, 0, 1, Arrays.copyOfRange(whole, 300, whole.length)));
    }
    try (RawPeer peer = new RawPeer(net.address()).open()) {
      Link link = net.accept();
      link.enterPhase(ConnectionPhase.READY, 11);
      // With this the window is as wide as we announced.
      peer.readUntil(SETTINGS);
      peer.raw(frame(SETTINGS, 1, 0, NOTHING));
      AtomicInteger taken = new AtomicInteger();
      Net.forEach(link, frame -> taken.incrementAndGet());
      for (int i = 1; i <= 50; i++) {
        peer.raw(many.toByteArray());
        int sent = 500 * i;
        until("all are taken", () -> taken.get() == sent);
      }
      link.close("done");
      end(link);
    }
  }

  @Test
  void aNegativeLengthIsRefused() {
    fault(afterReady(peer -> peer.data(message(0, -1, NOTHING))), Reason.BAD_LENGTH);
    fault(afterReady(peer -> peer.data(message(0, Integer.MIN_VALUE, NOTHING))), Reason.BAD_LENGTH);
  }

  @Test
  void reservedBitsOfThePrefixAreRefused() {
    fault(afterReady(peer -> peer.data(message(2, 1, NOTHING))), Reason.BAD_FRAME_PREFIX);
  }

  @Test
  void truncatedGzipIsRefused() {
    byte[] whole = GzipBodyTest.gzip(inv(100).bytes());
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    fault(
        afterReady(peer -> peer.data(message(1, half.length, half)), "gzip"),
        Reason.BAD_COMPRESSION);
    byte[] text = "not gzip at all".getBytes(StandardCharsets.US_ASCII);
    fault(
        afterReady(peer -> peer.data(message(1, text.length, text)), "gzip"),
        Reason.BAD_COMPRESSION);
  }

  @Test
  void anUnknownEncodingIsRefusedBeforeThereIsALink() {
    try (RawPeer peer = new RawPeer(net.address()).open("br")) {
      peer.readToEnd();
      assertThat(net.accepted).isEmpty();
      dropped("fault_unknown_encoding");
    }
  }

  @Test
  void aCompressedFrameWithoutEncodingIsRefused() {
    byte[] body = GzipBodyTest.gzip(ping(1).bytes());
    fault(afterReady(peer -> peer.data(message(1, body.length, body))), Reason.UNKNOWN_ENCODING);
    fault(
        afterReady(peer -> peer.data(message(1, body.length, body)), "identity"),
        Reason.UNKNOWN_ENCODING);
  }

  /** Four million empty elements each. */
  @ParameterizedTest
  @CsvSource({"41", "57", "1", "25", "10", "15"})
  void emptyElementsByTheMillionCostNoMoreThanTheirCap(int payload) {
    int count = 2_000_000;
    byte[] body = new byte[2 * count];
    for (int i = 0; i < count; i++) {
      body[2 * i] = 0x0a;
    }
    byte[] head =
        new byte[] {(byte) (payload << 3 & 0x7F | 0x82), (byte) (payload >>> 4), 0, 0, 0, 0};
    // The length, as a number of four bytes.
    for (int i = 0; i < 4; i++) {
      head[2 + i] = (byte) (body.length >>> (7 * i) & 0x7F | (i < 3 ? 0x80 : 0));
    }
    byte[] frame = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, frame, head.length, body.length);
    byte[] bomb = GzipBodyTest.gzip(frame);
    assertThat(bomb.length).isLessThan(20_000);
    LinkEnd end = afterReady(peer -> peer.data(message(1, bomb.length, bomb)), "gzip");
    assertThat(end).isInstanceOf(LinkEnd.Fault.class);
    assertThat(((LinkEnd.Fault) end).fault().reason())
        .isIn(Reason.OVERSIZE, Reason.INFLATION, Reason.TOO_MANY_ELEMENTS, Reason.MISSING_FIELD);
  }

  @ParameterizedTest
  @CsvSource({
    "820102 0b0c, GROUP",
    "820102 0805 820102 0806, SECOND_PAYLOAD",
    "820104 0805 0806, REPEATED_FIELD",
    "f203020805, UNKNOWN_PAYLOAD",
    "'', NO_PAYLOAD",
    "8201ffffffff0f, BAD_LENGTH",
    "820103, TRUNCATED",
    "7200, MISSING_FIELD"
  })
  void brokenMessagesAreRefusedAndSaidSo(String hex, Reason reason) {
    byte[] body = HexFormat.of().parseHex(hex.replace(" ", ""));
    try (RawPeer peer = new RawPeer(net.address()).open()) {
      Link link = net.accept();
      link.enterPhase(ConnectionPhase.READY, 11);
      read(link).pull();
      peer.data(message(0, body.length, body));
      assertThat(peer.rejects()).containsExactly("bad frame: " + reason);
      fault(end(link), reason);
    }
  }

  @Test
  void whatIsNotHttp2IsClosed() {
    try (RawPeer peer = new RawPeer(net.address())) {
      peer.raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      peer.readToEnd();
      dropped("abuse_not_http2");
      assertThat(net.accepted).isEmpty();
    }
  }

  @Test
  void anotherMethodIsClosed() {
    try (RawPeer peer = new RawPeer(net.address()).preface()) {
      peer.raw(frame(HEADERS, END_HEADERS, 1, RawPeer.request("/protowire.RPC/MessageStream")));
      assertThat(peer.readToEnd()).anyMatch(frame -> frame.type() == HEADERS);
      dropped("abuse_wrong_request");
      assertThat(net.accepted).isEmpty();
    }
  }

  @Test
  void aFrameBeyondTheLargestOneIsClosed() {
    abuse(afterReady(peer -> peer.raw(frame(DATA, 0, 1, 20_000, NOTHING))), HttpAbuse.NOT_HTTP2);
  }

  @Test
  void paddingBeyondItsFrameIsClosed() {
    abuse(
        afterReady(peer -> peer.raw(frame(DATA, 8, 1, new byte[] {5, 0, 0}))), HttpAbuse.NOT_HTTP2);
  }
}
