package kaspeer.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import kaspeer.cluster.ClusterOptions.Role;
import kaspeer.testkit.node.Await;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

/** An actor system that a member replaces by another one at the same address. */
final class ReplacedSystemTest {
  private static Behavior<Void> until(CountDownLatch released) {
    return Behaviors.receive(Void.class)
        .onSignal(
            PostStop.class,
            _ -> {
              released.await();
              return Behaviors.stopped();
            })
        .build();
  }

  private static boolean isFree(InetSocketAddress address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(address);
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  @Test
  void aSystemThatDoesNotEndListensNoMore() throws InterruptedException {
    InetSocketAddress address = TestMember.addresses(1).getFirst();
    ClusterOptions options =
        TestMember.options(
            Set.of(Role.CORE), address, List.of(), TestMember.TIMES, Optional.empty());
    CountDownLatch released = new CountDownLatch(1);
    ActorSystem<Void> system =
        ActorSystem.create(
            until(released),
            ClusterSettings.SYSTEM,
            ClusterSettings.of(options, ConfigFactory.empty()));
    assertThat(isFree(address)).isFalse();
    Thread ending = Thread.startVirtualThread(() -> ClusterNode.end(system));
    try {
      Await.until(
          "a free address",
          Duration.ofSeconds(60),
          () -> isFree(address),
          () -> "terminated: " + system.whenTerminated().isCompleted());
      assertThat(system.whenTerminated().isCompleted()).isFalse();
    } finally {
      released.countDown();
      ending.join();
    }
  }
}
