package kaspeer.engine.sync;

import java.time.Duration;
import java.util.List;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.peers.Sync.Directive;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/** The bodies stage of a session, its servers, and how both reach the DAG and the peers. */
final class SessionBodies implements BodyStage.Host {
  private final SyncSession session;
  private final SyncSession.Host host;
  private final SyncBook book;
  private final BodyStage stage;
  private final BodyServers servers;

  SessionBodies(
      SyncSession session,
      SyncSession.Host host,
      SyncSettings settings,
      SyncBook book,
      SyncPeer leader,
      List<Hash> targets) {
    this.session = session;
    this.host = host;
    this.book = book;
    this.stage = new BodyStage(this, settings, targets);
    this.servers = new BodyServers(host, stage, settings, book, leader);
  }

  void begin() {
    servers.restart();
    stage.begin();
  }

  void tick() {
    stage.tick();
    servers.extend(true);
    servers.vetNewcomers(false);
  }

  void onBodies(Sync.BodiesReceived part) {
    stage.onBodies(part);
  }

  void onNegotiated(SyncPeer peer, Sync.Negotiated found) {
    servers.onNegotiated(peer, found);
  }

  void onUnsuitable(SyncPeer peer) {
    servers.onUnsuitable(peer);
  }

  void remove(SyncPeer peer) {
    stage.remove(peer.number());
  }

  /**
   * Takes work and service from a peer for the rest of the present target, if another one serves.
   */
  boolean dismiss(SyncPeer peer) {
    if (!stage.isServedBesides(peer.number())) {
      return false;
    }
    peer.vetting(SyncPeer.Vetting.UNFIT);
    stage.remove(peer.number());
    return true;
  }

  boolean isStalled(SyncPeer peer, Duration silence) {
    return stage.isStalled(peer.number(), silence);
  }

  /** The fastest server. */
  @Nullable SyncPeer fastest() {
    Long fastest = stage.fastest();
    return fastest == null ? null : book.peer(fastest);
  }

  @Override
  public void lookUpMissing(Hash target, int limit) {
    host.dag().missingBodies(target, limit, stage::onMissing);
  }

  @Override
  public void submit(long number, List<Dag.Body> batch) {
    host.dag()
        .submitBodies(
            batch,
            reply -> {
              session.gain(added(reply));
              stage.onSubmitted(number, reply);
              servers.extend(true);
            });
  }

  private static int added(Dag.BatchReply reply) {
    return switch (reply) {
      case Dag.BatchReply.Done(int added) -> added;
      case Dag.BatchReply.Failed failed -> failed.added();
      case Dag.BatchReply.Gap gap -> gap.added();
      case Dag.BatchReply.Busy _ -> 0;
    };
  }

  @Override
  public void retrySoon() {
    host.inAMoment(stage::onRetry);
  }

  @Override
  public long nextAssignment() {
    return host.nextNumber();
  }

  @Override
  public void fetch(long number, long assignment, List<Hash> hashes) {
    SyncPeer peer = book.peer(number);
    if (peer != null) {
      peer.flow().tell(new Directive.FetchBodies(assignment, hashes));
    }
  }

  @Override
  public void blame(long number, ViolationCode code, String detail) {
    SyncPeer peer = book.peer(number);
    if (peer != null) {
      session.blame(peer, code, detail);
    }
  }

  @Override
  public void targetChanged() {
    servers.restart();
  }

  @Override
  public void workListed() {
    servers.extend(false);
    servers.vetNewcomers(true);
  }

  @Override
  public void finished() {
    session.end(true, "complete");
  }

  @Override
  public void failed(String why) {
    session.end(false, why);
  }
}
