package kaspeer.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import kaspeer.engine.Facades;
import kaspeer.engine.InMemoryPersistence;
import kaspeer.engine.MutableClock;
import kaspeer.engine.WriteBehind;
import kaspeer.engine.addresses.AddressBook;
import kaspeer.engine.addresses.AddressBookActor;
import kaspeer.engine.addresses.AddressReport;
import kaspeer.engine.addresses.StoredAddresses;
import kaspeer.engine.dial.Anchors;
import kaspeer.engine.dial.DialCommand;
import kaspeer.engine.dial.DialPlan;
import kaspeer.engine.dial.DialPurpose;
import kaspeer.engine.dial.Dialler;
import kaspeer.engine.dial.PermanentPeers;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.metrics.Metrics;
import kaspeer.engine.peer.FakeLink;
import kaspeer.engine.sanctions.BanTable;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.peers.Addresses;
import kaspeer.primitives.Network;
import kaspeer.transport.Direction;
import kaspeer.transport.Link;
import kaspeer.wire.NetAddress;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Who floods a node with addresses does not get its peers: the real book and the real dialler in a
 * simulated network of 1,000 addresses, on mainnet's rules. The test says whom a dial reaches.
 */
@Timeout(600)
final class EclipseTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final int OUTBOUND = 8;
  private static final int NODES = 30;

  /** Of 1,000 addresses; each in a network of its own, and every second of them is off line. */
  private static final int HONEST = 100;

  private static final int ATTACKERS = 900;
  private static final List<String> ATTACKERS_NETWORKS = List.of("60.1", "60.2");

  private final List<Node> nodes = new ArrayList<>();

  @AfterEach
  void stopNodes() {
    nodes.forEach(Node::stop);
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static InetSocketAddress at(String ip, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
  }

  private static NetAddress honest(int number) {
    return NetAddress.of(at("30." + number + ".1.1", 16_111));
  }

  private static NetAddress attacker(int number) {
    String network = ATTACKERS_NETWORKS.get(number % 2);
    return NetAddress.of(at(network + "." + number / 250 + "." + (1 + number % 250), 16_111));
  }

  private static boolean isAttacker(NetAddress address) {
    return ATTACKERS_NETWORKS.stream()
        .anyMatch(network -> address.ip().getHostAddress().startsWith(network + "."));
  }

  /** A node, as far as it finds peers. */
  private static final class Node {
    private final InMemoryPersistence persistence = new InMemoryPersistence();
    private final MutableClock clock = new MutableClock();
    private final long seed;
    private final AtomicLong number = new AtomicLong();
    private final List<NetAddress> dialled = new CopyOnWriteArrayList<>();
    private final List<NetAddress> connected = new CopyOnWriteArrayList<>();
    private Set<String> unreachable = Set.of();
    private ActorRef<AddressBookActor.Command> book;
    private ActorRef<DialCommand> dialler;
    private ActorRef<PeersCommand> peers;

    Node(long seed) {
      this.seed = seed;
      start();
      // Its timer runs before time passes.
      settle();
    }

    private void start() {
      EngineMetrics metrics = new EngineMetrics(new Metrics());
      WriteBehind store = new WriteBehind(persistence, Runnable::run, metrics.storeFailures());
      BanTable bans = new BanTable();
      book =
          KIT.spawn(
              AddressBookActor.create(
                  new AddressBookActor.Setup(
                      Network.MAINNET,
                      null,
                      StoredAddresses.load(persistence),
                      StoredAddresses.secret(persistence, new Random(seed)),
                      bans,
                      store,
                      clock,
                      new Random(seed + 1),
                      metrics)));
      peers =
          KIT.spawn(
              Behaviors.receiveMessage(
                  command -> {
                    if (command instanceof PeersCommand.Dialled(var link, var why, var replyTo)) {
                      if (why == DialPurpose.FEELER) {
                        replyTo.tell(new DialCommand.Answered(link.remoteAddress()));
                      } else {
                        replyTo.tell(new DialCommand.Connected(info(link)));
                        connected.add(NetAddress.of(link.remoteAddress()));
                      }
                    }
                    return Behaviors.same();
                  }));
      dialler =
          KIT.spawn(
              Dialler.create(
                  new Dialler.Setup(
                      new DialPlan(OUTBOUND, true, List.of(), List.of(), 16_111),
                      () -> OUTBOUND,
                      Anchors.load(persistence),
                      this::connect,
                      host -> CompletableFuture.completedFuture(List.of()),
                      book,
                      new PermanentPeers(),
                      bans,
                      _ -> true,
                      store,
                      clock,
                      new Random(seed + 2),
                      metrics),
                  peers));
    }

    private CompletionStage<Link> connect(InetSocketAddress address) {
      NetAddress net = NetAddress.of(address);
      dialled.add(net);
      int second = address.getAddress().getAddress()[1] & 0xFF;
      boolean offLine = !isAttacker(net) && second % 2 == 1;
      return offLine || unreachable.contains(net.ip().getHostAddress())
          ? CompletableFuture.failedFuture(new IllegalStateException("no answer in time"))
          : CompletableFuture.completedFuture(new RemoteLink(number.incrementAndGet(), address));
    }

    private PeerInfo info(Link link) {
      return PeerInfo.connecting(
          link.id(), link.remoteAddress(), PeerInfo.Direction.OUTBOUND, false, clock.instant());
    }

    void tell(InetAddress source, List<NetAddress> addresses) {
      Facades.as(Addresses.class, book).tell(new Addresses.Offer(addresses, source));
    }

    List<AddressReport> known() {
      TestProbe<AddressBook.AddressList> probe = KIT.createTestProbe();
      Facades.as(AddressBook.class, book).tell(new AddressBook.ListAddresses(probe.getRef()));
      List<AddressReport> known = probe.receiveMessage().addresses();
      probe.stop();
      return known;
    }

    /** The attacker tells first, and each of them of all that he has. */
    void gossip() {
      List<NetAddress> theirs = new ArrayList<>();
      for (int i = 0; i < ATTACKERS; i++) {
        theirs.add(attacker(i));
      }
      for (int i = 0; i < 20; i++) {
        tell(attacker(i).ip(), theirs);
      }
      for (int source = 0; source < 10; source++) {
        List<NetAddress> ours = new ArrayList<>();
        for (int i = 0; i < HONEST; i++) {
          ours.add(honest(i));
        }
        tell(InetAddress.ofLiteral("40." + source + ".1.1"), ours);
      }
    }

    /** Lets time pass until it has all its outbound peers. */
    void fill() {
      TestProbe<Integer> probe = KIT.createTestProbe();
      dialler.tell(DialCommand.Tick.LOOK);
      probe.awaitAssert(
          () -> {
            assertThat(connected).hasSize(OUTBOUND);
            return 0;
          });
      probe.stop();
    }

    /** All is written, the process ends, and another begins. */
    void restart() {
      pass(Duration.ofSeconds(10));
      known();
      settle();
      stop();
      dialled.clear();
      connected.clear();
      start();
    }

    void stop() {
      KIT.stop(dialler);
      KIT.stop(book);
      KIT.stop(peers);
    }

    void pass(Duration duration) {
      clock.advance(duration);
      TIME.timePasses(duration);
    }

    /** Returns when the dialler has done all that it was told before. */
    void settle() {
      TestProbe<Peers.DialReply> probe = KIT.createTestProbe();
      for (int i = 0; i < 2; i++) {
        known();
        dialler.tell(
            new DialCommand.Order(
                InetSocketAddress.createUnresolved("nowhere", 1), false, probe.getRef()));
        probe.receiveMessage();
      }
      probe.stop();
    }

    long attackers() {
      return connected.stream().filter(EclipseTest::isAttacker).count();
    }
  }

  private static final class RemoteLink extends FakeLink {
    private final InetSocketAddress address;

    RemoteLink(long id, InetSocketAddress address) {
      super(id, Direction.OUTBOUND, address.getAddress().getHostAddress());
      this.address = address;
    }

    @Override
    public InetSocketAddress remoteAddress() {
      return address;
    }
  }

  private Node node(long seed) {
    Node node = new Node(seed);
    nodes.add(node);
    return node;
  }

  private void gossipToMany() {
    for (int i = 0; i < NODES; i++) {
      node(1_000L * i).gossip();
    }
  }

  private double share() {
    return nodes.stream().mapToLong(Node::attackers).sum() / (double) (NODES * OUTBOUND);
  }

  @Test
  void nineTenthsOfAllGossipFromTwoNetworksGetLessThanATenthOfOurPeers() {
    gossipToMany();
    for (Node node : nodes) {
      long held = node.known().stream().filter(known -> isAttacker(known.address())).count();
      assertThat(held).as("the attacker's places in the book").isBetween(1L, 128L);
      assertThat(node.known().size() - held).as("honest addresses in it").isGreaterThan(90);
      node.fill();
      assertThat(node.attackers()).as("one of each network at most").isLessThanOrEqualTo(2);
    }
    assertThat(share()).isLessThan(0.1);
  }

  @Test
  void aRestartUnderThatGossipFindsTheOldPeersFirstAndNoMoreOfTheAttackers() {
    gossipToMany();
    for (Node node : nodes) {
      node.fill();
      List<NetAddress> before = List.copyOf(node.connected);
      node.gossip();
      node.restart();
      node.gossip();
      assertThat(node.known())
          .extracting(AddressReport::address)
          .as("whom it knew for good")
          .containsAll(before);
      node.fill();
      assertThat(before).as("anchors").containsAll(node.dialled.subList(0, Anchors.COUNT));
    }
    assertThat(share()).isLessThan(0.1);
  }

  // --- feelers ---------------------------------------------------------------------------------

  private static long tried(Node node) {
    return node.known().stream().filter(known -> known.lastSuccess() != null).count();
  }

  private static void passADay(Node node) {
    for (int step = 0; step < 24 * 60 / 5; step++) {
      node.pass(Duration.ofMinutes(5));
      node.settle();
    }
  }

  @Test
  void inADayANodeThatMissesNoPeerFindsOutWhoElseAnswers() {
    Node node = node(7);
    for (int source = 0; source < 10; source++) {
      List<NetAddress> some = new ArrayList<>();
      for (int i = 0; i < HONEST; i++) {
        some.add(honest(i));
      }
      node.tell(InetAddress.ofLiteral("40." + source + ".1.1"), some);
    }
    node.fill();
    List<NetAddress> peers = List.copyOf(node.connected);
    assertThat(tried(node)).isEqualTo(OUTBOUND);
    passADay(node);
    assertThat(node.connected).as("peers stay as they are").isEqualTo(peers);
    assertThat(node.known())
        .as("all that are on line were reached, all that are not were given up")
        .hasSize(HONEST / 2)
        .allMatch(known -> known.lastSuccess() != null)
        .allMatch(known -> (known.address().ip().getAddress()[1] & 1) == 0);
    assertThat(node.dialled.size())
        .as("dials: one each two minutes at most, on average")
        .isLessThan(24 * 60 / 2);
  }

  // --- a victim's address ----------------------------------------------------------------------

  private static final String VICTIM = "50.1.1.1";

  /** How often a victim is dialled in six hours in which liars tell of it all the time. */
  private long dialsToTheVictim(List<NetAddress> victims) {
    Node node = node(5);
    node.unreachable = Set.of(VICTIM);
    // Another is connected, so that failures are the victim's own.
    node.tell(InetAddress.ofLiteral("40.1.1.1"), List.of(honest(0)));
    node.settle();
    for (int step = 0; step < 72; step++) {
      for (int liar = 0; liar < 10; liar++) {
        node.tell(InetAddress.ofLiteral("41." + liar + ".1." + step), victims);
      }
      node.pass(Duration.ofMinutes(5));
      node.settle();
    }
    assertThat(node.connected).containsExactly(honest(0));
    return node.dialled.stream().filter(to -> to.ip().getHostAddress().equals(VICTIM)).count();
  }

  /** Whoever does not answer is tried again, as an honest one would be, but ever less often. */
  @Test
  void aVictimsAddressIsDialledEverLessHoweverOftenItIsTold() {
    assertThat(dialsToTheVictim(List.of(NetAddress.of(at(VICTIM, 16_111))))).isBetween(2L, 15L);
  }

  @Test
  void aThousandPortsOfAVictimAreNoThousandAddresses() {
    List<NetAddress> ports = new ArrayList<>();
    for (int port = 1; port <= 1_000; port++) {
      ports.add(NetAddress.of(at(VICTIM, port)));
    }
    assertThat(dialsToTheVictim(ports)).isBetween(2L, 15L);
  }
}
