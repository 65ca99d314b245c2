package kaspeer.cluster.edge;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import kaspeer.cluster.ClusterOptions;
import kaspeer.cluster.proto.Dropped;
import kaspeer.cluster.proto.More;
import kaspeer.cluster.proto.Piece;
import kaspeer.cluster.wire.Incoming;
import kaspeer.cluster.wire.Outgoing;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** An edge's dealings with one core, from the first word on. State of the proxy. */
final class Session {
  private static final Duration ATTACH_LIMIT = Duration.ofSeconds(2);

  /** So many times longer a core may take if there is no other. */
  private static final int PATIENCE = 4;

  /** Of questions on their way. */
  private static final long QUESTION_BYTES = Outgoing.MAX_BYTES / 2;

  private final Cores.Seen core;
  private final long number = ThreadLocalRandom.current().nextLong();
  private final long since = System.nanoTime();
  private @Nullable Channel channel;
  private long sequence;

  /** Whether the core was silent for a while: it may have given the session up. */
  private boolean doubtful;

  private record Channel(ActorRef<MessageLite> agent, Outgoing out, Incoming in) {}

  Session(Cores.Seen core) {
    this.core = core;
  }

  Cores.Seen core() {
    return core;
  }

  long number() {
    return number;
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - since);
  }

  boolean isAttached() {
    return channel != null;
  }

  /** Whether the core answers, as far as can be told. */
  boolean isAlive() {
    return channel != null && !doubtful;
  }

  /**
   * The core has answered, by this actor.
   *
   * @param dropped hears of answers that are not taken
   */
  void attached(ActorRef<MessageLite> agent, LongConsumer dropped) {
    Incoming.Sender core =
        new Incoming.Sender() {
          @Override
          public void more(long id) {
            agent.tell(More.newBuilder().setSession(number).setId(id).build());
          }

          @Override
          public void dropped(long id) {
            agent.tell(Dropped.newBuilder().setSession(number).setId(id).build());
            dropped.accept(id);
          }
        };
    channel =
        new Channel(
            agent,
            new Outgoing(number, QUESTION_BYTES, agent::tell),
            new Incoming(Incoming.MAX_BYTES, core));
  }

  /** Says something that bears the session's number. */
  void tell(LongFunction<MessageLite> message) {
    if (channel != null) {
      channel.agent.tell(message.apply(number));
    }
  }

  void send(Pending pending) {
    if (channel != null) {
      pending.sendWaiting(channel.out);
    }
  }

  void more(long id) {
    if (channel != null) {
      channel.out.more(id);
    }
  }

  /** The core takes nothing of this question. */
  void forget(long id) {
    if (channel != null) {
      channel.out.forget(id);
    }
  }

  /** A part of an answer came. Returns the whole of it, once it is there. */
  @Nullable ByteString take(Piece piece) {
    return channel == null ? null : channel.in.take(piece);
  }

  /** News with this number came. Returns whether some before it are missing. */
  boolean missed(long news) {
    boolean gap = news != sequence + 1;
    sequence = news;
    return gap;
  }

  /**
   * Why another core had better be used; null if this one will do.
   *
   * @param oldest age of the oldest question without an answer
   */
  @Nullable Farewell reasonToLeave(
      List<Cores.Seen> cores, ClusterOptions options, Duration oldest) {
    Duration age = age();
    if (channel == null) {
      return age.compareTo(ATTACH_LIMIT) > 0 ? Farewell.NO_ANSWER : null;
    }
    Optional<Cores.Seen> seen =
        cores.stream().filter(known -> known.address().equals(core.address())).findFirst();
    if (seen.isEmpty()) {
      return Farewell.NO_MEMBER;
    }
    Duration limit = options.times().silence();
    boolean silent = seen.get().silence().compareTo(limit) > 0;
    if (doubtful && !silent) {
      return Farewell.SILENT;
    }
    doubtful = silent;
    boolean another =
        Cores.choose(cores, options.address(), core.address(), limit.dividedBy(2)).isPresent();
    Duration slow = options.times().slow();
    Duration patience = another ? slow : slow.multipliedBy(PATIENCE);
    if (oldest.compareTo(patience) > 0 && age.compareTo(slow) > 0) {
      return Farewell.SLOW;
    }
    if (another && seen.get().leaving()) {
      return Farewell.LEAVING;
    }
    return another && silent ? Farewell.SILENT : null;
  }
}
