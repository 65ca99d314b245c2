package kaspeer.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import kaspeer.primitives.Hash;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.ScriptedPeer;

/** Peers that ask for block after block and read nothing. */
final class Hoarders {
  private static final int REQUESTS = 500;

  private Hoarders() {}

  /**
   * Has such peers come, and sees that the node holds them back and is well.
   *
   * @param wanted what each of their requests asks for
   */
  static void assertHoldNoMemory(Subject subject, int count, List<Hash> wanted) {
    List<ScriptedPeer> peers = new ArrayList<>();
    List<CompletableFuture<?>> senders = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ScriptedPeer peer = subject.join();
      peers.add(peer);
      peer.reading(false);
      senders.add(
          CompletableFuture.runAsync(
              () -> {
                for (int request = 1; request <= REQUESTS; request++) {
                  peer.send(Messages.asking(request, Messages.requestRelayBlocks(wanted)));
                }
              },
              Thread::startVirtualThread));
    }
    subject.assertResponsive();
    subject.assertHeapIsBack();
    assertThat(senders).as("held back by the node").noneMatch(CompletableFuture::isDone);
    peers.forEach(ScriptedPeer::close);
  }
}
