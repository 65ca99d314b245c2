package kaspeer.engine.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.peers.Sync;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** What the arbiter knows of a connected peer. */
final class SyncPeer {
  /** How a peer stands as a server of bodies in the present stage. */
  enum Vetting {
    NOT_ASKED,
    /** It owes an answer, whatever becomes of the stage meanwhile. */
    ASKED,
    /** It has answered, and the DAG is asked what that means. */
    WEIGHED,
    SERVES,
    UNFIT
  }

  private static final int MAX_CLAIMS = 4;
  private static final Duration FIRST_REST = Duration.ofSeconds(10);
  private static final int MAX_DOUBLINGS = 6;

  private final PeerInfo info;
  private final ActorRef<Sync.Directive> flow;
  private final DeliveryMeter meter = new DeliveryMeter();
  private final Deque<Hash> claims = new ArrayDeque<>();
  private @Nullable Hash probe;
  private Instant probeSince = Instant.MIN;
  private @Nullable Hash settled;
  private boolean matched;
  private boolean unsuitable;
  private @Nullable Header candidate;
  private boolean candidateInDoubt;
  private Instant restsUntil = Instant.MIN;
  private int fruitless;
  private Vetting vetting = Vetting.NOT_ASKED;
  private long vettingLease;

  SyncPeer(PeerInfo info, ActorRef<Sync.Directive> flow) {
    this.info = info;
    this.flow = flow;
  }

  long number() {
    return info.number();
  }

  PeerInfo info() {
    return info;
  }

  ActorRef<Sync.Directive> flow() {
    return flow;
  }

  DeliveryMeter meter() {
    return meter;
  }

  /**
   * The peer says that it has this block. Said again, it is no later than it was: else what was
   * said in between would be taken for older, and not be missed.
   */
  void claims(Hash hash) {
    if (claims.contains(hash)) {
      return;
    }
    claims.addFirst(hash);
    if (claims.size() > MAX_CLAIMS) {
      claims.removeLast();
    }
  }

  /** Blocks it announced last, the latest first. */
  List<Hash> claims() {
    return List.copyOf(claims);
  }

  /**
   * The peer sent a block with unknown ancestors; of several the one with the most work is kept.
   */
  void offers(Header header) {
    if (candidate == null || candidate.blueWork().compareTo(header.blueWork()) < 0) {
      candidate = header;
      candidateInDoubt = false;
    }
    claims(header.hash());
  }

  /** The block that it offered, if it has more work than what is here. */
  @Nullable Header offer(DagSnapshot snapshot) {
    return candidate != null && candidate.blueWork().compareTo(snapshot.sink().blueWork()) > 0
        ? candidate
        : null;
  }

  /** This offer was followed up, and is forgotten; not so a better one that came meanwhile. */
  void withdrawOffer(Header offer) {
    if (candidate != null && candidate.hash().equals(offer.hash())) {
      candidate = null;
    }
  }

  /** A session has ended, which may have brought what was offered meanwhile. */
  void doubtOffer() {
    candidateInDoubt = candidate != null;
  }

  /** The offered block to look up before a sync is begun for it, or null. */
  @Nullable Hash doubtedOffer() {
    return candidate != null && candidateInDoubt ? candidate.hash() : null;
  }

  /** The announced block to look up next, or null if the last one is here. */
  @Nullable Hash probe(Instant now) {
    Hash latest = claims.peekFirst();
    if (probe == null && latest != null && !Objects.equals(latest, settled)) {
      probe = latest;
      probeSince = now;
    }
    return probe;
  }

  /** What is known of a block that was looked up. An invalid block is nothing to wait for. */
  void probed(Hash hash, BlockStatus status) {
    if (Objects.equals(hash, probe) && (status.hasBody() || status == BlockStatus.INVALID)) {
      matched |= status.hasBody();
      unsuitable = false;
      settled = probe;
      probe = null;
    }
    if (Objects.equals(hash, doubtedOffer())) {
      candidateInDoubt = false;
      candidate = status.hasBody() || status == BlockStatus.INVALID ? null : candidate;
    }
  }

  /** Whether a block that it announced has been missing for so long. */
  boolean isAhead(Instant now, Duration patience) {
    return probe != null && !now.isBefore(probeSince.plus(patience));
  }

  /** Whether it announced something, and something it announced was found here. */
  boolean isMatched() {
    return matched;
  }

  boolean hasClaimed() {
    return !claims.isEmpty();
  }

  /** Whether it has announced something that is not here yet. */
  boolean hasMore(DagSnapshot snapshot) {
    return probe != null || offer(snapshot) != null;
  }

  /**
   * It has more than we do, and yet cannot be synced from. What it announced is looked for all the
   * same.
   */
  void restAsUnsuitable(Instant now, Duration length) {
    restsUntil = now.plus(length);
    candidate = null;
    unsuitable = true;
  }

  /** It is not to lead for some time. What it has is not in doubt, and missing until it is here. */
  void restAsAsked(Instant now, Duration length) {
    restsUntil = now.plus(length);
    unsuitable = true;
  }

  boolean isUnsuitable() {
    return unsuitable;
  }

  /**
   * A sync from it brought nothing: it rests, longer each time, and what it announced is forgotten.
   */
  void restAfterNothing(Instant now) {
    restsUntil = now.plus(FIRST_REST.multipliedBy(1L << fruitless));
    candidate = null;
    probe = null;
    settled = claims.peekFirst();
    fruitless = Math.min(MAX_DOUBLINGS, fruitless + 1);
  }

  /** A sync from it brought something. */
  void wasFruitful() {
    fruitless = 0;
    unsuitable = false;
  }

  boolean isResting(Instant now) {
    return now.isBefore(restsUntil);
  }

  Vetting vetting() {
    return vetting;
  }

  void vetting(Vetting next) {
    vetting = next;
  }

  /** It is asked for its chain under this lease, to see what bodies it has. */
  void vet(long lease) {
    vetting = Vetting.ASKED;
    vettingLease = lease;
  }

  /** Whether this is the answer it owes. It is taken: from now on it owes none. */
  boolean settlesVetting(long lease) {
    boolean settles = vetting == Vetting.ASKED && vettingLease == lease;
    if (settles) {
      vetting = Vetting.NOT_ASKED;
    }
    return settles;
  }

  @Override
  public String toString() {
    return "peer " + info.number() + " (" + info.address() + ")";
  }
}
