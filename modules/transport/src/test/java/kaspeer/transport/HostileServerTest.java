package kaspeer.transport;

import static kaspeer.transport.Net.await;
import static kaspeer.transport.Net.end;
import static kaspeer.transport.Net.next;
import static kaspeer.transport.Net.ping;
import static kaspeer.transport.Net.read;
import static kaspeer.transport.Net.until;
import static kaspeer.transport.RawPeer.END_HEADERS;
import static kaspeer.transport.RawPeer.END_STREAM;
import static kaspeer.transport.RawPeer.HEADERS;
import static kaspeer.transport.RawPeer.SETTINGS;
import static kaspeer.transport.RawPeer.frame;
import static kaspeer.transport.RawPeer.message;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import kaspeer.transport.LinkEnd.HttpAbuse;
import kaspeer.wire.ConnectionPhase;
import kaspeer.wire.WireFault.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Peers that we dial, and that speak HTTP/2 by hand. */
class HostileServerTest {
  private static final byte[] NOTHING = new byte[0];

  /** Of tests in which the peer does not answer: all others may take their time. */
  private static final String HASTY = "hasty";

  private final PeerTransport transport;
  private final ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  private final Socket socket;
  private final Link link;

  /** Dials the peer, and reads there until the request has come. */
  HostileServerTest(TestInfo test) throws IOException {
    Duration headers = test.getTags().contains(HASTY) ? Duration.ofMillis(800) : Net.NEVER;
    transport = PeerTransport.start(Net.QUICK.toBuilder().headersTimeout(headers).build());
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
    CompletionStage<Link> dialled = new P2pClient(transport).connect(address);
    socket = listener.accept();
    socket.setSoTimeout((int) Net.PATIENCE.toMillis());
    OutputStream out = socket.getOutputStream();
    out.write(frame(SETTINGS, 0, 0, NOTHING));
    link = await(dialled);
    link.enterPhase(ConnectionPhase.READY, 11);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    in.readFully(new byte[24]);
    int type;
    do {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      type = in.readUnsignedByte();
      in.readFully(new byte[5 + length]);
    } while (type != HEADERS);
  }

  @AfterEach
  void closeAll() throws IOException {
    link.abort("over");
    socket.close();
    listener.close();
    until("all sockets are closed", () -> transport.connections() == 0);
    assertThat(transport.heldBytes()).isZero();
    transport.close();
  }

  private void say(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  private void answer(String... encoding) throws IOException {
    say(frame(HEADERS, END_HEADERS, stream(), response("200", encoding)));
  }

  /** grpc-java begins with stream 3, as 1 is for upgrades. */
  private static int stream() {
    return 3;
  }

  private static byte[] response(String status, String... encoding) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    header(block, ":status", status);
    header(block, "content-type", "application/grpc");
    for (String name : encoding) {
      header(block, "grpc-encoding", name);
    }
    return block.toByteArray();
  }

  private static void header(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    block.write(name.length());
    block.writeBytes(name.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    block.write(value.length());
    block.writeBytes(value.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  private void data(byte[] bytes) throws IOException {
    for (int at = 0; at < bytes.length; at += 16_384) {
      say(
          frame(
              0, 0, stream(), Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 16_384))));
    }
  }

  private void fault(Reason reason) {
    assertThat(end(link))
        .isInstanceOfSatisfying(
            LinkEnd.Fault.class, f -> assertThat(f.fault().reason()).isEqualTo(reason));
  }

  @Test
  void anHonestAnswerIsRead() throws IOException {
    answer("gzip");
    byte[] body = GzipBodyTest.gzip(ping(8).bytes());
    data(message(1, body.length, body));
    data(message(ping(9)));
    var frames = read(link);
    assertThat(next(frames).message().getPing().getNonce()).isEqualTo(8);
    assertThat(next(frames).message().getPing().getNonce()).isEqualTo(9);
  }

  @Test
  @Tag(HASTY)
  void noHeadersInTimeEndsTheLink() {
    assertThat(end(link)).isEqualTo(new LinkEnd.TimedOut(LinkEnd.Stage.HEADERS));
  }

  @Test
  void aRefusalIsTyped() throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(response("200"));
    header(block, "grpc-status", "8");
    header(block, "grpc-message", "too many pending inbound handshakes");
    say(frame(HEADERS, END_HEADERS | END_STREAM, stream(), block.toByteArray()));
    assertThat(end(link))
        .isEqualTo(new LinkEnd.Refused("RESOURCE_EXHAUSTED: too many pending inbound handshakes"));
  }

  @Test
  void anUnknownEncodingIsAFault() throws IOException {
    answer("br");
    fault(Reason.UNKNOWN_ENCODING);
  }

  @Test
  void aCompressedFrameWithoutEncodingIsAFault() throws IOException {
    answer();
    data(message(1, 10, new byte[10]));
    fault(Reason.UNKNOWN_ENCODING);
  }

  @Test
  void aBombIsAFault() throws IOException {
    answer("gzip");
    byte[] bomb = GzipBodyTest.gzip(new byte[8_000_000]);
    read(link).pull();
    data(message(1, bomb.length, bomb));
    fault(Reason.OVERSIZE);
  }

  @Test
  void lengthsOutOfBoundsAreFaults() throws IOException {
    answer();
    data(message(0, Integer.MIN_VALUE, NOTHING));
    fault(Reason.BAD_LENGTH);
  }

  @Test
  void anotherStreamIsAbuse() throws IOException {
    answer();
    say(frame(HEADERS, END_HEADERS, 2, response("200")));
    assertThat(end(link)).isEqualTo(new LinkEnd.Abuse(HttpAbuse.SECOND_STREAM));
  }

  @Test
  void headersAgainAndAgainAreAbuse() throws IOException {
    for (int i = 0; i < 5; i++) {
      say(frame(HEADERS, END_HEADERS, stream(), response("100")));
    }
    assertThat(end(link)).isEqualTo(new LinkEnd.Abuse(HttpAbuse.HEADER_FLOOD));
  }

  @Test
  void theEndOfTheConnectionIsTheEndOfTheLink() throws IOException {
    answer();
    socket.close();
    assertThat(end(link)).isInstanceOfAny(LinkEnd.RemoteClosed.class, LinkEnd.IoError.class);
  }
}
