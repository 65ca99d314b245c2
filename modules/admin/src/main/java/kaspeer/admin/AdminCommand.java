package kaspeer.admin;

import java.net.InetSocketAddress;
import java.time.Duration;
import kaspeer.admin.events.EventBuffer;
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

  /** Dials. Answered with {@link AdminReply.PeerConnected}. */
  record ConnectPeer(InetSocketAddress address, boolean permanent, ActorRef<AdminReply> replyTo)
      implements AdminCommand {}

  /** Answered with {@link AdminReply.Done}. */
  record DisconnectPeer(PeerKey peer, String reason, ActorRef<AdminReply> replyTo)
      implements AdminCommand {}

  /** Answered with {@link AdminReply.BanList}. */
  record ListBans(ActorRef<AdminReply> replyTo) implements AdminCommand {}

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

  /** Answered with {@link AdminReply.FlowList}. */
  record ListFlows(ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Answered with {@link AdminReply.ClusterReport}. */
  record GetCluster(ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /** Answered with {@link AdminReply.HealthReport}. */
  record GetHealth(ActorRef<AdminReply> replyTo) implements AdminCommand {}

  /**
   * Puts every event from now on into the buffer, until it is full or closed. Answered with {@link
   * AdminReply.Done}, or {@link AdminReply.Unavailable} when there are too many watchers.
   */
  record Watch(EventBuffer buffer, ActorRef<AdminReply> replyTo) implements AdminCommand {}
}
