package kaspeer.engine.dial;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import kaspeer.engine.InMemoryPersistence;
import kaspeer.engine.MutableClock;
import kaspeer.engine.TestEngine;
import kaspeer.engine.WriteBehind;
import kaspeer.engine.addresses.AddressBookActor;
import kaspeer.engine.addresses.AddressBookActor.DialResult;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.metrics.Metrics;
import kaspeer.engine.peer.FakeLink;
import kaspeer.engine.peers.Departure;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.peers.PeersCommand;
import kaspeer.engine.sanctions.BanTable;
import kaspeer.flow.PeerInfo;
import kaspeer.transport.Direction;
import kaspeer.transport.Link;
import kaspeer.wire.NetAddress;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** A dialler whose links, names, book and peers belong to the test. */
final class DiallerRig implements AutoCloseable {
  static final Duration LOOK = Duration.ofSeconds(5);

  final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  final ManualTime time = ManualTime.get(kit.system());
  final MutableClock clock = new MutableClock();
  final InMemoryPersistence persistence = new InMemoryPersistence();
  final PermanentPeers permanent = new PermanentPeers();
  final BanTable bans = new BanTable();
  final BlockingQueue<InetSocketAddress> dialled = new LinkedBlockingQueue<>();
  final Map<InetSocketAddress, CompletableFuture<Link>> dials = new ConcurrentHashMap<>();
  final BlockingQueue<String> resolved = new LinkedBlockingQueue<>();

  /** What names resolve to that are no seeders'. */
  final Map<String, CompletableFuture<List<InetAddress>>> hosts = new ConcurrentHashMap<>();

  /** What every seeder resolves to, unless a test says something else before. */
  final CompletableFuture<List<InetAddress>> names = new CompletableFuture<>();

  final TestProbe<AddressBookActor.Command> book = kit.createTestProbe();
  final TestProbe<PeersCommand> peers = kit.createTestProbe();
  final TestProbe<Peers.DialReply> replies = kit.createTestProbe();
  List<DialTarget> named = List.of();
  List<String> seeders = List.of("seed-a", "seed-b");
  final AtomicInteger wanted = new AtomicInteger();
  long number;

  static InetSocketAddress address(String ip) {
    return new InetSocketAddress(InetAddress.ofLiteral(ip), 16111);
  }

  ActorRef<DialCommand> start(
      int target,
      boolean finds,
      List<InetSocketAddress> permanentPeers,
      List<InetSocketAddress> anchors) {
    names.complete(List.of(InetAddress.ofLiteral("50.1.1.1")));
    wanted.set(target);
    EngineMetrics metrics = new EngineMetrics(new Metrics());
    DialPlan plan =
        new DialPlan(
            target,
            finds,
            Stream.concat(permanentPeers.stream().map(DialTarget::of), named.stream()).toList(),
            seeders,
            16111);
    ActorRef<DialCommand> dialler =
        kit.spawn(
            Dialler.create(
                new Dialler.Setup(
                    plan,
                    wanted::get,
                    anchors,
                    address -> {
                      CompletableFuture<Link> dial = new CompletableFuture<>();
                      dials.put(address, dial);
                      dialled.add(address);
                      return dial;
                    },
                    host -> {
                      resolved.add(host);
                      return hosts.getOrDefault(host, names);
                    },
                    book.getRef(),
                    permanent,
                    bans,
                    _ -> true,
                    new WriteBehind(persistence, Runnable::run, metrics.storeFailures()),
                    clock,
                    new Random(1),
                    metrics),
                peers.getRef()));
    // Its timer runs before time passes.
    order(dialler);
    return dialler;
  }

  InetSocketAddress expectDial() throws InterruptedException {
    InetSocketAddress address = dialled.poll(TestEngine.SOON.toSeconds(), TimeUnit.SECONDS);
    if (address == null) {
      throw new AssertionError("nobody was dialled");
    }
    return address;
  }

  /** The dial comes about, and the handshake after it. */
  PeerInfo connect(ActorRef<DialCommand> dialler, InetSocketAddress address) {
    FakeLink link =
        new FakeLink(++number, Direction.OUTBOUND, address.getAddress().getHostAddress());
    dial(address).complete(link);
    PeersCommand.Dialled handed = peers.expectMessageClass(PeersCommand.Dialled.class);
    assertThat(handed.link()).isSameAs(link);
    PeerInfo info = info(address, handed.purpose() == DialPurpose.PERMANENT);
    dialler.tell(new DialCommand.Connected(info));
    return info;
  }

  DialResult expectResult() {
    return book.expectMessageClass(AddressBookActor.Dialled.class).result();
  }

  PeerInfo info(InetSocketAddress address, boolean isPermanent) {
    return PeerInfo.connecting(
        number, address, PeerInfo.Direction.OUTBOUND, isPermanent, clock.instant());
  }

  CompletableFuture<Link> dial(InetSocketAddress address) {
    @Nullable CompletableFuture<Link> dial = dials.get(address);
    if (dial == null) {
      throw new AssertionError(address + " was not dialled");
    }
    return dial;
  }

  void fail(InetSocketAddress address) {
    dial(address).completeExceptionally(new IllegalStateException("refused"));
  }

  void pass(Duration duration) {
    clock.advance(duration);
    time.timePasses(duration);
  }

  /** Returns when all that was sent before is done, and what it told the dialler itself. */
  void settle(ActorRef<DialCommand> dialler) {
    // What the first waits for may have sent itself something behind it; the second comes after
    // that.
    order(dialler);
    order(dialler);
  }

  private void order(ActorRef<DialCommand> dialler) {
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved("nowhere", 1);
    dialler.tell(new DialCommand.Order(nowhere, false, replies.getRef()));
    replies.expectMessageClass(Peers.DialReply.Failed.class);
  }

  AddressBookActor.Choose expectAsked() {
    return book.expectMessageClass(AddressBookActor.Choose.class);
  }

  static void offer(AddressBookActor.Choose asked, String... ips) {
    List<NetAddress> addresses = Stream.of(ips).map(ip -> NetAddress.of(address(ip))).toList();
    asked.replyTo().tell(new AddressBookActor.Chosen(addresses));
  }

  void refuse(
      ActorRef<DialCommand> dialler, InetSocketAddress address, String reason, String detail) {
    dialler.tell(
        new DialCommand.Refused(
            new Departure(info(address, false), clock.instant(), reason, detail, "reject")));
  }

  void moveTo(String ip) {
    hosts.put(
        "node.example", CompletableFuture.completedFuture(List.of(InetAddress.ofLiteral(ip))));
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }
}
