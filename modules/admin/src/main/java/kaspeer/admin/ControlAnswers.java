package kaspeer.admin;

import static kaspeer.admin.AdminActor.ANSWER_LIMIT;
import static kaspeer.admin.Asker.reply;

import kaspeer.engine.Engine;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.engine.sync.SyncControl;
import org.apache.pekko.actor.typed.ActorRef;

/** What an operator changes while the node runs: policy, limits, log, permanent peers, sync. */
record ControlAnswers(Engine engine, Asker asker, LogLevels log) {
  void policy(ActorRef<AdminReply> replyTo) {
    reply(
        replyTo,
        "sanctions",
        asker.ask(engine.sanctions(), Sanctions.GetPolicy::new, ANSWER_LIMIT),
        AdminReply.PolicyReport::new);
  }

  void setPolicyRow(AdminCommand.SetPolicyRow c) {
    reply(
        c.replyTo(),
        "sanctions",
        asker.ask(
            engine.sanctions(),
            (ActorRef<Sanctions.RowReply> to) -> new Sanctions.SetRow(c.code(), c.row(), to),
            ANSWER_LIMIT),
        ControlAnswers::row);
  }

  void resetPolicyRow(AdminCommand.ResetPolicyRow c) {
    reply(
        c.replyTo(),
        "sanctions",
        asker.ask(
            engine.sanctions(),
            (ActorRef<Sanctions.RowReply> to) -> new Sanctions.ResetRow(c.code(), to),
            ANSWER_LIMIT),
        ControlAnswers::row);
  }

  private static AdminReply row(Sanctions.RowReply reply) {
    return switch (reply) {
      case Sanctions.RowReply.Changed changed -> new AdminReply.PolicyRowChanged(changed);
      case Sanctions.RowReply.Refused(String why) -> new AdminReply.Refused(why);
    };
  }

  void limits(ActorRef<AdminReply> replyTo) {
    reply(
        replyTo,
        "peers",
        asker.ask(engine.peers(), Peers.ListLimits::new, ANSWER_LIMIT),
        list -> new AdminReply.LimitList(list.limits()));
  }

  void setLimit(AdminCommand.SetLimit c) {
    reply(
        c.replyTo(),
        "peers",
        asker.ask(
            engine.peers(),
            (ActorRef<Peers.LimitReply> to) -> new Peers.SetLimit(c.limit(), c.value(), to),
            ANSWER_LIMIT),
        verdict ->
            switch (verdict) {
              case Peers.LimitReply.Changed changed -> new AdminReply.LimitChanged(changed);
              case Peers.LimitReply.Refused(String why) -> new AdminReply.Refused(why);
            });
  }

  void logLevels(ActorRef<AdminReply> replyTo) {
    replyTo.tell(new AdminReply.LogLevelList(log.list()));
  }

  void setLogLevel(AdminCommand.SetLogLevel c) {
    c.replyTo()
        .tell(
            switch (log.set(c.logger(), c.level())) {
              case LogLevels.Outcome.Changed changed -> new AdminReply.LogLevelChanged(changed);
              case LogLevels.Outcome.Refused(String why) -> new AdminReply.Refused(why);
            });
  }

  void permanent(ActorRef<AdminReply> replyTo) {
    reply(
        replyTo,
        "peers",
        asker.ask(engine.peers(), Peers.ListPermanent::new, ANSWER_LIMIT),
        list -> new AdminReply.PermanentList(list.peers()));
  }

  void forgetPermanent(AdminCommand.ForgetPermanent c) {
    reply(
        c.replyTo(),
        "peers",
        asker.ask(
            engine.peers(),
            (ActorRef<Boolean> to) -> new Peers.ForgetPermanent(c.target(), to),
            ANSWER_LIMIT),
        held ->
            held
                ? new AdminReply.PermanentForgotten(c.target())
                : new AdminReply.NotFound("permanent peer " + c.target()));
  }

  void rotateSync(ActorRef<AdminReply> replyTo) {
    reply(
        replyTo,
        "sync",
        asker.ask(engine.sync(), SyncControl.Rotate::new, ANSWER_LIMIT),
        verdict ->
            switch (verdict) {
              case SyncControl.RotateReply.Rotated rotated -> new AdminReply.SyncRotated(rotated);
              case SyncControl.RotateReply.Refused(String why) -> new AdminReply.Refused(why);
            });
  }
}
