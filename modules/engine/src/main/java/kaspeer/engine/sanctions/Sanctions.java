package kaspeer.engine.sanctions;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import kaspeer.flow.policy.Policy;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.ViolationCode;
import org.apache.pekko.actor.typed.ActorRef;

/** What the admin endpoint may ask of the sanctions actor. */
public sealed interface Sanctions {
  record ListBans(ActorRef<BanList> replyTo) implements Sanctions {}

  /**
   * @param subject an IP address or a CIDR range
   */
  record AddBan(
      String subject, String reason, Duration length, String evidence, ActorRef<BanReply> replyTo)
      implements Sanctions {}

  /** Replies whether there was such a ban. */
  record RemoveBan(String subject, ActorRef<Boolean> replyTo) implements Sanctions {}

  record GetPolicy(ActorRef<PolicyTable> replyTo) implements Sanctions {}

  /** Another sanction follows from a breach from now on, until the node ends. */
  record SetRow(ViolationCode code, Sanction row, ActorRef<RowReply> replyTo)
      implements Sanctions {}

  /** What the node was started with follows from a breach again. */
  record ResetRow(ViolationCode code, ActorRef<RowReply> replyTo) implements Sanctions {}

  /**
   * @param inForce what follows from breaches now
   * @param configured what the node was started with
   */
  record PolicyTable(Policy inForce, Policy configured) {}

  /** What became of a change to the policy. */
  sealed interface RowReply {
    record Changed(ViolationCode code, Sanction before, Sanction after) implements RowReply {}

    /** The row is as it was: it was so already, or may not be so. */
    record Refused(String why) implements RowReply {}
  }

  record BanList(List<Ban> bans) {}

  /**
   * @param evidence what was seen, for an operator to judge
   */
  record Ban(String subject, String reason, Instant until, String evidence) {}

  /** What became of a ban. */
  sealed interface BanReply {
    record Banned(Ban ban) implements BanReply {}

    record Refused(String why) implements BanReply {}
  }
}
