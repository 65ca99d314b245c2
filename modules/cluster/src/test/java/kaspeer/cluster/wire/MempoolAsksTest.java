package kaspeer.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kaspeer.flow.mempool.Mempool;
import kaspeer.primitives.Transaction;
import kaspeer.testkit.chain.ChainBuilder;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What an edge makes of questions to a core's mempool. */
final class MempoolAsksTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void aSubmissionThatNoCoreTookInTimeIsToldSo() {
    TestProbe<Mempool.Results> results = KIT.createTestProbe();
    try (ChainBuilder chain = ChainBuilder.simnet(1)) {
      Transaction transaction = chain.extend().transactions().getFirst();
      Ask ask =
          MempoolAsks.of(
              new Mempool.Submit(List.of(transaction), 7, 100, results.getRef()),
              _ -> "10.0.0.7",
              _ -> {});
      Objects.requireNonNull(ask.unavailable()).run();
      assertThat(results.receiveMessage(Duration.ofSeconds(30)).byId())
          .isEqualTo(
              Map.of(transaction.id(), new Mempool.Result.Full(Mempool.Result.Full.NO_CORE)));
    }
  }
}
