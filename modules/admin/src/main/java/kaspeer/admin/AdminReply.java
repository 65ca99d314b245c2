package kaspeer.admin;

import java.util.List;
import java.util.Optional;
import kaspeer.engine.Engine.RegisteredFlow;
import kaspeer.engine.addresses.AddressReport;
import kaspeer.engine.dial.DialTarget;
import kaspeer.engine.peer.PeerReport;
import kaspeer.engine.peers.Departure;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.engine.sanctions.Sanctions.Ban;
import kaspeer.engine.sanctions.Sanctions.PolicyTable;
import kaspeer.engine.sync.SyncControl;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.LocalNode;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;

/**
 * Answers to {@link AdminCommand}. Each command says which of the first group it is answered with
 * when all is well.
 */
public sealed interface AdminReply {
  /**
   * @param isSynced whether the node is at the tip of the network, as far as it can know
   * @param syncPeer the leading peer of the sync
   * @param stop where the selected chain ends, if it cannot go on
   */
  record NodeReport(
      LocalNode local,
      NodeFacts facts,
      boolean isSynced,
      SyncStatus sync,
      Optional<PeerInfo> syncPeer,
      int peers,
      Optional<ChainStop> stop)
      implements AdminReply {}

  /**
   * @param utxoCommitment of the sink's header; empty if that cannot be read
   */
  record DagReport(
      Network network, DagSnapshot dag, ChainFacts chain, Optional<Hash> utxoCommitment)
      implements AdminReply {}

  /**
   * @param block the whole block, if its body is here
   */
  record BlockReport(Header header, Dag.Place place, Optional<Block> block) implements AdminReply {}

  /**
   * @param nearlySynced whether the node is near the tip of the network
   */
  record BlockTemplate(Block block, boolean nearlySynced) implements AdminReply {}

  record PeerList(List<PeerReport> peers) implements AdminReply {}

  record PeerDetail(PeerReport peer) implements AdminReply {}

  record DepartureList(List<Departure> departures) implements AdminReply {}

  /**
   * @param known whether it was connected before
   */
  record PeerConnected(Optional<PeerInfo> peer, long number, boolean known) implements AdminReply {}

  /** A permanent peer that is not connected yet, and dialled again and again. */
  record PeerHeld(DialTarget target, String why) implements AdminReply {}

  record BanList(List<Ban> bans) implements AdminReply {}

  record BanMade(Ban ban) implements AdminReply {}

  record AddressList(List<AddressReport> addresses) implements AdminReply {}

  record MempoolReport(Mempool.Info info) implements AdminReply {}

  record TransactionReport(Mempool.Description found) implements AdminReply {}

  /** What became of a block that was handed in. */
  sealed interface BlockAnswer extends AdminReply {}

  record BlockVerdict(Dag.BlockReply verdict) implements BlockAnswer {}

  /** It was not looked at. */
  record BlockNotTaken(Hash hash, Why why, String detail) implements BlockAnswer {
    /** The reason. */
    public enum Why {
      /** The node does not know yet what a block has to build on. */
      NOT_SYNCED,
      /** The block builds on what was the tip long ago. */
      TOO_FAR_BEHIND,
      /** The node is an edge, and no core of the cluster took it. */
      CORE_UNAVAILABLE
    }
  }

  record TransactionVerdict(Hash id, Mempool.Result verdict) implements AdminReply {}

  record FlowList(List<RegisteredFlow> flows, LocalNode local) implements AdminReply {}

  record ClusterReport(List<Member> members) implements AdminReply {
    /**
     * One member.
     *
     * @param status {@code joining}, {@code weaklyup}, {@code up}, {@code leaving}, {@code exiting}
     *     or {@code down}
     * @param reachable whether the one that answers can reach it
     * @param dag whose DAG its flows use: {@code local} or a member's address; empty if it has none
     * @param lag DAA score by which that DAG is behind the best of the cluster
     * @param isSelf whether it is the one that answers
     */
    public record Member(
        String address,
        List<String> roles,
        String status,
        boolean reachable,
        int peers,
        String dag,
        long lag,
        boolean isSelf) {}
  }

  /**
   * The peers of all members of the cluster.
   *
   * @param answered the members whose peers are in it
   * @param missing members that did not answer
   * @param omitted peers left out because one member holds very many
   */
  record ClusterPeers(List<Held> peers, List<String> answered, List<String> missing, int omitted)
      implements AdminReply {
    /**
     * A peer and the member that holds it.
     *
     * @param member its address; {@code local} in a node on its own
     */
    public record Held(String member, PeerInfo peer) {}
  }

  record PolicyReport(PolicyTable table) implements AdminReply {}

  record PolicyRowChanged(Sanctions.RowReply.Changed change) implements AdminReply {}

  record LimitList(List<Peers.LimitReport> limits) implements AdminReply {}

  record LimitChanged(Peers.LimitReply.Changed change) implements AdminReply {}

  record LogLevelList(List<LogLevels.Entry> levels) implements AdminReply {}

  record LogLevelChanged(LogLevels.Outcome.Changed change) implements AdminReply {}

  record PermanentList(List<Peers.Permanent> peers) implements AdminReply {}

  record PermanentForgotten(DialTarget target) implements AdminReply {}

  record SyncRotated(SyncControl.RotateReply.Rotated rotated) implements AdminReply {}

  record HealthReport(Health health) implements AdminReply {}

  record Done() implements AdminReply {}

  // Trouble.

  /**
   * There is no such thing.
   *
   * @param what what was looked for
   */
  record NotFound(String what) implements AdminReply {}

  /** The node will not do it. */
  record Refused(String why) implements AdminReply {}

  /** Not now: too busy or too many. */
  record Unavailable(String why) implements AdminReply {}

  /** The part of the node that knows did not answer in time. */
  record TimedOut(String part) implements AdminReply {}

  /** Our own fault. */
  record Failed(String detail) implements AdminReply {}
}
