package kaspeer.flows.handshake;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowDescriptor.VersionRange;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.HandshakeStep;
import kaspeer.flow.HandshakeStep.Admission;
import kaspeer.flow.LocalNode;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.FlowKind;
import kaspeer.primitives.Printable;
import kaspeer.wire.ConversionException;
import kaspeer.wire.NetAddress;
import kaspeer.wire.PeerId;
import kaspeer.wire.VersionInfo;
import kaspeer.wire.WireLimits;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.ReadyMessage;
import kaspeer.wire.proto.VerackMessage;
import kaspeer.wire.proto.VersionMessage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * The handshake (protocol reference 4): our version goes out as soon as the stream is open, the
 * peer's is answered with a verack; once both have both, the peer is checked; ready goes out, and
 * when the peer's has come the flows start.
 *
 * <p>One method a phase: {@link #exchanging}, {@link #identifying}, {@link #awaitingVerack}, {@link
 * #awaitingReady}. In each the peer may be ahead of us: what comes early is noted in {@link Seen}.
 * A ready before the version is what some crawlers send, and does no harm. Anything twice is a
 * breach. One deadline is over all of it.
 *
 * <p>A policy may want the verack withheld until the checks have passed, as the protocol's first
 * text had it; then the checks do not wait for the peer's verack either, lest two such nodes wait
 * for each other.
 */
public final class HandshakeFlow {
  static final String INBOX = "handshake";

  /** Clocks that are further apart are said to be so far: a hundred years. */
  static final Duration MAX_OFFSET = Duration.ofDays(36_525);

  private static final FlowDescriptor DESCRIPTOR =
      new FlowDescriptor(
          "version",
          VersionRange.ALL,
          Phase.HANDSHAKE,
          List.of(
              new Inbox(
                  INBOX,
                  Set.of(PayloadCase.VERSION, PayloadCase.VERACK, PayloadCase.READY),
                  false,
                  4,
                  WireLimits.HANDSHAKE_BYTES,
                  Overflow.DISCONNECT)),
          Set.of(PayloadCase.VERSION, PayloadCase.VERACK, PayloadCase.READY),
          OnFailure.END_PEER);

  /** What the flow is told. */
  public sealed interface Command {}

  private record Received(KaspadMessage message) implements Command {}

  private record Admitted(Admission admission) implements Command {}

  private enum Tick implements Command {
    DEADLINE
  }

  /**
   * What has come from the peer so far.
   *
   * @param version null before it came
   */
  private record Seen(@Nullable VersionMessage version, boolean verack, boolean ready) {
    static final Seen NOTHING = new Seen(null, false, false);

    /** What has been seen with this message, or null if it was there before. */
    @Nullable Seen with(KaspadMessage message) {
      return switch (message.getPayloadCase()) {
        case VERSION -> version != null ? null : new Seen(message.getVersion(), verack, ready);
        case VERACK -> verack ? null : new Seen(version, true, ready);
        case READY -> ready ? null : new Seen(version, verack, true);
        default -> throw new IllegalArgumentException("no inbox takes " + message.getPayloadCase());
      };
    }

    String missing() {
      return version == null ? "version" : verack ? "ready" : "verack";
    }
  }

  private final FlowContext flow;
  private final ActorRef<Admission> admissions;

  private HandshakeFlow(ActorContext<Command> context, FlowContext flow) {
    this.flow = flow;
    this.admissions = context.messageAdapter(Admission.class, Admitted::new);
  }

  /** The flow's description and maker. */
  public static FlowFactory<Command> factory() {
    return new FlowKind<>(
        DESCRIPTOR,
        event -> new Received(event.message()),
        (actor, timers, flow) -> {
          timers.startSingleTimer(Tick.DEADLINE, Tick.DEADLINE, flow.settings().handshakeTimeout());
          return new HandshakeFlow(actor, flow).start();
        });
  }

  private Behavior<Command> start() {
    LocalNode local = flow.local();
    VersionInfo ours =
        new VersionInfo(
            local.maxVersion(),
            0,
            flow.clock().millis(),
            local.advertised(),
            new PeerId(local.id().getMostSignificantBits(), local.id().getLeastSignificantBits()),
            local.userAgent(),
            false,
            null,
            local.network().wireName());
    flow.outbox().send(KaspadMessage.newBuilder().setVersion(ours.toWire()).build());
    flow.pull(INBOX);
    return exchanging(Seen.NOTHING);
  }

  // Phase 1: versions and veracks cross.

  private Behavior<Command> exchanging(Seen seen) {
    return receive(seen, this::onExchanged, () -> onSilentPeer(seen), this::unasked);
  }

  private Behavior<Command> onExchanged(Seen seen, PayloadCase latest) {
    VersionMessage version = seen.version();
    boolean strict = flow.policy().verackAfterChecks();
    if (latest == PayloadCase.VERSION && !strict) {
      sendVerack();
    }
    if (version == null || !(seen.verack() || strict)) {
      return exchanging(seen);
    }
    try {
      return identify(seen, VersionInfo.fromWire(version));
    } catch (ConversionException e) {
      return broken(ViolationCode.INVALID_VERSION_MESSAGE, String.valueOf(e.getMessage()));
    }
  }

  // Phase 2: whether there is room for one of this id, and then the other checks (protocol
  // reference 4.3, in its order).

  private Behavior<Command> identify(Seen seen, VersionInfo version) {
    flow.handshake(
        new HandshakeStep.Identify(new UUID(version.id().high(), version.id().low()), admissions));
    return identifying(seen, version);
  }

  private Behavior<Command> identifying(Seen seen, VersionInfo version) {
    return receive(
        seen,
        (now, _) -> identifying(now, version),
        this::onSilentPeers,
        admission ->
            switch (admission) {
              case DUPLICATE ->
                  broken(
                      ViolationCode.DUPLICATE_CONNECTION, "id " + version.id() + " is connected");
              case LOOPBACK -> broken(ViolationCode.LOOPBACK_CONNECTION, "the id is our own");
              case FULL -> broken(ViolationCode.NO_ROOM, "no free slot");
              case BANNED -> broken(ViolationCode.BANNED, "the address is banned");
              case ADMITTED -> check(seen, version);
            });
  }

  private Behavior<Command> check(Seen seen, VersionInfo version) {
    LocalNode local = flow.local();
    String network = local.network().wireName();
    if (!version.network().equals(network)) {
      return broken(
          ViolationCode.WRONG_NETWORK,
          "network is " + printable(version.network()) + ", ours " + network);
    }
    if (!flow.admitsUserAgent(version.userAgent())) {
      return broken(
          ViolationCode.USER_AGENT_REFUSED, "user agent " + printable(version.userAgent()));
    }
    long theirs = Integer.toUnsignedLong(version.protocolVersion());
    if (theirs < local.minVersion()) {
      return broken(
          ViolationCode.VERSION_TOO_OLD,
          "protocol version " + theirs + ", at least " + local.minVersion() + " is needed");
    }
    if (flow.policy().verackAfterChecks()) {
      sendVerack();
    }
    return seen.verack() ? openRoutes(seen, version) : awaitingVerack(seen, version);
  }

  /** Only where the checks did not wait for it. */
  private Behavior<Command> awaitingVerack(Seen seen, VersionInfo version) {
    return receive(
        seen,
        (now, _) -> now.verack() ? openRoutes(now, version) : awaitingVerack(now, version),
        () -> onSilentPeer(seen),
        this::unasked);
  }

  // Phase 3: we are ready, and wait for the peer to be.

  private Behavior<Command> openRoutes(Seen seen, VersionInfo version) {
    flow.handshake(new HandshakeStep.OpenRoutes(peerOf(version)));
    flow.outbox()
        .send(KaspadMessage.newBuilder().setReady(ReadyMessage.getDefaultInstance()).build());
    return seen.ready() ? ready(version) : awaitingReady(seen, version);
  }

  private Behavior<Command> awaitingReady(Seen seen, VersionInfo version) {
    return receive(
        seen,
        (now, _) -> now.ready() ? ready(version) : awaitingReady(now, version),
        () -> onSilentPeer(seen),
        this::unasked);
  }

  private Behavior<Command> ready(VersionInfo version) {
    flow.handshake(new HandshakeStep.Ready(claimedAddress(version)));
    return Behaviors.stopped();
  }

  /** The peer as we know it now. */
  private PeerInfo peerOf(VersionInfo version) {
    int advertised = saturated(Integer.toUnsignedLong(version.protocolVersion()));
    return flow.peer()
        .identified(
            new UUID(version.id().high(), version.id().low()),
            printable(version.userAgent()),
            Math.min(advertised, flow.local().maxVersion()),
            advertised,
            offset(version.timestamp()),
            !version.disableRelayTx());
  }

  /**
   * Our clock minus the peer's. A peer may claim any time at all: what is far off is cut, so that
   * whoever shows it in milliseconds can.
   */
  private Duration offset(long timestamp) {
    Duration offset = Duration.ofMillis(flow.clock().millis()).minus(Duration.ofMillis(timestamp));
    if (offset.compareTo(MAX_OFFSET) > 0) {
      return MAX_OFFSET;
    }
    return offset.compareTo(MAX_OFFSET.negated()) < 0 ? MAX_OFFSET.negated() : offset;
  }

  private static int saturated(long version) {
    return (int) Math.min(version, Integer.MAX_VALUE);
  }

  /** Where the peer says it can be dialled; some say 0.0.0.0:0 where they do not know. */
  private static @Nullable InetSocketAddress claimedAddress(VersionInfo version) {
    NetAddress claimed = version.address();
    return claimed == null || claimed.port() == 0 || claimed.ip().isAnyLocalAddress()
        ? null
        : claimed.toSocket();
  }

  /** A peer's text as it is shown: not too long, and nothing that could forge a line of a log. */
  private static String printable(String text) {
    String shown =
        text.length() > WireLimits.USER_AGENT_BYTES
            ? text.substring(0, WireLimits.USER_AGENT_BYTES)
            : text;
    return Printable.line(shown);
  }

  private void sendVerack() {
    flow.outbox()
        .send(KaspadMessage.newBuilder().setVerack(VerackMessage.getDefaultInstance()).build());
  }

  // What all phases share.

  private interface OnMessage {
    Behavior<Command> apply(Seen seen, PayloadCase latest);
  }

  private interface OnAdmission {
    Behavior<Command> apply(Admission admission);
  }

  private Behavior<Command> receive(
      Seen seen,
      OnMessage onMessage,
      Supplier<Behavior<Command>> onDeadline,
      OnAdmission onAdmission) {
    return Behaviors.receiveMessage(
        command ->
            switch (command) {
              case Received(var message) -> {
                Seen now = seen.with(message);
                if (now == null) {
                  yield broken(
                      ViolationCode.UNEXPECTED_MESSAGE, "a second " + message.getPayloadCase());
                }
                // Before it may be over: what comes after the last one shows that it came.
                flow.pull(INBOX);
                yield onMessage.apply(now, message.getPayloadCase());
              }
              case Admitted(var admission) -> onAdmission.apply(admission);
              case Tick.DEADLINE -> onDeadline.get();
            });
  }

  private Behavior<Command> unasked(Admission admission) {
    throw new IllegalStateException("admission " + admission + " without an identification");
  }

  private Behavior<Command> onSilentPeer(Seen seen) {
    return broken(ViolationCode.HANDSHAKE_TIMEOUT, "no " + seen.missing() + " in time");
  }

  /** It was not the peer that kept us waiting. */
  private Behavior<Command> onSilentPeers() {
    flow.finish(
        new FlowOutcome.LocalFault("the peers actor did not say in time whether there is room"));
    return Behaviors.stopped();
  }

  private Behavior<Command> broken(ViolationCode code, String detail) {
    flow.violation(code, detail);
    return Behaviors.stopped();
  }
}
