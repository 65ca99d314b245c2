package kaspeer.admin.events;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.dag.AcceptedBlock;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/** Something that happened, and when this node noticed. */
public sealed interface AdminEvent {
  /** What kinds of event there are. Their words are their names on the outside, and stable. */
  enum Type {
    BLOCK_ADDED("blockAdded"),
    SINK_CHANGED("sinkChanged"),
    VIRTUAL_CHANGED("virtualChanged"),
    CHAIN_CHANGED("chainChanged"),
    BLOCK_DISQUALIFIED("blockDisqualified"),
    CHAIN_STOPPED("chainStopped"),
    FINALITY_VIOLATED("finalityViolated"),
    PEER_CONNECTED("peerConnected"),
    PEER_DISCONNECTED("peerDisconnected"),
    BANNED("banned"),
    UNBANNED("unbanned"),
    SYNC_CHANGED("syncChanged"),
    MEMPOOL_CHANGED("mempoolChanged"),
    FLOW_REPORTED("flowReported");

    private final String word;

    Type(String word) {
      this.word = word;
    }

    /** Its name on the outside. */
    public String word() {
      return word;
    }

    /** The type of this name, if there is one. */
    public static Optional<Type> of(String word) {
      return Arrays.stream(values()).filter(type -> type.word.equals(word)).findFirst();
    }
  }

  /** The names of all types. */
  List<String> TYPES = Arrays.stream(Type.values()).map(Type::word).toList();

  /** The name of what a reader hears last that was too slow; no type that can be asked for. */
  String DROPPED = "dropped";

  Instant at();

  default Type type() {
    return switch (this) {
      case BlockAdded _ -> Type.BLOCK_ADDED;
      case SinkChanged _ -> Type.SINK_CHANGED;
      case VirtualChanged _ -> Type.VIRTUAL_CHANGED;
      case ChainChanged _ -> Type.CHAIN_CHANGED;
      case BlockDisqualified _ -> Type.BLOCK_DISQUALIFIED;
      case ChainStopped _ -> Type.CHAIN_STOPPED;
      case FinalityViolated _ -> Type.FINALITY_VIOLATED;
      case PeerConnected _ -> Type.PEER_CONNECTED;
      case PeerDisconnected _ -> Type.PEER_DISCONNECTED;
      case Banned _ -> Type.BANNED;
      case Unbanned _ -> Type.UNBANNED;
      case SyncChanged _ -> Type.SYNC_CHANGED;
      case MempoolChanged _ -> Type.MEMPOOL_CHANGED;
      case FlowReported _ -> Type.FLOW_REPORTED;
    };
  }

  /** About how many bytes of memory it takes. */
  default long weight() {
    return switch (this) {
      case BlockAdded added -> EventBuffer.SMALL_EVENT + 64L * added.parents().size();
      case PeerConnected connected ->
          EventBuffer.SMALL_EVENT + 2L * connected.peer().userAgent().length();
      case PeerDisconnected gone ->
          EventBuffer.SMALL_EVENT
              + 2L
                  * (gone.peer().userAgent().length()
                      + gone.reason().length()
                      + gone.detail().length());
      case Banned banned -> EventBuffer.SMALL_EVENT + 2L * banned.reason().length();
      case ChainChanged changed -> EventBuffer.SMALL_EVENT + 64 * changed.hashes();
      case BlockDisqualified disqualified ->
          EventBuffer.SMALL_EVENT + 2L * disqualified.detail().length();
      case ChainStopped stopped -> EventBuffer.SMALL_EVENT + 2L * stopped.detail().length();
      case VirtualChanged changed -> EventBuffer.SMALL_EVENT + 64L * changed.parents().size();
      case MempoolChanged _ -> 4 * EventBuffer.SMALL_EVENT;
      case FlowReported reported ->
          EventBuffer.SMALL_EVENT
              + reported.fields().entrySet().stream()
                  .mapToLong(f -> 64 + 2L * (f.getKey().length() + f.getValue().length()))
                  .sum();
      case SinkChanged _, FinalityViolated _, Unbanned _, SyncChanged _ -> EventBuffer.SMALL_EVENT;
    };
  }

  /**
   * A block with its body is in the DAG. Only what a watcher needs of it, so that waiting events
   * stay small.
   *
   * @param parents the direct ones
   * @param origin number of the peer's connection it came from, 0 if it was made or submitted here
   */
  record BlockAdded(
      Instant at,
      Hash hash,
      List<Hash> parents,
      long blueScore,
      long daaScore,
      long timestamp,
      int transactions,
      long origin)
      implements AdminEvent {}

  record SinkChanged(Instant at, DagSnapshot.Tip sink, long blockCount, long headerCount)
      implements AdminEvent {}

  /**
   * A block made now would be another one. At most a few times a second.
   *
   * @param parents it would have
   * @param daaScore it would have
   */
  record VirtualChanged(Instant at, List<Hash> parents, long daaScore) implements AdminEvent {}

  /**
   * Blocks left and came to the selected chain.
   *
   * @param removed from the old sink downwards
   * @param added upwards to the new sink, with what they accepted
   */
  record ChainChanged(Instant at, List<Hash> removed, List<AcceptedBlock> added)
      implements AdminEvent {
    private long hashes() {
      return removed.size()
          + added.stream()
              .mapToLong(block -> 1 + block.merged().size() + block.transactions().count())
              .sum();
    }
  }

  /**
   * A block will never be on the selected chain.
   *
   * @param rule name of the consensus rule
   */
  record BlockDisqualified(Instant at, Hash hash, String rule, String detail)
      implements AdminEvent {}

  /** The selected chain ends below a block that this version cannot judge. */
  record ChainStopped(Instant at, Hash hash, String detail) implements AdminEvent {}

  /** A tip has more work than the sink and is not followed: that would undo what is final. */
  record FinalityViolated(Instant at, Hash hash) implements AdminEvent {}

  record PeerConnected(Instant at, PeerInfo peer) implements AdminEvent {}

  /**
   * @param reason typed: the name of the outcome, and of the rule where one was broken
   */
  record PeerDisconnected(Instant at, PeerInfo peer, String reason, String detail)
      implements AdminEvent {}

  record Banned(Instant at, String subject, String reason, Duration length) implements AdminEvent {}

  record Unbanned(Instant at, String subject) implements AdminEvent {}

  /**
   * @param peer who leads it, as peers are shown
   */
  record SyncChanged(Instant at, SyncStatus status, @Nullable String peer) implements AdminEvent {}

  /** At most once a second. */
  record MempoolChanged(Instant at, Mempool.Info info) implements AdminEvent {}

  /** A plug-in's flow has something to tell. */
  record FlowReported(Instant at, String flow, String kind, Map<String, String> fields)
      implements AdminEvent {}
}
