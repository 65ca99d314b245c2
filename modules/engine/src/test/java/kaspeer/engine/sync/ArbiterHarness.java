package kaspeer.engine.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import kaspeer.engine.Facades;
import kaspeer.engine.NodeEvent;
import kaspeer.flow.FlowSettings;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.peers.Sync.Delivery;
import kaspeer.flow.peers.Sync.Directive;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.primitives.Hash;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;

/**
 * An arbiter between a DAG that is a chain and peers that the test plays. After each thing that the
 * test does, all that follows from it has happened.
 */
final class ArbiterHarness implements AutoCloseable {
  static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

  final Chain chain;
  final FakeDag dag;

  /** Actors run one after the other, a message each, in the order in which they were told it. */
  private static final Config ONE_THREAD =
      ConfigFactory.parseString(
          """
          pekko.actor.default-dispatcher {
            executor = "thread-pool-executor"
            thread-pool-executor.fixed-pool-size = 1
            throughput = 1
          }
          """);

  private final ActorTestKit testKit =
      ActorTestKit.create("arbiter", ONE_THREAD.withFallback(ManualTime.config()));
  private final ManualTime time = ManualTime.get(testKit.system());
  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final AtomicReference<SyncStatus> status = new AtomicReference<>(SyncStatus.WAITING);
  private final TestProbe<NodeEvent> events = testKit.createTestProbe(NodeEvent.class);
  private final TestProbe<Sync.Session> sessions = testKit.createTestProbe(Sync.Session.class);
  private final TestProbe<SyncControl.RotateReply> rotations =
      testKit.createTestProbe(SyncControl.RotateReply.class);
  private final TestProbe<Sync.RetentionRoot> roots =
      testKit.createTestProbe(Sync.RetentionRoot.class);
  private final ActorRef<Sync> arbiter;

  ArbiterHarness(Chain chain, FakeDag dag, SyncSettings settings) {
    this.chain = chain;
    this.dag = dag;
    testKit
        .system()
        .eventStream()
        .tell(new EventStream.Subscribe<>(NodeEvent.class, events.getRef()));
    arbiter =
        Facades.as(
            Sync.class,
            testKit.spawn(
                SyncArbiter.create(
                    testKit.spawn(dag.behavior()),
                    dag::snapshot,
                    status,
                    settings,
                    FlowSettings.DEFAULT.nearlySynced(),
                    now::get),
                "ibd"));
    // Its timer runs before time passes.
    session();
  }

  static ArbiterHarness start(int length) {
    return start(length, settings -> settings);
  }

  static ArbiterHarness start(int length, UnaryOperator<SyncSettings> change) {
    Chain chain = new Chain(length);
    return new ArbiterHarness(chain, new FakeDag(chain), change.apply(SyncSettings.DEFAULT));
  }

  /** These settings with but a few bodies listed ahead and asked for at once. */
  static SyncSettings withLittleWork(SyncSettings from) {
    return new SyncSettings(
        from.stallAfter(),
        from.floorPerMinute(),
        from.floorWindow(),
        from.replacementPause(),
        from.hedgeAfter(),
        from.claimPatience(),
        from.coolDown(),
        10,
        from.requestsPerPeer(),
        from.servers(),
        from.windowBytes(),
        from.submitBodies(),
        from.submitBytes(),
        from.submissions(),
        40,
        from.logInterval());
  }

  /** A peer joins. */
  Peer join(long number) {
    TestProbe<Directive> flow = testKit.createTestProbe("flow-" + number, Directive.class);
    Peer peer = new Peer(number, flow);
    tell(new Sync.Joined(SyncBookTest.info(number), flow.getRef()));
    return peer;
  }

  void advance(Duration duration) {
    now.updateAndGet(at -> at.plus(duration));
    time.timePasses(duration);
    settle();
  }

  /** The clock of the machine is set back. */
  void setBack(Duration step) {
    now.updateAndGet(at -> at.minus(step));
  }

  /** Lets seconds pass one by one, as an arbiter sees them. */
  void seconds(int count) {
    for (int i = 0; i < count; i++) {
      advance(Duration.ofSeconds(1));
    }
  }

  private void tell(Sync word) {
    arbiter.tell(word);
    settle();
  }

  /** Waits until the arbiter has all answers of the DAG, and has done what follows from them. */
  private void settle() {
    int asked;
    do {
      asked = dag.asked();
      // The DAG is asked, and answers.
      session();
      session();
      // An answer that is asked for by Java passes through this pool.
      assertThat(ForkJoinPool.commonPool().awaitQuiescence(60, TimeUnit.SECONDS)).isTrue();
      session();
    } while (dag.asked() != asked);
  }

  /** What the arbiter says when it has worked off all that it was told. */
  Sync.Session session() {
    arbiter.tell(new Sync.GetSession(sessions.getRef()));
    return sessions.receiveMessage();
  }

  /** A flow wants to know where this peer's history begins. */
  TestProbe<Sync.RetentionRoot> askForRoot(long peer) {
    tell(new Sync.GetRetentionRoot(peer, roots.getRef()));
    return roots;
  }

  /** An operator wants another leader. */
  SyncControl.RotateReply rotate() {
    Facades.as(SyncControl.class, arbiter).tell(new SyncControl.Rotate(rotations.getRef()));
    return rotations.receiveMessage();
  }

  SyncStatus status() {
    session();
    return Objects.requireNonNull(status.get());
  }

  NodeEvent nextEvent() {
    return events.receiveMessage();
  }

  /** Waits until the DAG has so many bodies: replies pass through other threads. */
  void awaitSink(int number) {
    events.awaitAssert(
        () -> {
          assertThat(dag.sink()).isEqualTo(number);
          return number;
        });
  }

  void awaitIdle() {
    events.awaitAssert(
        () -> {
          assertThat(session().running()).isFalse();
          return true;
        });
  }

  @Override
  public void close() {
    testKit.shutdownTestKit();
  }

  /** A peer, played by the test. */
  final class Peer {
    final long number;
    private final TestProbe<Directive> flow;

    /** Told, and not asked for yet: directives of different kinds may come in any order. */
    private final Deque<Directive> told = new ArrayDeque<>();

    Peer(long number, TestProbe<Directive> flow) {
      this.number = number;
      this.flow = flow;
    }

    Peer announces(int block) {
      tell(new Sync.Announced(number, chain.hash(block)));
      return this;
    }

    Peer offers(int block) {
      tell(new Sync.Candidate(number, chain.header(block)));
      return this;
    }

    long expectNegotiate() {
      return expect(Directive.Negotiate.class).lease();
    }

    private <D extends Directive> D expect(Class<D> kind) {
      for (Directive directive : told) {
        if (kind.isInstance(directive)) {
          told.remove(directive);
          return kind.cast(directive);
        }
      }
      while (true) {
        Directive next = flow.receiveMessage();
        if (kind.isInstance(next)) {
          return kind.cast(next);
        }
        told.add(next);
      }
    }

    /** Its chain was negotiated: its sink, and the highest block known here. */
    Peer negotiated(long lease, int sink, int known) {
      tell(new Sync.Negotiated(number, lease, chain.hash(sink), chain.hash(known)));
      return this;
    }

    Peer unsuitable(long lease) {
      tell(new Sync.Unsuitable(number, lease, Sync.Refusal.NEEDS_PRUNING_CATCH_UP, "pruned"));
      return this;
    }

    Directive.FetchHeaders expectFetchHeaders() {
      return expect(Directive.FetchHeaders.class);
    }

    void expectStopHeaders() {
      expect(Directive.StopHeaders.class);
    }

    /** Headers up to this one came, which took so long. */
    Peer deliversHeaders(long lease, int upTo, int items, Duration waited) {
      dag.headersTo(upTo);
      tell(new Sync.HeadersReceived(number, lease, new Delivery(items, items * 500L, waited)));
      return this;
    }

    Peer headersDone(long lease, int upTo) {
      dag.headersTo(upTo);
      tell(new Sync.HeadersDone(number, lease));
      return this;
    }

    /** Negotiation and headers stage in one go, to this sink. */
    Peer leadsTo(int sink, int known) {
      negotiated(expectNegotiate(), sink, known);
      Directive.FetchHeaders fetch = expectFetchHeaders();
      return headersDone(fetch.lease(), sink);
    }

    Directive.FetchBodies expectFetchBodies() {
      return expect(Directive.FetchBodies.class);
    }

    Peer delivers(Directive.FetchBodies request) {
      return delivers(request, request.hashes().stream().map(Chain::body).toList(), true);
    }

    Peer delivers(Directive.FetchBodies request, List<Dag.Body> bodies, boolean last) {
      return delivers(request, bodies, last, Duration.ofMillis(10));
    }

    Peer delivers(
        Directive.FetchBodies request, List<Dag.Body> bodies, boolean last, Duration waited) {
      Delivery delivery = new Delivery(bodies.size(), 100L * bodies.size(), waited);
      tell(new Sync.BodiesReceived(number, request.assignment(), bodies, last, delivery));
      expect(Directive.Taken.class);
      return this;
    }

    Peer silent(Duration waited) {
      tell(new Sync.Silent(number, waited));
      return this;
    }

    /** Says where its history begins, as it was asked to. */
    void tellsRoot(Sync.RetentionRoot root) {
      expect(Directive.TellRetentionRoot.class).replyTo().tell(root);
    }

    ViolationCode expectBlame() {
      return expect(Directive.Blame.class).code();
    }

    /** Nothing more was told to it, once the arbiter has worked off all that it was told. */
    Peer expectNothing() {
      session();
      flow.expectNoMessage(Duration.ZERO);
      assertThat(told).isEmpty();
      return this;
    }

    void leaves() {
      flow.stop();
      settle();
    }

    List<Integer> numbers(List<Hash> hashes) {
      return hashes.stream().map(chain::number).toList();
    }
  }
}
