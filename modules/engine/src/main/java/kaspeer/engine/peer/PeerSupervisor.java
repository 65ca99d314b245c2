package kaspeer.engine.peer;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import kaspeer.engine.extension.ExtensionNote;
import kaspeer.engine.extension.PeerExtensions;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.peers.Departure;
import kaspeer.engine.peers.PeersCommand;
import kaspeer.engine.relay.RelayActor;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.HandshakeStep;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.policy.Policy;
import kaspeer.flow.policy.RejectText;
import kaspeer.primitives.Printable;
import kaspeer.transport.InboundFrame;
import kaspeer.transport.Link;
import kaspeer.transport.LinkEnd;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * One connection: owns the link, the flows and what waits for them; decides with the policy what
 * follows from how a flow ends. Whatever goes wrong here ends this peer and no other. It is never
 * started anew.
 */
public final class PeerSupervisor extends AbstractMatchingBehavior<PeerCommand> {
  /** Name of what is no flow's doing, in metrics and logs. */
  static final String LINK = EngineMetrics.LINK;

  /** How long a link may take to end after it was told to. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  /** How long to read nothing, at first, from a peer that holds more than its share. */
  private static final Duration CROWDED = Duration.ofMillis(50);

  private enum Phase {
    HANDSHAKING,
    ACTIVE,
    CLOSING
  }

  private final TimerScheduler<PeerCommand> timers;
  private final PeerEnvironment environment;
  private final ActorRef<PeersCommand> peers;
  private final Link link;
  private final boolean stays;
  private final LinkReader reader = new LinkReader();
  private final ReadingPauses pauses = new ReadingPauses(System::nanoTime);
  private final PeerConduct conduct;
  private final PeerFlows flows;
  private final PeerAnnouncements announcements;
  private final PeerOutbox outbox;
  private @Nullable PeerExtensions extensions;
  private Phase phase = Phase.HANDSHAKING;
  private PeerInfo info;
  private @Nullable Duration lastPing;
  private @Nullable LinkEnd linkEnd;
  private boolean inboundOver;

  private PeerSupervisor(
      ActorContext<PeerCommand> context,
      TimerScheduler<PeerCommand> timers,
      PeerEnvironment environment,
      ActorRef<PeersCommand> peers,
      Link link,
      PeerInfo info,
      boolean stays) {
    super(context);
    this.timers = timers;
    this.environment = environment;
    this.peers = peers;
    this.link = link;
    this.stays = stays;
    this.info = info;
    this.conduct = new PeerConduct(environment);
    ActorRef<PeerCommand> self = context.getSelf();
    this.outbox =
        new PeerOutbox(
            link, environment.counters(), () -> self.tell(PeerCommand.OutboxFull.CONTROL));
    Policy policy = environment.policy().get();
    this.announcements =
        new PeerAnnouncements(outbox, environment.metrics().announcementsSkipped());
    this.flows =
        new PeerFlows(
            context,
            new PeerFlowContext.Shared(
                environment, self, outbox, new BulkPhase(link), pauses, policy),
            link,
            announcements::heard);
  }

  /**
   * The supervisor of a link that was just opened.
   *
   * @param info what is known of the peer so far
   * @param stays whether its flows start after the handshake; otherwise that is all
   */
  public static Behavior<PeerCommand> create(
      PeerEnvironment environment,
      ActorRef<PeersCommand> peers,
      Link link,
      PeerInfo info,
      boolean stays) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  PeerSupervisor supervisor =
                      new PeerSupervisor(context, timers, environment, peers, link, info, stays);
                  supervisor.start();
                  return supervisor;
                }));
  }

  private void start() {
    getContext().pipeToSelf(link.whenEnded(), (end, failure) -> new PeerCommand.LinkEnded(end));
    flows.startHandshake(info);
    reader.start(getContext(), link);
  }

  @Override
  public Behavior<PeerCommand> onMessage(PeerCommand command) {
    switch (command) {
      case PeerCommand.Opened(var ack) -> ack.tell(Done.getInstance());
      case PeerCommand.Frames(var frames, var ack) -> {
        if (phase == Phase.CLOSING) {
          ack.tell(Done.getInstance());
        } else {
          reader.came(frames, ack);
          readOn();
        }
      }
      case PeerCommand.Inbound.OVER -> {
        inboundOver = true;
      }
      case PeerCommand.LinkEnded(var end) -> {
        linkEnd = end;
        timers.startSingleTimer(PeerCommand.CloseLate.TICK, CLOSE_TIMEOUT);
      }
      case PeerCommand.Pull(var slot, var generation, var inbox, var messages) -> {
        onEnded(flows.pull(slot, generation, inbox, messages));
        readOn();
      }
      case PeerCommand.LookAgain _ -> readOn();
      case PeerCommand.Asked(var slot, var generation, var question, var answers, var withId) ->
          flows.asked(slot, generation, question, answers, withId);
      case PeerCommand.Settled(var question) -> onEnded(flows.settled(question));
      case PeerCommand.Violated(var slot, var violation) -> judge(flows.name(slot), violation);
      case PeerCommand.Finished(var slot, var generation, var outcome) -> {
        onFinished(slot, generation, outcome);
        readOn();
      }
      case PeerCommand.Shaken(var step) -> onShaken(step);
      case PeerCommand.PingMeasured(var roundTrip) -> onPing(roundTrip);
      case PeerCommand.Dropped(var slot, var count) -> flows.dropped(slot, count);
      case PeerCommand.Noted(var note) -> onNote(note);
      case PeerCommand.OutboxFull _ -> judge(LINK, new FlowOutcome.Overflowed("outbox"));
      case PeerCommand.Blame(var violation) -> judge(LINK, violation);
      case PeerCommand.Dismiss(var reason, var detail) ->
          end(PeerConduct.End.dismissal(reason, detail));
      case PeerCommand.AnnounceBlock(var hash, var announcement) when phase == Phase.ACTIVE ->
          announcements.block(hash, announcement);
      case PeerCommand.AnnounceTransactions(var ids, var announcement, var again)
          when phase == Phase.ACTIVE && info.relaysTransactions() ->
          announcements.transactions(ids, announcement, again);
      case PeerCommand.AnnounceBlock _, PeerCommand.AnnounceTransactions _ -> {}
      case PeerCommand.Report(var replyTo) -> replyTo.tell(report());
      case PeerCommand.CloseLate _ -> {
        inboundOver = true;
        reader.stop();
        link.abort("did not end in time");
      }
    }
    return onLinkOver();
  }

  @Override
  public Behavior<PeerCommand> onSignal(Signal signal) {
    switch (signal) {
      case ChildFailed failed ->
          onEnded(flows.stopped(failed.getRef(), Optional.of(failed.getCause()), info));
      case Terminated ended -> onEnded(flows.stopped(ended.getRef(), Optional.empty(), info));
      default -> {}
    }
    // What waited for the flow may have been all that kept us from reading.
    readOn();
    return this;
  }

  private void onFrame(InboundFrame frame) {
    environment.counters().received(frame.type(), frame.bytes());
    if (frame.type().payloadCase() == PayloadCase.REJECT) {
      onReject(Printable.line(RejectText.cut(frame.message().getReject().getReason())));
      return;
    }
    if (extensions == null || extensions.admit(frame)) {
      onEnded(flows.take(frame));
    }
  }

  /** A flow of a plug-in decided on a message that waited, or found the peer out. */
  private void onNote(ExtensionNote note) {
    if (extensions == null || phase == Phase.CLOSING) {
      return;
    }
    PeerExtensions.Consequence consequence = extensions.on(note);
    if (consequence.outcome() != null) {
      judge(consequence.flow(), consequence.outcome());
    }
    if (consequence.deliver() != null && phase != Phase.CLOSING) {
      onEnded(flows.take(consequence.deliver()));
    }
    readOn();
  }

  /**
   * Takes the messages that came and asks for more, as long as there is room: here, and in what all
   * peers together may hold, which others make.
   */
  private void readOn() {
    takeFrames();
    pauses.paused(reader.isPaused());
  }

  private void takeFrames() {
    while (phase != Phase.CLOSING
        && !flows.isHeld()
        && (extensions == null || !extensions.isHolding())) {
      if (!reader.isBehind() && link.isCrowding()) {
        timers.startSingleTimer(PeerCommand.LookAgain.TICK, CROWDED);
        return;
      }
      InboundFrame frame = reader.take();
      if (frame == null) {
        return;
      }
      onFrame(frame);
    }
  }

  /** The peer's last word (protocol reference 5.9): no reply, no blame. */
  private void onReject(String reason) {
    boolean benign = RejectText.isBenign(reason);
    environment.metrics().rejectReceived(benign);
    judge(LINK, new FlowOutcome.Refused(reason));
  }

  private void onFinished(int slot, int generation, FlowOutcome outcome) {
    if (outcome instanceof FlowOutcome.Completed) {
      flows.completed(slot, generation);
    } else {
      judge(flows.name(slot), outcome);
    }
  }

  private void onEnded(PeerFlows.@Nullable Ended ended) {
    if (ended != null) {
      judge(ended.flow(), ended.outcome());
    }
  }

  private void onShaken(HandshakeStep step) {
    if (phase != Phase.HANDSHAKING) {
      return;
    }
    switch (step) {
      case HandshakeStep.Identify(var id, var replyTo) ->
          peers.tell(new PeersCommand.Identify(info.number(), id, replyTo));
      case HandshakeStep.OpenRoutes(var peer) -> {
        info = peer;
        flows.openRoutes(peer.protocolVersion());
        if (environment.extensions() != null) {
          extensions =
              environment
                  .extensions()
                  .open(
                      peer,
                      getContext(),
                      getContext().messageAdapter(ExtensionNote.class, PeerCommand.Noted::new));
        }
        peers.tell(new PeersCommand.Introduced(peer));
      }
      case HandshakeStep.Ready _ when !stays ->
          peers.tell(new PeersCommand.Ready(info.number(), Optional.empty()));
      case HandshakeStep.Ready(var claimed) -> {
        phase = Phase.ACTIVE;
        link.established();
        environment.metrics().handshake(!info.isOutbound(), "ready");
        // Before any flow can announce something.
        environment.relayActor().tell(new RelayActor.Joined(info.number(), info.isOutbound()));
        PeerFlows.Ended ended = flows.startReady(info);
        if (extensions != null) {
          extensions.start(outbox::announce);
        }
        peers.tell(new PeersCommand.Ready(info.number(), Optional.ofNullable(claimed)));
        onEnded(ended);
        readOn();
      }
    }
  }

  private void onPing(Duration roundTrip) {
    lastPing = roundTrip;
    environment.metrics().ping(roundTrip.toNanos() / 1e9);
    peers.tell(new PeersCommand.Pinged(info.number(), roundTrip));
  }

  /** Decides what follows from an outcome, and does it. */
  private void judge(String flow, FlowOutcome outcome) {
    if (phase != Phase.CLOSING) {
      conduct.judge(info, flow, outcome).ifPresent(this::end);
    }
  }

  private void end(PeerConduct.End end) {
    if (phase == Phase.CLOSING) {
      return;
    }
    if (phase == Phase.HANDSHAKING) {
      environment.metrics().handshake(!info.isOutbound(), end.reason());
    }
    phase = Phase.CLOSING;
    reader.stop();
    end.rejectText().ifPresentOrElse(link::reject, () -> link.close(end.reason()));
    flows.stopAll();
    if (extensions != null) {
      extensions.end();
    }
    Instant now = environment.clock().instant();
    peers.tell(
        new PeersCommand.Departed(
            new Departure(info, now, end.reason(), end.detail(), end.sanction())));
    timers.startSingleTimer(PeerCommand.CloseLate.TICK, CLOSE_TIMEOUT);
  }

  /**
   * Once the link has ended and all that came before is read: the last frame may say why it ended.
   */
  private Behavior<PeerCommand> onLinkOver() {
    if (linkEnd == null || !inboundOver || reader.isBehind()) {
      return this;
    }
    judge(LINK, LinkEnds.outcome(linkEnd));
    return Behaviors.stopped();
  }

  private PeerReport report() {
    boolean leads = Long.valueOf(info.number()).equals(environment.syncStatus().get().peer());
    return PeerReports.of(
        info,
        lastPing,
        leads,
        conduct.score(info),
        link.traffic(),
        PeerReports.flows(flows.reports(), extensions));
  }
}
