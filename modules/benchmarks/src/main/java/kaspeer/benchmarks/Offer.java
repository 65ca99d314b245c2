package kaspeer.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/** One peer that has blocks, and one that hears of them. */
final class Offer {
  private final ScriptedPeer giver;

  /** Kept: who lost the block while it was checked asks for it again. */
  private final Map<Hash, Block> offered = new ConcurrentHashMap<>();

  private final Map<Hash, CompletableFuture<Long>> heard = new ConcurrentHashMap<>();

  Offer(ScriptedPeer giver, ScriptedPeer listener) {
    this.giver = giver;
    giver.answer(PayloadCase.REQUEST_RELAY_BLOCKS, this::serve);
    listener.onMessage(this::hear);
  }

  /** The giver has the block from now on, and says so. */
  void announce(Block block) {
    offered.put(block.hash(), block);
    giver.send(Messages.inv(block.hash()));
  }

  /** When the listener hears of a block, by {@link System#nanoTime}; to be asked before it can. */
  CompletableFuture<Long> awaits(Block block) {
    return heard.computeIfAbsent(block.hash(), _ -> new CompletableFuture<>());
  }

  private List<KaspadMessage> serve(KaspadMessage request) {
    return request.getRequestRelayBlocks().getHashesList().stream()
        .map(hash -> Hash.of(hash.getBytes().toByteArray()))
        .flatMap(hash -> Stream.ofNullable(offered.get(hash)))
        .map(Messages::block)
        .toList();
  }

  private void hear(KaspadMessage message) {
    if (message.hasInvRelayBlock()) {
      CompletableFuture<Long> arrival =
          heard.get(Hash.of(message.getInvRelayBlock().getHash().getBytes().toByteArray()));
      if (arrival != null) {
        arrival.complete(System.nanoTime());
      }
    }
  }
}
