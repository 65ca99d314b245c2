package kaspeer.admin;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import kaspeer.admin.events.EventBuffer;
import kaspeer.engine.dial.DialTarget;
import kaspeer.engine.peers.LiveLimits;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What may be asked of a running node. Every command is answered with exactly one {@link
 * AdminReply}, within {@link AdminActor#ANSWER_LIMIT} and a little.
 */
public sealed interface AdminCommand {
  /** Who is answered. */
  ActorRef<AdminReply> replyTo();

  /** Answered with {@link AdminReply.NodeReport}. */
  record GetNode(ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Answered with {@link AdminReply.DagReport}. */
  record GetDag(ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Answered with {@link AdminReply.BlockReport}. */
  record GetBlock(Hash hash, ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Answered with {@link AdminReply.PeerList}. */
  record ListPeers(ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Answered with {@link AdminReply.PeerDetail}. */
  record GetPeer(PeerKey peer, ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Answered with {@link AdminReply.DepartureList}. */
  record ListDepartures(ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Dials once. Answered with {@link AdminReply.PeerConnected}. */
  record ConnectPeer(InetSocketAddress address, ActorRef<AdminReply> replyTo)
      implements AdminCommand {}

  /**
   * Dials now, and again and again. Answered with {@link AdminReply.PeerConnected}, or {@link
   * AdminReply.PeerHeld} if the peer cannot be reached yet.
   *
   * @param target as it was named: a name is looked up for each attempt
   */
  record HoldPeer(DialTarget target, ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Answered with {@link AdminReply.Done}. */
  record DisconnectPeer(PeerKey peer, String reason, ActorRef<AdminReply> replyTo)
      implements AdminCommand {}

  /** Answered with {@link AdminReply.BanList}. */
  record ListBans(ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** No ban is ordered for longer. */
  Duration LONGEST_BAN = Duration.ofDays(3650);

  /**
   * Answered with {@link AdminReply.BanMade}.
   *
   * @param subject an IP address or a CIDR range
   */
  record AddBan(
      String subject, String reason, Duration length, String evidence, ActorRef<AdminReply> replyTo)
      implements AdminCommand {}

  /** Answered with {@link AdminReply.Done}. */
  record RemoveBan(String subject, ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Answered with {@link AdminReply.AddressList}. */
  record ListAddresses(ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Answered with {@link AdminReply.MempoolReport}. */
  record GetMempool(ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Answered with {@link AdminReply.TransactionReport}. */
  record GetTransaction(Hash id, ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /**
   * Answered with {@link AdminReply.BlockAnswer}.
   *
   * @param bytes its size as it was handed in, for accounting
   * @param old whether it is to be taken however far it is behind
   */
  record SubmitBlock(Block block, int bytes, boolean old, ActorRef<AdminReply> replyTo)
      implements AdminCommand {}

  /**
   * Answered with {@link AdminReply.TransactionVerdict}.
   *
   * @param replacement whether it has to push out exactly one that spends the same; else it may
   *     push out none
   */
  record SubmitTransaction(
      Transaction transaction, int bytes, boolean replacement, ActorRef<AdminReply> replyTo)
      implements AdminCommand {}

  /**
   * Answered with {@link AdminReply.BlockTemplate}.
   *
   * @param payTo whom the block's reward is for
   * @param extraData to go into its coinbase
   */
  record GetBlockTemplate(ScriptPublicKey payTo, byte[] extraData, ActorRef<AdminReply> replyTo)
      implements AdminCommand {}

  /** Answered with {@link AdminReply.PolicyReport}. */
  record GetPolicy(ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Another sanction follows from a breach. Answered with {@link AdminReply.PolicyRowChanged}. */
  record SetPolicyRow(ViolationCode code, Sanction row, ActorRef<AdminReply> replyTo)
      implements AdminCommand {}

  /** Answered with {@link AdminReply.PolicyRowChanged}. */
  record ResetPolicyRow(ViolationCode code, ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Answered with {@link AdminReply.LimitList}. */
  record ListLimits(ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Answered with {@link AdminReply.LimitChanged}. */
  record SetLimit(LiveLimits.Limit limit, int value, ActorRef<AdminReply> replyTo)
      implements AdminCommand {}

  /** Answered with {@link AdminReply.LogLevelList}. */
  record ListLogLevels(ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /**
   * Answered with {@link AdminReply.LogLevelChanged}.
   *
   * @param level empty to let the logger have its parent's
   */
  record SetLogLevel(String logger, Optional<LogLevels.Level> level, ActorRef<AdminReply> replyTo)
      implements AdminCommand {}

  /** Answered with {@link AdminReply.PermanentList}. */
  record ListPermanent(ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Answered with {@link AdminReply.PermanentForgotten}. */
  record ForgetPermanent(DialTarget target, ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Another peer leads the sync. Answered with {@link AdminReply.SyncRotated}. */
  record RotateSync(ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Answered with {@link AdminReply.FlowList}. */
  record ListFlows(ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Answered with {@link AdminReply.ClusterReport}. */
  record GetCluster(ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Answered with {@link AdminReply.ClusterPeers}. */
  record ListClusterPeers(ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Answered with {@link AdminReply.HealthReport}. */
  record GetHealth(ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /**
   * Puts every event from now on into the buffer, until it is full or closed. Answered with {@link
   * AdminReply.Done}, or {@link AdminReply.Unavailable} when there are too many watchers.
   */
  record Watch(EventBuffer buffer, ActorRef<AdminReply> replyTo) implements AdminCommand {}
}
