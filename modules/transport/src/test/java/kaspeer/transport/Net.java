package kaspeer.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import kaspeer.primitives.Hash;
import kaspeer.wire.ConnectionPhase;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.InvTransactionsMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.PingMessage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.japi.function.Procedure;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;

/** A transport with a server on loopback and what tests need around it. */
final class Net implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** More than any test takes: what happens all the same does not happen because time is up. */
  static final Duration NEVER = Duration.ofHours(1);

  /** Nobody is late, however slow the machine; only last words are not waited for long. */
  static final TransportOptions QUICK =
      TransportOptions.DEFAULT.toBuilder()
          .connectTimeout(NEVER)
          .headersTimeout(NEVER)
          .streamTimeout(NEVER)
          .handshakeTimeout(NEVER)
          .closeTimeout(Duration.ofMillis(400))
          .build();

  /** As above, and last words are waited for until the peer has closed in turn. */
  static final TransportOptions LAST_WORDS = QUICK.toBuilder().closeTimeout(PATIENCE).build();

  /** Room for whatever a test opens from loopback. */
  static final AcceptPolicy.Limits ROOMY = new AcceptPolicy.Limits(10_000, 10_000, 8, 4, 32);

  private static final ActorSystem<Void> SYSTEM =
      ActorSystem.create(Behaviors.empty(), "transport-tests");

  final PeerTransport transport;
  final P2pServer server;
  final P2pClient client;
  final BlockingQueue<Link> accepted = new LinkedBlockingQueue<>();

  /** All links there were. */
  private final Queue<Link> links = new ConcurrentLinkedQueue<>();

  Net(TransportOptions options, AcceptPolicy acceptPolicy) {
    transport = PeerTransport.start(options);
    client = new P2pClient(transport);
    try {
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      server =
          P2pServer.bind(
              transport,
              any,
              acceptPolicy,
              link -> {
                links.add(link);
                accepted.add(link);
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Net(TransportOptions options) {
    this(options, AcceptPolicy.standard(ROOMY));
  }

  Net() {
    this(QUICK);
  }

  InetSocketAddress address() {
    return server.localAddress();
  }

  /** Both ends of one link. */
  record Pair(Link ours, Link theirs) {
    /** Both through with a handshake. */
    Pair ready() {
      ours.enterPhase(ConnectionPhase.READY, 11);
      theirs.enterPhase(ConnectionPhase.READY, 11);
      ours.established();
      theirs.established();
      return this;
    }
  }

  /** Dials the server from a client of the same transport. */
  Pair connect() {
    return connect(client);
  }

  Pair connect(P2pClient from) {
    Link dialled = await(from.connect(address()));
    links.add(dialled);
    return new Pair(dialled, accept());
  }

  Link accept() {
    try {
      Link link = accepted.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(link).as("an inbound link").isNotNull();
      return java.util.Objects.requireNonNull(link);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Bytes that wait in a queue of a link. */
  static long queuedBytes(Link link, TrafficClass traffic) {
    return ((LinkImpl) link).queuedBytes(traffic);
  }

  static InetSocketAddress localAddress(Link link) {
    return ((LinkImpl) link).localAddress();
  }

  /**
   * Sends large answers to a peer that reads nothing, until one waits for good.
   *
   * @return what becomes of that one
   */
  static CompletionStage<SendResult> fill(Link sender, OutboundFrame large) {
    // As soon as one is sent the link is open, and the next finds HTTP/2 full.
    assertThat(await(sender.sendTracked(large, TrafficClass.ANSWER))).isEqualTo(SendResult.SENT);
    CompletionStage<SendResult> waiting = sender.sendTracked(large, TrafficClass.ANSWER);
    assertThat(queuedBytes(sender, TrafficClass.ANSWER)).isEqualTo(large.size());
    return waiting;
  }

  /** Reads a link one pull at a time. */
  static SinkQueueWithCancel<InboundFrame> read(Link link) {
    return link.inbound()
        .mapConcat(frames -> frames)
        .runWith(Sink.<InboundFrame>queue(1).withAttributes(Attributes.inputBuffer(1, 1)), SYSTEM);
  }

  /** Reads a link as it comes. */
  static void forEach(Link link, Procedure<InboundFrame> each) {
    CompletionStage<Done> end = link.inbound().mapConcat(frames -> frames).runForeach(each, SYSTEM);
    assertThat(end).isNotNull();
  }

  /** The next frame. */
  static InboundFrame next(SinkQueueWithCancel<InboundFrame> frames) {
    return await(frames.pull()).orElseThrow(() -> new AssertionError("the stream has ended"));
  }

  /** That there is no next frame, as the stream has ended. */
  static void ends(SinkQueueWithCancel<InboundFrame> frames) {
    Optional<InboundFrame> frame = await(frames.pull());
    assertThat(frame).isEmpty();
  }

  static LinkEnd end(Link link) {
    return await(link.whenEnded());
  }

  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(String.valueOf(e.getCause()), e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until something holds. */
  static void until(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as(what).isNegative();
      LockSupport.parkNanos(2_000_000);
    }
  }

  static OutboundFrame ping(long nonce) {
    return OutboundFrame.of(
        KaspadMessage.newBuilder().setPing(PingMessage.newBuilder().setNonce(nonce)).build());
  }

  /** An announcement of random ids, some 36 bytes each. */
  static OutboundFrame inv(int ids) {
    Random random = new Random(ids);
    InvTransactionsMessage.Builder inv = InvTransactionsMessage.newBuilder();
    for (int i = 0; i < ids; i++) {
      Hash id =
          Hash.ofWords(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
      inv.addIds(Hashes.toWireId(id));
    }
    return OutboundFrame.of(KaspadMessage.newBuilder().setInvTransactions(inv).build());
  }

  @Override
  public void close() {
    await(server.close("test over"));
    links.forEach(link -> link.abort("test over"));
    transport.close();
    until("all sockets are closed", () -> transport.connections() == 0);
    until("all bytes are given back", () -> transport.heldBytes() == 0);
    until("all permits are given back", () -> server.pending() + server.established() == 0);
  }
}
