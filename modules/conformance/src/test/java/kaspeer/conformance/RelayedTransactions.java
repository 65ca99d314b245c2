package kaspeer.conformance;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.node.KaspeerNode;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/** Relays the same transactions to kaspad and to us, as one peer each that has nothing else. */
final class RelayedTransactions implements AutoCloseable {
  private final PeerLab lab = new PeerLab();
  private final Map<Hash, Transaction> announced = new ConcurrentHashMap<>();
  private final List<ScriptedPeer> peers;

  RelayedTransactions(Kaspad kaspad, KaspeerNode node) {
    peers = List.of(join(kaspad.p2pAddress()), join(node.p2pAddress()));
  }

  private ScriptedPeer join(InetSocketAddress address) {
    return lab.join(address).answer(PayloadCase.REQUEST_TRANSACTIONS, this::answers);
  }

  private List<KaspadMessage> answers(KaspadMessage request) {
    return request.getRequestTransactions().getIdsList().stream()
        .map(id -> answer(Hash.of(id.getBytes().toByteArray())))
        .toList();
  }

  private KaspadMessage answer(Hash id) {
    Transaction transaction = announced.get(id);
    return transaction == null
        ? Messages.transactionNotFound(id)
        : Messages.transaction(transaction);
  }

  /** Announces a transaction; whoever asks gets it. Those before it are judged first. */
  void relay(Transaction transaction) {
    announced.put(transaction.id(), transaction);
    peers.forEach(peer -> peer.send(Messages.invTransactions(List.of(transaction.id()))));
  }

  /** Whether both still talk to us. */
  boolean areConnected() {
    return peers.stream().allMatch(ScriptedPeer::isConnected);
  }

  @Override
  public void close() {
    lab.close();
  }
}
