package kaspeer.engine.dial;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import kaspeer.engine.InMemoryPersistence;
import kaspeer.engine.MutableClock;
import kaspeer.engine.TestEngine;
import kaspeer.engine.WriteBehind;
import kaspeer.engine.addresses.AddressBookActor;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.metrics.Metrics;
import kaspeer.engine.net.IpRange;
import kaspeer.engine.net.NetGroup;
import kaspeer.engine.peers.PeersCommand;
import kaspeer.engine.sanctions.BanTable;
import kaspeer.primitives.Network;
import kaspeer.wire.NetAddress;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The dialler with a real address book. */
final class DialDiversityTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());

  private final MutableClock clock = new MutableClock();
  private final BanTable bans = new BanTable();
  private final EngineMetrics metrics = new EngineMetrics(new Metrics());
  private final WriteBehind store =
      new WriteBehind(new InMemoryPersistence(), Runnable::run, metrics.storeFailures());
  private final BlockingQueue<InetSocketAddress> dialled = new LinkedBlockingQueue<>();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static NetAddress address(String ip) {
    return new NetAddress(InetAddress.ofLiteral(ip), 16111);
  }

  @Test
  void noTwoOutboundPeersAreInOneNetworkWhileThereAreOthers() throws InterruptedException {
    ActorRef<AddressBookActor.Command> book =
        KIT.spawn(
            AddressBookActor.create(
                new AddressBookActor.Setup(
                    Network.MAINNET,
                    null,
                    List.of(),
                    1,
                    bans,
                    store,
                    clock,
                    new Random(1),
                    metrics)));
    List<NetAddress> known = new ArrayList<>();
    // An attacker's network has most of the addresses.
    for (int i = 1; i <= 60; i++) {
      known.add(address("20.1.1." + i));
    }
    for (int i = 1; i <= 3; i++) {
      known.add(address("3" + i + ".1.1.1"));
    }
    book.tell(new AddressBookActor.Seeded("seed-a", known));
    DialPlan plan = new DialPlan(4, true, List.of(), List.of(), 16111);
    KIT.spawn(
        Dialler.create(
            new Dialler.Setup(
                plan,
                plan::outboundTarget,
                List.of(),
                address -> {
                  dialled.add(address);
                  return new CompletableFuture<>();
                },
                _ -> new CompletableFuture<>(),
                book,
                new PermanentPeers(),
                bans,
                _ -> true,
                store,
                clock,
                new Random(1),
                metrics),
            KIT.<PeersCommand>createTestProbe().getRef()));
    Set<IpRange> groups = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      InetSocketAddress address = dialled.poll(TestEngine.SOON.toSeconds(), TimeUnit.SECONDS);
      if (address == null) {
        throw new AssertionError("only " + i + " were dialled");
      }
      groups.add(NetGroup.of(address.getAddress()));
    }
    assertThat(groups).hasSize(4);
  }
}
