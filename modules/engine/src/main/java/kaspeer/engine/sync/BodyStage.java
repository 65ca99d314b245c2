package kaspeer.engine.sync;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import kaspeer.consensus.Rule;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.peers.Sync.BodiesReceived;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/**
 * The bodies stage (protocol reference 6.10): fetches what the headers in the past of each target
 * lack, from several peers at once, and hands it to the DAG in order. Keeps no clock: the arbiter
 * calls {@link #tick} every second.
 */
final class BodyStage {
  /** Wrong parents may come of our own doing; more than this and the session ends. */
  private static final int MAX_GAPS = 3;

  /** What the arbiter does for this stage. */
  interface Host {
    /** Answered by {@link BodyStage#onMissing}. */
    void lookUpMissing(Hash target, int limit);

    /** Answered by {@link BodyStage#onSubmitted} with the same number. */
    void submit(long number, List<Dag.Body> bodies);

    /** Calls {@link BodyStage#onRetry} in a moment. */
    void retrySoon();

    /** A number that no assignment of this node had before. */
    long nextAssignment();

    void fetch(long peer, long assignment, List<Hash> hashes);

    /** The peer is to go. It must be removed here by {@link BodyStage#remove}. */
    void blame(long peer, ViolationCode code, String detail);

    /** Another target was begun: who can serve it must be found out anew. */
    void targetChanged();

    /** What is to be done is known; more servers may be of use. */
    void workListed();

    /** All bodies of all targets are in the DAG. */
    void finished();

    /** It cannot go on. */
    void failed(String why);
  }

  private record Server(long peer, Predicate<Hash> canServe, DeliveryMeter meter) {}

  private final Host host;
  private final SyncSettings settings;
  private final Deque<Hash> targets;
  private final BodyWork work;
  private final Map<Long, Server> servers = new HashMap<>();
  private final Submissions submissions = new Submissions();
  private Hash target;
  private boolean lookingUp;
  private boolean allListed;
  private boolean retrying;
  private boolean over;
  private int idleSeconds;
  private int gaps;

  /**
   * @param targets in this order, at least one
   */
  BodyStage(Host host, SyncSettings settings, List<Hash> targets) {
    this.host = host;
    this.settings = settings;
    this.targets = new ArrayDeque<>(targets);
    this.work = new BodyWork(settings.windowBytes(), host::nextAssignment);
    this.target = this.targets.remove();
  }

  void begin() {
    lookUp();
  }

  boolean isOver() {
    return over;
  }

  Hash target() {
    return target;
  }

  /** Whether this is the target being worked on. */
  boolean isAt(Hash block) {
    return !over && target.equals(block);
  }

  /** Whether a server has nothing to do, though there is work that nobody does. */
  boolean isIdle(long peer) {
    return work.free() > 0 && work.assignments(peer) == 0;
  }

  /**
   * Whether one more server would be of use: at once to take up work, later to take over from
   * others.
   */
  boolean wantsServers(boolean atOnce) {
    boolean useful = atOnce ? work.free() > 0 : !work.isEmpty();
    return !over && servers.size() < settings.servers() && useful;
  }

  /**
   * The fastest server, for whom the stage is named when its leader has gone; null if there is
   * none.
   */
  @Nullable Long fastest() {
    return byRate().stream().map(Server::peer).findFirst().orElse(null);
  }

  private void lookUp() {
    lookingUp = true;
    work.awaitList();
    host.lookUpMissing(target, work.size() + settings.workLimit());
  }

  void onMissing(Dag.HashesReply reply) {
    lookingUp = false;
    switch (reply) {
      case Dag.HashesReply.Found(var hashes) -> {
        // Whole mergesets are listed, so a list that is not the last may be shorter than asked for.
        allListed = hashes.isEmpty() || hashes.getLast().equals(target);
        work.append(hashes);
        goOn();
        host.workListed();
      }
      case Dag.HashesReply.Refused(var why) ->
          fail("bodies up to " + target + " cannot be listed: " + why);
    }
  }

  /** A peer can serve bodies for which {@code canServe} holds. */
  void add(long peer, Predicate<Hash> canServe, DeliveryMeter meter) {
    servers.put(peer, new Server(peer, canServe, meter));
    goOn();
  }

  /** A peer is gone, or to be left alone; what it owes is given to others. */
  void remove(long peer) {
    servers.remove(peer);
    work.release(peer);
    goOn();
  }

  /** Takes in what came. A part of an assignment that is no longer ours is dropped. */
  void onBodies(BodiesReceived part) {
    work.deliver(part.assignment(), part.bodies(), part.last());
    goOn();
  }

  private void goOn() {
    if (over) {
      return;
    }
    submit();
    if (!lookingUp && !allListed && work.free() <= settings.workLimit() / 4) {
      lookUp();
    } else if (!lookingUp && work.isEmpty()) {
      nextTarget();
    }
    if (!over) {
      assign();
    }
  }

  private void nextTarget() {
    Hash next = targets.poll();
    if (next == null) {
      over = true;
      host.finished();
      return;
    }
    target = next;
    servers.clear();
    allListed = false;
    lookUp();
    host.targetChanged();
  }

  private void submit() {
    while (!retrying && !submissions.isTroubled() && submissions.size() < settings.submissions()) {
      List<Dag.Body> batch = work.submit(settings.submitBodies(), settings.submitBytes());
      if (batch.isEmpty()) {
        return;
      }
      host.submit(submissions.add(batch.size()), batch);
    }
  }

  /**
   * The DAG has answered. After anything but success nothing is handed over until all answers are
   * here.
   */
  void onSubmitted(long number, Dag.BatchReply reply) {
    if (over) {
      return;
    }
    submissions.answered(number, reply);
    int done = submissions.takeDone();
    if (done > 0) {
      work.committed(done);
      gaps = 0;
    }
    Dag.BatchReply trouble = submissions.takeTrouble();
    if (trouble != null) {
      onTrouble(trouble);
    }
    goOn();
  }

  private void onTrouble(Dag.BatchReply reply) {
    switch (reply) {
      case Dag.BatchReply.Failed failed -> {
        work.takeBack(failed.hash());
        onInvalid(failed);
      }
      case Dag.BatchReply.Gap gap -> {
        work.takeBack(gap.hash());
        gaps++;
        if (gaps > MAX_GAPS) {
          fail("body " + gap.hash() + " came before its parents " + gap.missing());
        } else {
          retry();
        }
      }
      case Dag.BatchReply.Busy _ -> {
        work.takeBack();
        retry();
      }
      case Dag.BatchReply.Done _ -> throw new IllegalStateException("success is no trouble");
    }
  }

  private void retry() {
    retrying = true;
    host.retrySoon();
  }

  void onRetry() {
    retrying = false;
    goOn();
  }

  /**
   * A body that does not belong to its header is the supplier's lie: another peer is asked. One
   * that does belong and yet breaks a rule makes the block invalid for good, and with it the chain
   * that we were to sync.
   */
  private void onInvalid(Dag.BatchReply.Failed failed) {
    long supplier = work.supplier(failed.hash());
    work.forget(supplier);
    String detail = failed.rule() + " in body of " + failed.hash() + ": " + failed.detail();
    boolean wrongBody = failed.rule().equals(Rule.BAD_MERKLE_ROOT.name());
    if (supplier >= 0) {
      host.blame(
          supplier,
          wrongBody ? ViolationCode.BAD_SYNC_ANSWER : ViolationCode.INVALID_BLOCK,
          detail);
    }
    if (!wrongBody) {
      fail(detail);
    }
  }

  private void fail(String why) {
    if (!over) {
      over = true;
      host.failed(why);
    }
  }

  private List<Server> byRate() {
    List<Server> sorted = new ArrayList<>(servers.values());
    sorted.sort(
        Comparator.comparingDouble((Server server) -> -server.meter.itemsPerSecond())
            .thenComparingLong(Server::peer));
    return sorted;
  }

  /** Gives out work, to the fastest first, a request each in turn. */
  private void assign() {
    boolean given = true;
    while (given && work.free() > 0) {
      given = false;
      for (Server server : byRate()) {
        if (work.assignments(server.peer) < allowance(server)) {
          Assignment assignment =
              work.assign(server.peer, server.canServe, settings.requestBodies());
          if (assignment != null) {
            given = true;
            host.fetch(server.peer, assignment.number, assignment.hashes());
          }
        }
      }
    }
  }

  /**
   * Requests that may be open at a server: what it delivers in a second and one more, so that it
   * never idles.
   */
  private int allowance(Server server) {
    if (!server.meter.isMeasured()) {
      return Math.min(2, settings.requestsPerPeer());
    }
    double perSecond = server.meter.itemsPerSecond() / settings.requestBodies();
    return (int) Math.min(settings.requestsPerPeer(), 1 + Math.ceil(perSecond));
  }

  /** A second has passed. */
  void tick() {
    if (over) {
      return;
    }
    work.tick();
    boolean idle = !lookingUp && !retrying && submissions.isEmpty() && !work.isUnderWay();
    idleSeconds = idle ? idleSeconds + 1 : 0;
    if (idleSeconds >= settings.stallAfter().toSeconds()) {
      fail("no peer has the bodies that are missing");
      return;
    }
    Assignment slow = work.overdue((int) settings.hedgeAfter().toSeconds());
    if (slow != null) {
      hedge(slow);
    }
  }

  /** What keeps everything waiting is asked of an idle peer too. */
  private void hedge(Assignment slow) {
    for (Server server : byRate()) {
      if (server.peer != slow.server && work.assignments(server.peer) == 0) {
        Assignment second = work.hedge(slow, server.peer, server.canServe);
        if (second != null) {
          host.fetch(server.peer, second.number, second.hashes());
          return;
        }
      }
    }
  }

  /** Whether somebody else serves too. */
  boolean isServedBesides(long peer) {
    return servers.keySet().stream().anyMatch(other -> other != peer);
  }

  /**
   * Whether a server must be replaced, having been silent for so long. Never if it is the only one,
   * nor, while it delivers something, if all others are known to be slower: a slow peer is better
   * than none, and the protocol's own timeout ends a dead one.
   */
  boolean isStalled(long peer, Duration silence) {
    Server server = servers.get(peer);
    if (server == null || servers.size() < 2) {
      return false;
    }
    return silence.compareTo(settings.stallAfter()) >= 0
        || server.meter.isBelow(settings.floorPerMinute(), settings.floorWindow(), silence)
            && servers.values().stream()
                .anyMatch(other -> other.peer() != peer && other.meter.mayBeat(server.meter));
  }
}
