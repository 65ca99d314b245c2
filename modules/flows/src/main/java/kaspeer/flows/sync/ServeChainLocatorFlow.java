package kaspeer.flows.sync;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowDescriptor.VersionRange;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.Breach;
import kaspeer.flows.common.FlowKind;
import kaspeer.primitives.Hash;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.IbdChainBlockLocatorMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.RequestIbdChainBlockLocatorMessage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Serves locators of the selected chain, by which a peer finds where its chain leaves ours
 * (protocol reference 5.13). A block that is known but no longer on the chain gets an empty
 * locator, upon which the peer begins anew.
 *
 * <p>A locator of the whole chain ends where our history begins, and a peer takes that for our
 * pruning point. One that has pruned itself does not sync from a node whose pruning point it has
 * forgotten; as we keep more than our pruning point says, such a peer is asked where its own
 * history begins, and is told the chain from there.
 */
public final class ServeChainLocatorFlow
    extends AbstractMatchingBehavior<ServeChainLocatorFlow.Command> {
  static final String REQUESTS = "requests";

  /** Until the peer has told where its history begins; it waits for the locator meanwhile. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  /** A negotiation takes some tens of requests in a row, one for each halving of the chain. */
  private static final int BURST = 256;

  private static final double PER_SECOND = 10;
  private static final int AT_ONCE = 64;

  private static final FlowDescriptor DESCRIPTOR =
      new FlowDescriptor(
          "serve-chain-locator",
          VersionRange.ALL,
          Phase.READY,
          List.of(
              new Inbox(
                  REQUESTS,
                  Set.of(PayloadCase.REQUEST_IBD_CHAIN_BLOCK_LOCATOR),
                  false,
                  64,
                  64 << 10,
                  Overflow.BACKPRESSURE)),
          Set.of(PayloadCase.IBD_CHAIN_BLOCK_LOCATOR),
          OnFailure.END_PEER);

  /** What the flow is told. */
  public sealed interface Command {}

  private record Received(FlowEvent.Received event) implements Command {}

  private record Located(Dag.HashesReply reply) implements Command {}

  private record RootKnown(Sync.RetentionRoot root) implements Command {}

  private record Own(Serving.Event event) implements Command {}

  private enum Timer implements Command {
    NO_ROOT
  }

  private final TimerScheduler<Command> timers;
  private final FlowContext flow;
  private final Serving<Command> serving;
  private final ActorRef<Dag.HashesReply> located;
  private final ActorRef<Sync.RetentionRoot> roots;
  private KaspadMessage request = KaspadMessage.getDefaultInstance();

  /** The locator of the whole chain, while it may not be what the peer can use. */
  private List<Hash> whole = List.of();

  private boolean rootAsked;

  private ServeChainLocatorFlow(
      ActorContext<Command> actor,
      TimerScheduler<Command> timers,
      FlowContext flow,
      TokenBucket tokens,
      Semaphore permits) {
    super(actor);
    this.timers = timers;
    this.flow = flow;
    this.located = actor.messageAdapter(Dag.HashesReply.class, Located::new);
    this.roots = actor.messageAdapter(Sync.RetentionRoot.class, RootKnown::new);
    this.serving = new Serving<>(actor, timers, flow, Own::new, tokens, permits, new Work());
    flow.pull(REQUESTS);
  }

  /** The flow's description and maker. */
  public static FlowFactory<Command> factory() {
    Semaphore permits = new Semaphore(AT_ONCE);
    TokenBuckets tokens = new TokenBuckets(PER_SECOND, BURST);
    return new FlowKind<>(
        DESCRIPTOR,
        Received::new,
        (actor, timers, flow) ->
            new ServeChainLocatorFlow(actor, timers, flow, tokens.of(flow), permits));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Received(var event) -> {
        request = event.message();
        serving.admit(1);
        yield this;
      }
      case Located(var reply) -> serving.run(this, () -> onLocated(reply));
      case RootKnown(var root) -> {
        onRoot(root.hash());
        yield this;
      }
      case Timer.NO_ROOT -> {
        onRoot(Optional.empty());
        yield this;
      }
      case Own(var event) -> serving.hear(this, event);
    };
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    return serving.hear(this, signal);
  }

  private void onLocated(Dag.HashesReply reply) throws Breach {
    serving.answered();
    if (!whole.isEmpty()) {
      deliver(fromRoot(reply));
      return;
    }
    switch (reply) {
      case Dag.HashesReply.Found(var hashes) -> {
        if (isWhole(request.getRequestIbdChainBlockLocator()) && endsBelowPruningPoint(hashes)) {
          askForRoot(hashes);
        } else {
          deliver(hashes);
        }
      }
      case Dag.HashesReply.Refused(var why) ->
          throw new Breach(ViolationCode.BAD_SYNC_REQUEST, "chain locator: " + why);
    }
  }

  private static boolean isWhole(RequestIbdChainBlockLocatorMessage request) {
    return !request.hasLowHash() && !request.hasHighHash();
  }

  private boolean endsBelowPruningPoint(List<Hash> locator) {
    return !locator.isEmpty() && !locator.getLast().equals(flow.dagSnapshot().pruningPoint());
  }

  private void askForRoot(List<Hash> hashes) {
    whole = hashes;
    rootAsked = true;
    timers.startSingleTimer(Timer.NO_ROOT, Timer.NO_ROOT, PATIENCE);
    flow.sync().tell(new Sync.GetRetentionRoot(flow.peer().number(), roots));
  }

  /** A reply to an earlier question is as good as one to this: it is the same peer's root. */
  private void onRoot(Optional<Hash> root) {
    if (!rootAsked) {
      return;
    }
    rootAsked = false;
    timers.cancel(Timer.NO_ROOT);
    if (root.isEmpty() || root.get().equals(whole.getLast())) {
      deliver(whole);
    } else {
      serving.asked();
      flow.dag().tell(new Dag.GetChainLocator(root, Optional.empty(), located));
    }
  }

  /** A peer whose history does not begin on our chain is told the whole of it. */
  private List<Hash> fromRoot(Dag.HashesReply reply) {
    return reply instanceof Dag.HashesReply.Found(var hashes) && !hashes.isEmpty() ? hashes : whole;
  }

  private void deliver(List<Hash> hashes) {
    whole = List.of();
    KaspadMessage answer =
        KaspadMessage.newBuilder()
            .setResponseId(request.getRequestId())
            .setIbdChainBlockLocator(
                IbdChainBlockLocatorMessage.newBuilder()
                    .addAllBlockLocatorHashes(Hashes.toWire(hashes)))
            .build();
    if (serving.deliver(answer)) {
      takeNext();
    }
  }

  private void takeNext() {
    serving.release();
    request = KaspadMessage.getDefaultInstance();
    flow.pull(REQUESTS);
  }

  private final class Work implements Serving.Work {
    @Override
    public void begin() throws ConversionException {
      RequestIbdChainBlockLocatorMessage asked = request.getRequestIbdChainBlockLocator();
      Optional<Hash> low =
          asked.hasLowHash() ? Optional.of(Hashes.fromWire(asked.getLowHash())) : Optional.empty();
      Optional<Hash> high =
          asked.hasHighHash()
              ? Optional.of(Hashes.fromWire(asked.getHighHash()))
              : Optional.empty();
      serving.asked();
      flow.dag().tell(new Dag.GetChainLocator(low, high, located));
    }

    @Override
    public void delivered() {
      takeNext();
    }

    @Override
    public void parked() {
      // The answer is with the connection; what follows it are a few closing words.
    }
  }
}
