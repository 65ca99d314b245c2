package kaspeer.transport;

import static kaspeer.transport.Net.await;
import static kaspeer.transport.Net.end;
import static kaspeer.transport.Net.ends;
import static kaspeer.transport.Net.inv;
import static kaspeer.transport.Net.next;
import static kaspeer.transport.Net.ping;
import static kaspeer.transport.Net.read;
import static kaspeer.transport.Net.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kaspeer.wire.ConnectionPhase;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How links end, and who is told. */
class LinkEndTest {
  @Test
  void closingTellsWhatWaitsAndWhoAsks() {
    TransportOptions slow = Net.QUICK.toBuilder().closeTimeout(Duration.ofMillis(50)).build();
    try (Net net = new Net(slow)) {
      Net.Pair pair = net.connect().ready();
      CompletionStage<SendResult> waiting = Net.fill(pair.ours(), inv(100_000));
      pair.ours().close("enough");
      assertThat(await(waiting)).isEqualTo(SendResult.CLOSED);
      assertThat(pair.ours().send(ping(1), TrafficClass.CONTROL)).isEqualTo(SendResult.CLOSED);
      assertThat(await(pair.ours().sendTracked(ping(1), TrafficClass.CONTROL)))
          .isEqualTo(SendResult.CLOSED);
      assertThat(end(pair.ours())).isEqualTo(new LinkEnd.LocalClosed("enough"));
      // With a reset if something of theirs was still under way to us.
      assertThat(end(pair.theirs()))
          .isInstanceOfAny(LinkEnd.RemoteClosed.class, LinkEnd.IoError.class);
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aRejectIsTheLastThingThePeerReads(boolean dialledRejects) {
    try (Net net = new Net(Net.LAST_WORDS)) {
      Net.Pair pair = net.connect().ready();
      Link rejecting = dialledRejects ? pair.ours() : pair.theirs();
      Link rejected = dialledRejects ? pair.theirs() : pair.ours();
      SinkQueueWithCancel<InboundFrame> frames = read(rejected);
      rejecting.send(ping(1), TrafficClass.CONTROL);
      rejecting.reject("x".repeat(3_000));
      assertThat(next(frames).message().hasPing()).isTrue();
      assertThat(next(frames).message().getReject().getReason()).hasSize(2_048);
      ends(frames);
      assertThat(end(rejected)).isInstanceOf(LinkEnd.RemoteClosed.class);
      assertThat(end(rejecting)).isInstanceOf(LinkEnd.LocalClosed.class);
      until("both sockets are closed", () -> net.transport.connections() == 0);
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void abortingClosesAtOnceAndTheOtherSideLearns(boolean dialledAborts) {
    try (Net net = new Net()) {
      Net.Pair pair = net.connect().ready();
      Link aborting = dialledAborts ? pair.ours() : pair.theirs();
      Link other = dialledAborts ? pair.theirs() : pair.ours();
      SinkQueueWithCancel<InboundFrame> frames = read(other);
      SinkQueueWithCancel<InboundFrame> own = read(aborting);
      aborting.abort("now");
      ends(frames);
      ends(own);
      assertThat(end(other)).isInstanceOfAny(LinkEnd.RemoteClosed.class, LinkEnd.IoError.class);
      assertThat(end(aborting)).isEqualTo(new LinkEnd.LocalClosed("now"));
      until("both sockets are closed", () -> net.transport.connections() == 0);
    }
  }

  @Test
  void theFirstReasonStands() {
    try (Net net = new Net()) {
      Net.Pair pair = net.connect();
      pair.ours().close("first");
      pair.ours().abort("second");
      assertThat(end(pair.ours())).isEqualTo(new LinkEnd.LocalClosed("first"));
    }
  }

  @Test
  void cancellingTheInboundStreamEndsTheLink() {
    try (Net net = new Net()) {
      Net.Pair pair = net.connect();
      read(pair.theirs()).cancel();
      assertThat(end(pair.theirs())).isEqualTo(new LinkEnd.LocalClosed("nobody reads it"));
    }
  }

  @Test
  void theInboundStreamRunsOnce() {
    try (Net net = new Net()) {
      Net.Pair pair = net.connect();
      SinkQueueWithCancel<InboundFrame> first = read(pair.theirs());
      pair.ours().send(ping(8), TrafficClass.CONTROL);
      // Then this one has it: streams start in no order.
      assertThat(next(first).message().getPing().getNonce()).isEqualTo(8);
      assertThatThrownBy(() -> await(read(pair.theirs()).pull()))
          .hasRootCauseInstanceOf(IllegalStateException.class);
      pair.ours().send(ping(9), TrafficClass.CONTROL);
      assertThat(next(first).message().getPing().getNonce()).isEqualTo(9);
    }
  }

  @Test
  void framesThatCameBeforeThePeerClosedAreStillRead() {
    try (Net net = new Net(Net.LAST_WORDS)) {
      Net.Pair pair = net.connect().ready();
      SinkQueueWithCancel<InboundFrame> frames = read(pair.theirs());
      for (int i = 0; i < 5; i++) {
        pair.ours().send(ping(i), TrafficClass.CONTROL);
      }
      next(frames);
      pair.ours().close("done");
      for (int i = 1; i < 5; i++) {
        assertThat(next(frames).message().getPing().getNonce()).isEqualTo(i);
      }
      ends(frames);
    }
  }

  @Test
  void whoDoesNotGetReadyInTimeIsClosed() {
    TransportOptions hasty = Net.QUICK.toBuilder().handshakeTimeout(Duration.ofSeconds(2)).build();
    try (Net net = new Net(hasty)) {
      Net.Pair pair = net.connect();
      pair.ours().enterPhase(ConnectionPhase.READY, 11);
      assertThat(end(pair.theirs())).isEqualTo(new LinkEnd.TimedOut(LinkEnd.Stage.HANDSHAKE));
      until("its place is free", () -> net.server.pending() == 0);
    }
  }

  /** We let a peer speak before it has said that it is ready. */
  @Test
  void whoMaySpeakAndIsNotYetThroughIsAHandshakeStill() {
    try (Net net = new Net()) {
      Net.Pair pair = net.connect();
      pair.theirs().enterPhase(ConnectionPhase.READY, 11);
      assertThat(net.server.established()).isZero();
      assertThat(net.server.pending()).isEqualTo(1);
      pair.theirs().established();
      assertThat(net.server.established()).isEqualTo(1);
      assertThat(net.server.pending()).isZero();
    }
  }

  @Test
  void whoGetsReadyIsNoHandshakeAnyMore() {
    try (Net net = new Net()) {
      Net.Pair ready = net.connect().ready();
      assertThat(net.server.established()).isEqualTo(1);
      assertThat(net.server.pending()).isZero();
      ready.ours().close("done");
      end(ready.theirs());
      until("its place is free", () -> net.server.established() == 0);
    }
  }

  @Test
  void aPeerThatTakesNothingForTooLongIsClosed() {
    TransportOptions hasty = Net.QUICK.toBuilder().sendTimeout(Duration.ofSeconds(2)).build();
    try (Net net = new Net(hasty)) {
      Net.Pair pair = net.connect().ready();
      CompletionStage<SendResult> waiting = Net.fill(pair.ours(), inv(100_000));
      assertThat(await(waiting)).isEqualTo(SendResult.CLOSED);
      assertThat(end(pair.ours())).isEqualTo(new LinkEnd.TimedOut(LinkEnd.Stage.SENDING));
    }
  }

  @Test
  void whoIsNotThereIsAnErrorOfTheNetwork() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, loopback)) {
      closed = socket.getLocalPort();
    }
    try (Net net = new Net()) {
      assertThat(failure(net, new InetSocketAddress(loopback, closed)))
          .isInstanceOf(LinkEnd.IoError.class);
      until("sockets are closed", () -> net.transport.connections() == 0);
      assertThatThrownBy(() -> net.client.connect(InetSocketAddress.createUnresolved("nowhere", 1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whoSaysNothingIsLate() throws IOException {
    TransportOptions hasty = Net.QUICK.toBuilder().headersTimeout(Duration.ofMillis(500)).build();
    try (Net net = new Net(hasty);
        ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address =
          new InetSocketAddress(silent.getInetAddress(), silent.getLocalPort());
      assertThat(failure(net, address)).isEqualTo(new LinkEnd.TimedOut(LinkEnd.Stage.STREAM));
      until("sockets are closed", () -> net.transport.connections() == 0);
    }
  }

  private static LinkEnd failure(Net net, InetSocketAddress address) {
    try {
      net.client
          .connect(address)
          .toCompletableFuture()
          .get(Net.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      throw new AssertionError("connected");
    } catch (ExecutionException e) {
      return ((LinkFailedException) Objects.requireNonNull(e.getCause())).end();
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aClosedServerRefusesAndEndsItsLinks() {
    try (Net net = new Net()) {
      Net.Pair pair = net.connect();
      InetSocketAddress address = net.address();
      await(net.server.close("shutting down"));
      assertThat(end(pair.theirs())).isEqualTo(new LinkEnd.LocalClosed("shutting down"));
      assertThat(end(pair.ours())).isInstanceOf(LinkEnd.RemoteClosed.class);
      assertThat(failure(net, address)).isInstanceOf(LinkEnd.IoError.class);
    }
  }

  @Test
  void framesThatWaitAfterThePeerHasClosedCountUntilTheyAreTaken() {
    try (Net net = new Net(Net.LAST_WORDS)) {
      Net.Pair pair = net.connect().ready();
      SinkQueueWithCancel<InboundFrame> frames = read(pair.theirs());
      OutboundFrame large = inv(2_000);
      for (int i = 0; i < 5; i++) {
        pair.ours().send(large, TrafficClass.ANSWER);
      }
      next(frames);
      // Closing drops answers that HTTP/2 has not yet taken.
      until("all are sent", () -> Net.queuedBytes(pair.ours(), TrafficClass.ANSWER) == 0);
      pair.ours().close("done");
      end(pair.theirs());
      until("the socket is closed", () -> net.transport.connections() == 0);
      assertThat(net.transport.heldBytes()).isGreaterThan(large.size());
      for (int i = 1; i < 5; i++) {
        next(frames);
      }
      ends(frames);
      until("all is given back", () -> net.transport.heldBytes() == 0);
    }
  }
}
