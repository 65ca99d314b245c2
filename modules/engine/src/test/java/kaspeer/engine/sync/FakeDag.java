package kaspeer.engine.sync;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A DAG that is a chain, of which the lower part is here. Used by the test's thread and the
 * actor's: behind one lock.
 */
final class FakeDag {
  private final Chain chain;
  private final Set<Integer> bodies = new HashSet<>();
  private final Set<Integer> invalid = new HashSet<>();
  private final List<Integer> taken = new ArrayList<>();
  private int asked;
  private int headers;
  private int busy;
  private long sinkTimeOffset;
  private int sinkLimit = Integer.MAX_VALUE;

  FakeDag(Chain chain) {
    this.chain = chain;
    bodies.add(0);
  }

  /** Headers up to this one are here, and bodies up to that one. */
  synchronized FakeDag with(int headerTip, int bodyTip) {
    headers = headerTip;
    for (int i = 0; i <= bodyTip; i++) {
      bodies.add(i);
    }
    return this;
  }

  /** Headers up to this one came in. */
  synchronized void headersTo(int number) {
    headers = Math.max(headers, number);
  }

  /** The next so many submissions find it busy. */
  synchronized void busy(int times) {
    busy = times;
  }

  /** The body of this block belongs to its header, and breaks a rule. */
  synchronized void invalid(int number) {
    invalid.add(number);
  }

  /** The sink does not move beyond this block, whatever bodies come. */
  synchronized void stopSink(int number) {
    sinkLimit = number;
  }

  /** All blocks are so many milliseconds younger. */
  synchronized void younger(long millis) {
    sinkTimeOffset = millis;
  }

  /** Numbers of bodies in the order in which they were taken. */
  synchronized List<Integer> taken() {
    return List.copyOf(taken);
  }

  /** How many questions it was asked. */
  synchronized int asked() {
    return asked;
  }

  synchronized int sink() {
    int sink = 0;
    while (sink < sinkLimit && bodies.contains(sink + 1)) {
      sink++;
    }
    return sink;
  }

  synchronized DagSnapshot snapshot() {
    return new DagSnapshot(
        headers,
        bodies.size() - 1,
        List.of(chain.hash(sink())),
        tip(sink()),
        tip(headers),
        List.of(chain.hash(sink())),
        sink() + 1,
        0,
        0,
        chain.hash(0),
        BlueWork.ZERO);
  }

  private DagSnapshot.Tip tip(int number) {
    long time = chain.header(number).timestamp() + sinkTimeOffset;
    return new DagSnapshot.Tip(chain.hash(number), number, BlueWork.of(number), number, time);
  }

  Behavior<Dag> behavior() {
    return Behaviors.receiveMessage(
        question -> {
          answer(question);
          return Behaviors.same();
        });
  }

  private synchronized void answer(Dag question) {
    asked++;
    switch (question) {
      case Dag.GetStatuses(var hashes, var replyTo) ->
          replyTo.tell(new Dag.Statuses(hashes, hashes.stream().map(this::status).toList()));
      case Dag.IsAncestor(var block, var descendant, var replyTo) -> {
        int low = known(block);
        int high = known(descendant);
        replyTo.tell(low >= 0 && high >= 0 && low <= high);
      }
      case Dag.GetMissingBodies(var target, int limit, var replyTo) -> {
        List<Hash> missing = new ArrayList<>();
        for (int i = 1; i <= known(target) && missing.size() < limit; i++) {
          if (!bodies.contains(i)) {
            missing.add(chain.hash(i));
          }
        }
        replyTo.tell(new Dag.HashesReply.Found(missing));
      }
      case Dag.SubmitBodies(var batch, var replyTo) -> replyTo.tell(take(batch));
      default -> throw new IllegalArgumentException("the arbiter asked " + question);
    }
  }

  private int known(Hash hash) {
    int number = chain.number(hash);
    return number <= headers ? number : -1;
  }

  private BlockStatus status(Hash hash) {
    int number = known(hash);
    if (number < 0) {
      return BlockStatus.UNKNOWN;
    }
    return bodies.contains(number) ? BlockStatus.BODY : BlockStatus.HEADER_ONLY;
  }

  private Dag.BatchReply take(List<Dag.Body> batch) {
    if (busy > 0) {
      busy--;
      return new Dag.BatchReply.Busy();
    }
    int added = 0;
    for (Dag.Body body : batch) {
      int number = chain.number(body.hash());
      if (!bodies.contains(number - 1)) {
        return new Dag.BatchReply.Gap(added, body.hash(), List.of(chain.hash(number - 1)));
      }
      if (body.transactions().isEmpty()) {
        return new Dag.BatchReply.Failed(added, body.hash(), "BAD_MERKLE_ROOT", "another body's");
      }
      if (invalid.contains(number)) {
        return new Dag.BatchReply.Failed(added, body.hash(), "WRONG_SUBSIDY", "too much");
      }
      if (bodies.add(number)) {
        taken.add(number);
        added++;
      }
    }
    return new Dag.BatchReply.Done(added);
  }
}
