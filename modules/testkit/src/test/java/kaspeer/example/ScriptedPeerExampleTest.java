package kaspeer.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import kaspeer.primitives.Hash;
import kaspeer.testkit.peer.Ending;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerListener;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScriptedPeerExampleTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final PeerLab lab = new PeerLab();

  // The node is played here too, so that the example runs by itself. Put your node's address below
  // instead.
  private final PeerListener listener = lab.listen();
  private final InetSocketAddress node = listener.address();
  private final CompletableFuture<ScriptedPeer> played = CompletableFuture.supplyAsync(this::play);

  private ScriptedPeer play() {
    ScriptedPeer one = listener.accept(SOON);
    one.answer(PayloadCase.INV_RELAY_BLOCK, inv -> List.of(ask(inv)));
    one.handshake();
    return one;
  }

  private static KaspadMessage ask(KaspadMessage inv) {
    byte[] hash = inv.getInvRelayBlock().getHash().getBytes().toByteArray();
    return Messages.asking(1, Messages.requestRelayBlocks(List.of(Hash.of(hash))));
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void anAnnouncedBlockIsAskedFor() {
    ScriptedPeer peer = lab.join(node);
    Hash block = Hash.ofWords(1, 2, 3, 4);
    peer.send(Messages.inv(block));
    KaspadMessage request = peer.expect(PayloadCase.REQUEST_RELAY_BLOCKS, SOON);
    assertThat(request.getRequestRelayBlocks().getHashesCount()).isEqualTo(1);
    assertThat(request.getRequestId()).isNotZero();
  }

  @Test
  void aPeerThatDoesNotReadStillAnswersOnceItDoes() {
    ScriptedPeer peer = lab.join(node, PeerOptions.DEFAULT.withWindow(1_000));
    peer.reading(false);
    peer.send(Messages.ping(7));
    peer.reading(true);
    assertThat(peer.expect(PayloadCase.PONG, SOON).getPong().getNonce()).isEqualTo(7);
  }

  @Test
  void theEndIsSeenWithItsReason() {
    ScriptedPeer peer = lab.join(node);
    played.join().send(Messages.reject("too many peers"));
    played.join().finish();
    Ending ending = peer.expectEnd(SOON);
    assertThat(ending.reject()).isEqualTo("too many peers");
  }
}
