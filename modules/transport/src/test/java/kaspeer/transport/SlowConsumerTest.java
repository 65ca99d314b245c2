package kaspeer.transport;

import static kaspeer.transport.Net.await;
import static kaspeer.transport.Net.end;
import static kaspeer.transport.Net.inv;
import static kaspeer.transport.Net.ping;
import static kaspeer.transport.Net.until;
import static kaspeer.transport.RawPeer.DATA;
import static kaspeer.transport.RawPeer.PING;
import static kaspeer.transport.RawPeer.SETTINGS;
import static kaspeer.transport.RawPeer.WINDOW_UPDATE;
import static kaspeer.transport.RawPeer.frame;
import static kaspeer.transport.RawPeer.message;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import kaspeer.wire.ConnectionPhase;
import org.junit.jupiter.api.Test;

/**
 * Small messages that wait because we are slow hold back their sender, cost a bounded number of
 * bytes, and are nobody's fault.
 */
class SlowConsumerTest {
  private static final byte[] NOTHING = new byte[0];

  /** A nonce that makes pings of ten bytes. */
  private static final long FIRST = 1L << 40;

  /** What messages may cost unread: their bytes, which the window bounds, and what they add. */
  private static final int MAX_HELD = 512 * 1024 + Http2Guard.MAX_UNREAD_BYTES;

  /** Bytes of a ping with its prefix. */
  private static final int ONE = 5 + 10;

  /** What one read from the socket may bring beyond: 64 KiB of pings and their objects. */
  private static final int ONE_READ = (64 * 1024 / (9 + ONE) + 1) * (ONE + GrpcPrefix.MESSAGE_COST);

  /** The same of pings that have no frame each: gRPC puts together what it comes to send late. */
  private static final int ONE_READ_TOGETHER =
      (64 * 1024 / ONE + 1) * (ONE + GrpcPrefix.MESSAGE_COST);

  @Test
  void pingsByTheHundredThousandWaitForASlowConsumerAndNoneIsLost() {
    int count = 300_000;
    TransportOptions narrow =
        Net.QUICK.toBuilder().queueBytes(64 * 1024, 64 * 1024, 64 * 1024).build();
    try (Net net = new Net(narrow)) {
      Net.Pair pair = net.connect().ready();
      int sent = 0;
      while (pair.ours().send(ping(FIRST + sent), TrafficClass.CONTROL) == SendResult.SENT) {
        sent++;
        assertThat(sent).as("pings under way that nobody reads").isLessThan(100_000);
      }
      until("much has come", () -> pair.theirs().traffic().wireBytesReceived() > 100_000);
      assertThat(net.transport.heldBytes()).isLessThan(MAX_HELD + ONE_READ_TOGETHER);

      CompletionStage<Long> nonces = inOrder(pair.theirs(), count);
      while (sent < count) {
        if (pair.ours().send(ping(FIRST + sent), TrafficClass.CONTROL) == SendResult.SENT) {
          sent++;
        } else {
          assertThat(net.transport.heldBytes()).isLessThan(MAX_HELD + ONE_READ_TOGETHER);
          LockSupport.parkNanos(100_000);
        }
      }
      assertThat(await(nonces)).isEqualTo(FIRST + count - 1);
      assertThat(pair.theirs().whenEnded().toCompletableFuture()).isNotDone();
    }
  }

  /** Reads pings, each of a nonce one higher than the one before; told of the count-th. */
  private static CompletionStage<Long> inOrder(Link link, int count) {
    CompletableFuture<Long> last = new CompletableFuture<>();
    long[] expected = {FIRST};
    Net.forEach(
        link,
        frame -> {
          long nonce = frame.message().getPing().getNonce();
          if (nonce != expected[0]++) {
            last.completeExceptionally(new AssertionError("ping " + nonce + " out of its turn"));
          } else if (nonce == FIRST + count - 1) {
            last.complete(nonce);
          }
        });
    return last;
  }

  @Test
  void messagesInFramesOfTheirOwnStopTheReadingAtTwoMebibytesAndAreAllReadInTheEnd()
      throws IOException {
    byte[] one = message(ping(FIRST));
    assertThat(one).hasSize(ONE);
    int frameBytes = 9 + one.length;
    int count = 512 * 1024 / one.length;
    try (Net net = new Net();
        RawPeer peer = new RawPeer(net.address()).open()) {
      Link link = net.accept();
      link.enterPhase(ConnectionPhase.READY, 11);
      peer.readUntil(SETTINGS);
      peer.raw(frame(SETTINGS, 1, 0, NOTHING));
      ByteArrayOutputStream pings = new ByteArrayOutputStream();
      for (int i = 0; i < count; i++) {
        pings.writeBytes(one);
      }
      // On a thread of its own: it waits as long as we do not read.
      CompletableFuture<RawPeer> said =
          CompletableFuture.supplyAsync(
              () -> peer.data(pings.toByteArray(), one.length), Thread::startVirtualThread);
      int unread = Http2Guard.MAX_UNREAD_BYTES / GrpcPrefix.MESSAGE_COST;
      until(
          "as much is read as may wait",
          () -> link.traffic().wireBytesReceived() >= (long) unread * frameBytes);
      assertThat(link.traffic().wireBytesReceived())
          .isLessThan((long) (unread + 64) * frameBytes + 64 * 1024 + 512);
      assertThat(net.transport.heldBytes()).isLessThan(MAX_HELD + ONE_READ);
      AtomicInteger taken = new AtomicInteger();
      Net.forEach(link, frame -> taken.addAndGet(frame.message().hasPing() ? 1 : 0));
      until("all are taken", () -> taken.get() == count);
      await(said);
      peer.raw(frame(PING, 0, 0, new byte[8]));
      peer.readUntil(PING);
      assertThat(link.whenEnded().toCompletableFuture()).isNotDone();
      link.close("read");
      end(link);
    }
  }

  @Test
  void whoClosesWhileItsMessagesWaitIsGoneAndNothingIsHeldForIt() throws IOException {
    try (Net net = new Net()) {
      Link link;
      try (RawPeer peer = new RawPeer(net.address()).open()) {
        link = net.accept();
        link.enterPhase(ConnectionPhase.READY, 11);
        peer.readUntil(SETTINGS);
        peer.raw(frame(SETTINGS, 1, 0, NOTHING));
        byte[] one = message(ping(FIRST));
        ByteArrayOutputStream pings = new ByteArrayOutputStream();
        for (int i = 0; i < 20_000; i++) {
          pings.writeBytes(one);
        }
        peer.data(pings.toByteArray());
        until("it is held", () -> net.transport.heldBytes() > Http2Guard.MAX_UNREAD_BYTES);
      }
      // With a reset, as it had not read all that we said.
      assertThat(end(link)).isInstanceOfAny(LinkEnd.RemoteClosed.class, LinkEnd.IoError.class);
      // What the link itself may have read ahead is there until somebody lets go of it.
      until(
          "no more is held than that",
          () -> net.transport.heldBytes() <= net.transport.options().inboundBytes());
      link.abort("not wanted");
      until("all is given back", () -> net.transport.heldBytes() == 0);
    }
  }

  /** Pings that wait here unread, and answers of ours that wait for the peer's window. */
  private static CompletableFuture<RawPeer> waitForEachOther(
      RawPeer peer, Link link, OutboundFrame answer, int pings) throws IOException {
    link.enterPhase(ConnectionPhase.READY, 11);
    peer.readUntil(SETTINGS);
    peer.raw(frame(SETTINGS, 1, 0, NOTHING));
    link.send(answer, TrafficClass.ANSWER);
    link.send(answer, TrafficClass.ANSWER);
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    for (int i = 0; i < pings; i++) {
      said.writeBytes(frame(DATA, 0, 1, message(ping(FIRST + i))));
    }
    said.writeBytes(frame(WINDOW_UPDATE, 0, 0, RawPeer.int32(1 << 20)));
    said.writeBytes(frame(WINDOW_UPDATE, 0, 1, RawPeer.int32(1 << 20)));
    said.writeBytes(frame(PING, 0, 0, new byte[8]));
    // On a thread of its own: it waits as long as we do not read.
    return CompletableFuture.supplyAsync(
        () -> peer.raw(said.toByteArray()), Thread::startVirtualThread);
  }

  @Test
  void aWindowGrantedBehindMessagesThatWaitUnreadIsHeardAndNothingIsLost() throws IOException {
    int count = 30_000;
    try (Net net = new Net();
        RawPeer peer = new RawPeer(net.address()).open()) {
      Link link = net.accept();
      OutboundFrame answer = inv(10_000);
      CompletableFuture<RawPeer> said = waitForEachOther(peer, link, answer, count);
      long heard = 0;
      boolean pong = false;
      while (heard < 2 * (answer.size() + 5) || !pong) {
        RawPeer.Frame frame = peer.read();
        heard += frame.type() == DATA ? frame.payload().length : 0;
        pong |= frame.type() == PING && frame.flags() == 1;
      }
      await(said);
      assertThat(net.transport.heldBytes()).isLessThan(MAX_HELD + ONE_READ + 30L * count);

      assertThat(await(inOrder(link, count))).isEqualTo(FIRST + count - 1);
      until("all is given back", () -> net.transport.heldBytes() == 0);
      peer.data(message(ping(1))).raw(frame(PING, 0, 0, new byte[8]));
      peer.readUntil(PING);
      assertThat(link.whenEnded().toCompletableFuture()).isNotDone();
      link.close("read");
      end(link);
    }
  }

  /** It sends more than our window lets it: that is not read, and its grant behind it not heard. */
  @Test
  void whoDisregardsOurWindowMakesUsHoldNoMoreThanAnHonestPeerMay() throws IOException {
    TransportOptions options =
        Net.QUICK.toBuilder().inbound(64, 64 * 1024).sendTimeout(Duration.ofSeconds(4)).build();
    try (Net net = new Net(options);
        RawPeer peer = new RawPeer(net.address()).open()) {
      Link link = net.accept();
      AtomicLong most = new AtomicLong();
      CompletableFuture<RawPeer> said = waitForEachOther(peer, link, inv(10_000), 500_000);
      until(
          "it is given up",
          () -> {
            most.accumulateAndGet(net.transport.heldBytes(), Math::max);
            return link.whenEnded().toCompletableFuture().isDone();
          });
      assertThat(end(link)).isEqualTo(new LinkEnd.TimedOut(LinkEnd.Stage.SENDING));
      assertThat(most).hasValueGreaterThan(1024 * 1024);
      assertThat(most).hasValueLessThan(MAX_HELD + ONE_READ + 3 * 512 * 1024 + 64 * 1024);
      await(said);
    }
  }
}
