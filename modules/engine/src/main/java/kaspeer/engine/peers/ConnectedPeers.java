package kaspeer.engine.peers;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import kaspeer.engine.peer.PeerAnnouncements;
import kaspeer.engine.peer.PeerCommand;
import kaspeer.engine.peer.PeerReport;
import kaspeer.engine.peer.TransactionBatch;
import kaspeer.primitives.Hash;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The supervisors of all connections, and what is said to all of them. State of the peers actor.
 */
final class ConnectedPeers {
  private final Map<Long, ActorRef<PeerCommand>> supervisors = new HashMap<>();

  void add(long peer, ActorRef<PeerCommand> supervisor) {
    supervisors.put(peer, supervisor);
  }

  void remove(long peer) {
    supervisors.remove(peer);
  }

  boolean isEmpty() {
    return supervisors.isEmpty();
  }

  /** Tells one. Returns whether there is such a peer. */
  boolean tell(long peer, PeerCommand command) {
    ActorRef<PeerCommand> supervisor = supervisors.get(peer);
    if (supervisor != null) {
      supervisor.tell(command);
    }
    return supervisor != null;
  }

  void tellAll(PeerCommand command) {
    supervisors.values().forEach(supervisor -> supervisor.tell(command));
  }

  /** Announces a block to all but the one it came from. */
  void announceBlock(Hash hash, long origin) {
    PeerCommand command = new PeerCommand.AnnounceBlock(hash, PeerAnnouncements.ofBlock(hash));
    supervisors.forEach(
        (peer, supervisor) -> {
          if (peer != origin) {
            supervisor.tell(command);
          }
        });
  }

  /** Announces all transactions that wait. */
  void announce(TransactionBatch batch) {
    announce(batch, false);
  }

  /** Announces transactions to all, whether they have heard of them or not. */
  void announceAgain(List<Hash> ids) {
    TransactionBatch batch = new TransactionBatch();
    batch.add(ids);
    announce(batch, true);
  }

  private void announce(TransactionBatch batch, boolean again) {
    while (!batch.isEmpty()) {
      List<Hash> ids = batch.take();
      tellAll(
          new PeerCommand.AnnounceTransactions(ids, PeerAnnouncements.ofTransactions(ids), again));
    }
  }

  /** Asks all what they know, without waiting here. */
  void reports(ActorContext<?> context, Consumer<List<PeerReport>> whenDone) {
    context.spawnAnonymous(ReportCollector.create(List.copyOf(supervisors.values()), whenDone));
  }

  /** Asks one. */
  void report(ActorContext<?> context, long peer, Consumer<Optional<PeerReport>> whenDone) {
    List<ActorRef<PeerCommand>> one = Optional.ofNullable(supervisors.get(peer)).stream().toList();
    context.spawnAnonymous(
        ReportCollector.create(one, reports -> whenDone.accept(reports.stream().findFirst())));
  }
}
