package kaspeer.admin;

import static kaspeer.admin.AdminActor.ANSWER_LIMIT;
import static kaspeer.admin.AdminActor.WORK_LIMIT;
import static kaspeer.admin.Asker.reply;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import kaspeer.engine.Engine;
import kaspeer.engine.peer.PeerReport;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.Sanctions;
import org.apache.pekko.actor.typed.ActorRef;

/** What an operator asks of peers and bans. */
record PeerAnswers(Engine engine, Asker asker) {
  static AdminReply detail(PeerKey key, Optional<PeerReport> found) {
    return found.isPresent() ? new AdminReply.PeerDetail(found.get()) : missing(key);
  }

  private static AdminReply missing(PeerKey key) {
    return new AdminReply.NotFound(
        "connected peer " + key.text() + "; GET /api/v1/peers has them all");
  }

  void connect(AdminCommand.ConnectPeer c) {
    CompletionStage<AdminReply> connected =
        asker
            .ask(
                engine.peers(),
                (ActorRef<Peers.DialReply> to) -> new Peers.Dial(c.address(), false, to),
                WORK_LIMIT)
            .thenCompose(dialled -> outcome(dialled, AdminReply.Refused::new));
    reply(c.replyTo(), "peers", connected, Function.identity());
  }

  /** A permanent peer that cannot be reached now is held all the same. */
  void hold(AdminCommand.HoldPeer c) {
    CompletionStage<AdminReply> held =
        asker
            .ask(
                engine.peers(),
                (ActorRef<Peers.DialReply> to) -> new Peers.Hold(c.target(), to),
                WORK_LIMIT)
            .thenCompose(
                dialled -> outcome(dialled, why -> new AdminReply.PeerHeld(c.target(), why)));
    reply(c.replyTo(), "peers", held, Function.identity());
  }

  private CompletionStage<AdminReply> outcome(
      Peers.DialReply dialled, Function<String, AdminReply> unreached) {
    return switch (dialled) {
      case Peers.DialReply.Connected(long number) -> withInfo(number, false);
      case Peers.DialReply.AlreadyConnected(long number) -> withInfo(number, true);
      case Peers.DialReply.Failed(String why) -> done(unreached.apply(why));
      case Peers.DialReply.NotHeld(String why) -> done(new AdminReply.Refused(why));
    };
  }

  private CompletionStage<AdminReply> withInfo(long number, boolean known) {
    return find(new PeerKey.ByNumber(number))
        .thenApply(
            found -> new AdminReply.PeerConnected(found.map(PeerReport::info), number, known));
  }

  void disconnect(AdminCommand.DisconnectPeer c) {
    CompletionStage<AdminReply> gone =
        find(c.peer())
            .thenCompose(
                found ->
                    found.isPresent()
                        ? disconnect(c.peer(), found.get(), c.reason())
                        : done(missing(c.peer())));
    reply(c.replyTo(), "peers", gone, Function.identity());
  }

  private CompletionStage<AdminReply> disconnect(PeerKey key, PeerReport peer, String reason) {
    return asker
        .ask(
            engine.peers(),
            (ActorRef<Boolean> to) -> new Peers.Disconnect(peer.info().number(), reason, to),
            ANSWER_LIMIT)
        .thenApply(was -> was ? new AdminReply.Done() : missing(key));
  }

  void addBan(AdminCommand.AddBan c) {
    reply(
        c.replyTo(),
        "sanctions",
        asker.ask(
            engine.sanctions(),
            (ActorRef<Sanctions.BanReply> to) ->
                new Sanctions.AddBan(c.subject(), c.reason(), c.length(), c.evidence(), to),
            ANSWER_LIMIT),
        verdict ->
            switch (verdict) {
              case Sanctions.BanReply.Banned(var ban) -> new AdminReply.BanMade(ban);
              case Sanctions.BanReply.Refused(String why) -> new AdminReply.Refused(why);
            });
  }

  void removeBan(AdminCommand.RemoveBan c) {
    reply(
        c.replyTo(),
        "sanctions",
        asker.ask(
            engine.sanctions(),
            (ActorRef<Boolean> to) -> new Sanctions.RemoveBan(c.subject(), to),
            ANSWER_LIMIT),
        was ->
            was
                ? new AdminReply.Done()
                : new AdminReply.NotFound(
                    "ban of " + c.subject() + "; GET /api/v1/bans has them all"));
  }

  CompletionStage<Peers.PeerList> listPeers() {
    return asker.ask(engine.peers(), Peers.ListPeers::new, ANSWER_LIMIT);
  }

  CompletionStage<Optional<PeerReport>> find(PeerKey key) {
    return switch (key) {
      case PeerKey.ByNumber(long number) ->
          asker.ask(
              engine.peers(),
              (ActorRef<Optional<PeerReport>> to) -> new Peers.GetPeer(number, to),
              ANSWER_LIMIT);
      case PeerKey.ById id ->
          listPeers()
              .thenApply(
                  list -> list.peers().stream().filter(p -> id.matches(p.info())).findFirst());
    };
  }

  private static CompletionStage<AdminReply> done(AdminReply reply) {
    return CompletableFuture.completedFuture(reply);
  }
}
