package kaspeer.testkit.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import kaspeer.primitives.Hash;
import kaspeer.testkit.chain.ChainBuilder;
import kaspeer.testkit.chain.ChainServer;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Scripted peers with each other. */
class ScriptedPeerTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final PeerLab lab = new PeerLab();
  private final PeerListener listener = lab.listen();

  @AfterEach
  void close() {
    lab.close();
  }

  private record Pair(ScriptedPeer dialler, ScriptedPeer listener) {}

  private Pair connect(PeerOptions options) {
    ScriptedPeer dialler = lab.dial(listener.address(), options);
    return new Pair(dialler, listener.accept(SOON));
  }

  private Pair shakeHands(PeerOptions options) {
    Pair pair = connect(options);
    CompletableFuture<?> other = CompletableFuture.runAsync(pair.listener::handshake);
    pair.dialler.handshake();
    other.join();
    return pair;
  }

  @Test
  void twoOfThemShakeHandsAndAnswerPings() {
    for (PeerOptions options : List.of(PeerOptions.DEFAULT, PeerOptions.DEFAULT.withGzip())) {
      Pair pair = shakeHands(options);
      assertThat(pair.dialler.expectPong(SOON)).isPositive();
      assertThat(pair.listener.expectPong(SOON)).isPositive();
    }
  }

  @Test
  void messagesLargerThanAllWindowsPass() {
    Pair pair = shakeHands(PeerOptions.DEFAULT.withWindow(100));
    KaspadMessage large = reject(300_000);
    pair.dialler.send(large);
    assertThat(pair.listener.expect(PayloadCase.REJECT, SOON)).isEqualTo(large);
    pair.listener.send(large);
    assertThat(pair.dialler.expect(PayloadCase.REJECT, SOON)).isEqualTo(large);
  }

  @Test
  void whoDoesNotReadStopsTheSender() {
    Pair pair = shakeHands(PeerOptions.DEFAULT);
    pair.listener.reading(false);
    KaspadMessage large = reject(1_000_000);
    CompletableFuture<?> sender =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 64; i++) {
                pair.dialler.send(large);
              }
            });
    assertThat(pair.listener.poll(KaspadMessage::hasReject, Duration.ofMillis(200))).isNull();
    assertThat(sender).isNotDone();
    pair.listener.reading(true);
    sender.join();
    pair.listener.expectHeard(PayloadCase.REJECT, 64, SOON);
  }

  private static KaspadMessage reject(int bytes) {
    return Messages.reject("x".repeat(bytes));
  }

  @Test
  void theSourceAddressCanBeChosen() {
    Pair pair = connect(PeerOptions.DEFAULT.withSource(PeerLab.loopback(0x0203)));
    assertThat(pair.listener.remoteAddress().getHostString()).isEqualTo("127.0.2.3");
  }

  @Test
  void theEndIsSeenWithTheRejectBeforeIt() {
    Pair pair = shakeHands(PeerOptions.DEFAULT);
    pair.listener.send(Messages.reject("enough"));
    pair.listener.finish();
    assertThat(pair.dialler.expectEnd(SOON))
        .isEqualTo(new Ending(Ending.Kind.STREAM_CLOSED, 0, "enough"));
    assertThatThrownBy(() -> pair.dialler.expect(PayloadCase.PING, SOON))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("enough");
    assertThatThrownBy(() -> pair.dialler.send(Messages.ping(1)))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void aResetAndACloseAreToldApart() {
    Pair closed = shakeHands(PeerOptions.DEFAULT);
    // Then it has read all that came; TCP closes by a reset where something is unread.
    closed.dialler.expectPong(SOON);
    closed.dialler.close();
    assertThat(closed.listener.expectEnd(SOON).kind()).isEqualTo(Ending.Kind.DISCONNECTED);
    Pair reset = connect(PeerOptions.DEFAULT);
    reset.dialler.reset();
    assertThat(reset.listener.expectEnd(SOON).kind()).isEqualTo(Ending.Kind.BROKEN);
    assertThat(reset.dialler.expectEnd(SOON).kind()).isEqualTo(Ending.Kind.OURS);
  }

  @Test
  void thousandIdleAtOnce() {
    List<ScriptedPeer> peers = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      peers.add(connect(PeerOptions.DEFAULT).dialler);
    }
    assertThat(peers).allMatch(ScriptedPeer::isConnected);
  }

  @Test
  void aServerOfAChainAnswersWithTheIdOfTheQuestion() {
    try (ChainBuilder chain = ChainBuilder.simnet(1)) {
      chain.widen(1_500, 3);
      Pair pair = shakeHands(PeerOptions.DEFAULT);
      ChainServer.serve(pair.listener, chain);
      ScriptedPeer asker = pair.dialler;
      KaspadMessage block =
          asker.ask(Messages.requestRelayBlocks(List.of(chain.sink())), PayloadCase.BLOCK, SOON);
      assertThat(block.getBlock().getTransactionsCount()).isEqualTo(1);
      assertThat(block.getRequestId()).isZero();
      KaspadMessage locator =
          asker.ask(Messages.requestChainLocator(), PayloadCase.IBD_CHAIN_BLOCK_LOCATOR, SOON);
      assertThat(locator.getIbdChainBlockLocator().getBlockLocatorHashesCount()).isBetween(5, 64);
      asker.send(Messages.requestHeaders(chain.genesis(), chain.sink()));
      int headers =
          asker.expect(PayloadCase.BLOCK_HEADERS, SOON).getBlockHeaders().getBlockHeadersCount();
      asker.send(Messages.requestNextHeaders());
      headers +=
          asker.expect(PayloadCase.BLOCK_HEADERS, SOON).getBlockHeaders().getBlockHeadersCount();
      asker.send(Messages.requestNextHeaders());
      asker.expect(PayloadCase.DONE_HEADERS, SOON);
      assertThat(headers).isBetween(1_490, 1_500);
      asker.send(Messages.requestRelayBlocks(List.of(Hash.ZERO)));
      assertThat(asker.expect(PayloadCase.REJECT, SOON).getReject().getReason())
          .contains("cannot find full block");
    }
  }

  @Test
  void payloadsOfAnyNumberCanBeSent() {
    Pair pair = shakeHands(PeerOptions.DEFAULT);
    pair.dialler.sendBytes(Messages.envelope(16, ByteString.copyFrom(new byte[] {8, 5})));
    KaspadMessage pong = pair.dialler.poll(KaspadMessage::hasPong, SOON);
    assertThat(pong).isEqualTo(Messages.pong(5));
    pair.dialler.sendBytes(Messages.envelope(4711, ByteString.EMPTY));
    pair.listener.expect(PayloadCase.PAYLOAD_NOT_SET, SOON);
  }
}
