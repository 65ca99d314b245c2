package kaspeer.engine.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.peers.Sync.Directive;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sync from beginning to end: a peer leads through negotiation and headers, then several serve
 * bodies. When the leader leaves, is refused or is too slow another takes over; what is in the DAG
 * stays there, so that the next one starts where the last one got.
 */
final class SyncSession {
  private static final Logger LOG = LoggerFactory.getLogger(SyncSession.class);

  /** Where the session has got. */
  enum Stage {
    NEGOTIATION,
    HEADERS,
    BODIES
  }

  /** What the arbiter does for a session. */
  interface Host {
    /** Never goes back, and may not be what time it is. */
    Instant now();

    /** A number that no lease and no assignment of this node had before. */
    long nextNumber();

    DagQuestions<?> dag();

    DagSnapshot snapshot();

    void inAMoment(Runnable action);

    /** Leader or stage are others now. */
    void changed();

    /** A peer was replaced. */
    void countStall();

    void ended(boolean complete, String how);
  }

  private final Host host;
  private final SyncSettings settings;
  private final SyncBook book;
  private final SyncProgress progress;
  private final Instant startedAt;
  private Stage stage = Stage.NEGOTIATION;
  private @Nullable SyncPeer leader;
  private Optional<Header> relayed = Optional.empty();
  private long lease;
  private Hash sink = Hash.ZERO;
  private @Nullable SessionBodies bodies;
  private Instant lastReplacement = Instant.MIN;
  private long headers;
  private long bodiesAdded;
  private boolean over;

  SyncSession(Host host, SyncSettings settings, SyncBook book, SyncProgress progress) {
    this.host = host;
    this.settings = settings;
    this.book = book;
    this.progress = progress;
    this.startedAt = host.now();
  }

  Stage stage() {
    return stage;
  }

  /** Who leads or, when it has gone, the fastest server of bodies. */
  @Nullable SyncPeer leader() {
    return leader != null || bodies == null ? leader : bodies.fastest();
  }

  /** DAA score of the block that the session was started for, 0 if that is not known. */
  long targetDaaScore() {
    return relayed.map(Header::daaScore).orElse(0L);
  }

  /** How far the present stage has come. */
  double fraction(Instant clock, DagSnapshot snapshot) {
    return switch (stage) {
      case NEGOTIATION -> 0;
      case HEADERS -> progress.fraction(clock, snapshot.headersTip());
      case BODIES -> progress.fraction(clock, snapshot.sink());
    };
  }

  void lead(SyncBook.Lead lead) {
    leader = lead.peer();
    relayed = lead.relayed();
    stage = Stage.NEGOTIATION;
    lease = host.nextNumber();
    // Takes the place of a question that it may not have answered yet.
    lead.peer().vetting(SyncPeer.Vetting.NOT_ASKED);
    lead.peer().flow().tell(new Directive.Negotiate(lease));
    host.changed();
  }

  void onNegotiated(SyncPeer peer, Sync.Negotiated found) {
    boolean vetted = peer.settlesVetting(found.lease());
    if (vetted && bodies != null) {
      bodies.onNegotiated(peer, found);
    }
    if (peer != leader || found.lease() != lease || stage != Stage.NEGOTIATION) {
      return;
    }
    stage = Stage.HEADERS;
    sink = found.sink();
    progress.begin(host.now(), host.snapshot().headersTip(), targetDaaScore());
    peer.flow()
        .tell(new Directive.FetchHeaders(lease, found.known(), found.sink(), above(found.sink())));
    host.changed();
  }

  /** The relayed block, unless it is the sink itself. */
  private Optional<Hash> above(Hash peersSink) {
    return relayed.map(Header::hash).filter(hash -> !hash.equals(peersSink));
  }

  void onUnsuitable(SyncPeer peer, Sync.Unsuitable refused) {
    boolean vetted = peer.settlesVetting(refused.lease());
    if (peer == leader && refused.lease() == lease && stage == Stage.NEGOTIATION) {
      LOG.warn(
          "Cannot sync from {}: {} ({}). To sync from a pruned peer takes a pruning point proof, which this version does not"
              + " do; connect to a peer that keeps the whole history",
          peer,
          refused.detail(),
          refused.refusal());
      peer.restAsUnsuitable(host.now(), settings.coolDown());
      next("no peer can be synced from");
    } else if (vetted && bodies != null) {
      bodies.onUnsuitable(peer);
    }
  }

  void onHeadersReceived(SyncPeer peer, Sync.HeadersReceived received) {
    peer.meter().delivered(received.delivery(), settings.floorWindow());
    headers += received.delivery().items();
    judge(peer, Duration.ZERO);
  }

  void onHeadersDone(Sync.HeadersDone done) {
    SyncPeer peer = leader;
    if (done.lease() != lease || stage != Stage.HEADERS || peer == null) {
      return;
    }
    stage = Stage.BODIES;
    List<Hash> targets = new ArrayList<>();
    targets.add(sink);
    above(sink).ifPresent(targets::add);
    DagSnapshot snapshot = host.snapshot();
    progress.begin(
        host.now(), snapshot.sink(), Math.max(targetDaaScore(), snapshot.headersTip().daaScore()));
    SessionBodies next = new SessionBodies(this, host, settings, book, peer, targets);
    bodies = next;
    next.begin();
    host.changed();
  }

  void onBodies(SyncPeer peer, Sync.BodiesReceived part) {
    peer.meter().delivered(part.delivery(), settings.floorWindow());
    if (bodies != null) {
      bodies.onBodies(part);
      judge(peer, Duration.ZERO);
    }
  }

  /** So many bodies are new in the DAG. */
  void gain(int added) {
    bodiesAdded += added;
  }

  /** We have waited for this peer so long, and nothing has come. */
  void onSilent(SyncPeer peer, Duration silence) {
    judge(peer, silence);
  }

  /** Replaces a peer that keeps us waiting, if there is somebody else, and not too often. */
  private void judge(SyncPeer peer, Duration silence) {
    if (over || host.now().isBefore(nextReplacement())) {
      return;
    }
    boolean stalled;
    if (stage == Stage.BODIES) {
      stalled = bodies != null && bodies.isStalled(peer, silence);
    } else {
      stalled = peer == leader && isSlow(peer, silence) && canBeReplaced(peer, silence);
    }
    if (stalled) {
      lastReplacement = host.now();
      host.countStall();
      blame(peer, ViolationCode.STALLED, describe(peer, silence));
    }
  }

  private boolean isSlow(SyncPeer peer, Duration silence) {
    return silence.compareTo(settings.stallAfter()) >= 0
        || peer.meter().isBelow(settings.floorPerMinute(), settings.floorWindow(), silence);
  }

  /**
   * Whether there is somebody else; for a leader that is slow and not dead, not one who is known to
   * be slower.
   */
  private boolean canBeReplaced(SyncPeer peer, Duration silence) {
    Optional<SyncBook.Lead> other = book.pickInstead(peer, host.now(), host.snapshot());
    boolean dead = silence.compareTo(settings.stallAfter()) >= 0;
    return other.isPresent() && (dead || other.get().peer().meter().mayBeat(peer.meter()));
  }

  private Instant nextReplacement() {
    return lastReplacement.equals(Instant.MIN)
        ? Instant.MIN
        : lastReplacement.plus(settings.replacementPause());
  }

  private static String describe(SyncPeer peer, Duration silence) {
    return String.format(
        Locale.ROOT,
        "%.1f items for a second of waiting, silent for %d s while others can deliver",
        peer.meter().itemsPerSecond(),
        silence.toSeconds());
  }

  void blame(SyncPeer peer, ViolationCode code, String detail) {
    book.remove(peer);
    peer.flow().tell(new Directive.Blame(code, detail));
    onGone(peer);
  }

  /** A peer is gone, for whatever reason. It is no longer in the book. */
  void onGone(SyncPeer peer) {
    if (over) {
      return;
    }
    boolean led = peer == leader;
    if (led) {
      leader = null;
    }
    if (stage == Stage.BODIES) {
      if (bodies != null) {
        bodies.remove(peer);
      }
      host.changed();
    } else if (led) {
      next("the peer left, and no other has what is missing");
    }
  }

  private void next(String otherwise) {
    Optional<SyncBook.Lead> lead = book.pickInstead(leader, host.now(), host.snapshot());
    leader = null;
    if (lead.isPresent()) {
      lead(lead.get());
    } else {
      end(false, otherwise);
    }
  }

  /** An operator wants another leader: the present one rests, and stays connected. */
  SyncControl.RotateReply rotate() {
    SyncPeer before = leader();
    if (before == null) {
      return new SyncControl.RotateReply.Refused("nobody leads at the moment");
    }
    if (stage == Stage.BODIES) {
      if (bodies == null || !bodies.dismiss(before)) {
        return new SyncControl.RotateReply.Refused("no other peer serves bodies");
      }
      leader = null;
      host.changed();
    } else {
      Optional<SyncBook.Lead> next = book.pickInstead(before, host.now(), host.snapshot());
      if (next.isEmpty()) {
        return new SyncControl.RotateReply.Refused("no other peer has what is missing");
      }
      before.restAsAsked(host.now(), settings.coolDown());
      if (stage == Stage.HEADERS) {
        before.flow().tell(new Directive.StopHeaders());
      }
      lead(next.get());
    }
    SyncPeer after = leader();
    LOG.info("The operator put {} in the place of {}", after, before);
    return after == null
        ? new SyncControl.RotateReply.Refused("nobody leads at the moment")
        : new SyncControl.RotateReply.Rotated(
            before.number(), after.number(), stage.name().toLowerCase(Locale.ROOT));
  }

  void tick() {
    if (bodies != null && !over) {
      progress.raise(host.snapshot().headersTip().daaScore());
      bodies.tick();
    }
  }

  void end(boolean complete, String how) {
    if (over) {
      return;
    }
    over = true;
    SyncPeer peer = leader;
    if (peer != null && headers + bodiesAdded > 0) {
      peer.wasFruitful();
      relayed.ifPresent(peer::withdrawOffer);
    } else if (peer != null) {
      peer.restAfterNothing(host.now());
    }
    Duration spent = Duration.between(startedAt, host.now());
    host.ended(
        complete,
        String.format(
            Locale.ROOT,
            "%s (%d headers and %d bodies in %s)",
            how,
            headers,
            bodiesAdded,
            SyncReporter.readable(spent)));
  }
}
