package kaspeer.engine.sanctions;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
