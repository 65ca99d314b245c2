package kaspeer.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import kaspeer.consensus.sync.HashPage;
import kaspeer.consensus.sync.SyncAnswer;
import kaspeer.consensus.sync.SyncQueries;
import kaspeer.engine.sync.SyncSettings;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.testkit.chain.ChainBuilder;
import kaspeer.testkit.chain.ChainServer;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.peer.Answer;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A peer that is synced from stops answering, at each stage, and another takes over. */
class HostileSyncTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int BLOCKS = 2_500;

  @SuppressWarnings("NullAway.Init")
  private static ChainBuilder chain;

  private final PeerLab lab = new PeerLab();

  @BeforeAll
  static void build() {
    chain =
        new ChainBuilder(Params.of(Network.SIMNET), System.currentTimeMillis() - 100L * BLOCKS, 22);
    chain.widen(BLOCKS, 2);
    Hash end = chain.extend().hash();
    chain.branch(end, 1);
    chain.branch(end, 1);
  }

  /** The tip that is not the sink: what it takes that the sink does not is its antipast. */
  private static Hash sideTip() {
    return chain.consensus().state().tips().stream()
        .filter(tip -> !tip.equals(chain.sink()))
        .findFirst()
        .orElseThrow();
  }

  @AfterAll
  static void forget() {
    chain.close();
  }

  @AfterEach
  void close() {
    lab.close();
  }

  /** A header that any answer from genesis on brings first. */
  private static Header firstHeader() {
    Hash genesis = chain.params().genesis().hash();
    Hash first =
        switch (new SyncQueries(chain.consensus()).headersBetween(genesis, chain.sink(), 1024)) {
          case SyncAnswer.Found<HashPage>(var page) -> page.hashes().getFirst();
          case SyncAnswer.Refused<HashPage>(var why) -> throw new AssertionError(why.text());
        };
    return Objects.requireNonNull(chain.consensus().header(first));
  }

  /** Where the peer falls silent. */
  enum Stage {
    LOCATOR(PayloadCase.REQUEST_IBD_CHAIN_BLOCK_LOCATOR, 0),
    FIRST_HEADERS(PayloadCase.REQUEST_HEADERS, 0),
    NEXT_HEADERS(PayloadCase.REQUEST_NEXT_HEADERS, 1),
    ANTIPAST(PayloadCase.REQUEST_ANTIPAST, 0),
    FIRST_BODIES(PayloadCase.REQUEST_BLOCK_BODIES, 0),
    LATER_BODIES(PayloadCase.REQUEST_BLOCK_BODIES, 5);

    private final PayloadCase request;
    private final int answered;

    Stage(PayloadCase request, int answered) {
      this.request = request;
      this.answered = answered;
    }
  }

  /** But with patience for who serves honestly on a machine that has other things to do. */
  private static SyncSettings impatient() {
    SyncSettings defaults = SyncSettings.DEFAULT;
    return new SyncSettings(
        Duration.ofSeconds(4),
        defaults.floorPerMinute(),
        Duration.ofSeconds(2),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        defaults.coolDown(),
        defaults.requestBodies(),
        defaults.requestsPerPeer(),
        defaults.servers(),
        defaults.windowBytes(),
        defaults.submitBodies(),
        defaults.submitBytes(),
        defaults.submissions(),
        defaults.workLimit(),
        defaults.logInterval());
  }

  private static EngineHost host() {
    return new EngineHost(chain.params(), config -> config.sync(impatient()));
  }

  private ScriptedPeer server(EngineHost host) {
    return ChainServer.serve(lab.join(host.address()), chain);
  }

  private static void awaitSynced(EngineHost host, ScriptedPeer... peers) {
    Await.until(
        "sync",
        LIMIT,
        () -> host.consensus().state().sink().hash().equals(chain.sink()),
        () -> {
          StringBuilder standing = new StringBuilder(host.engine().syncStatus().toString());
          for (ScriptedPeer peer : peers) {
            standing.append("\n").append(peer.standing());
          }
          return standing.toString();
        });
  }

  @ParameterizedTest
  @EnumSource
  void anotherPeerTakesOverFromOneThatFallsSilent(Stage stage) {
    try (EngineHost host = host()) {
      ScriptedPeer silent = lab.join(host.address());
      Map<PayloadCase, Answer> honest = ChainServer.answers(chain);
      honest.forEach(silent::answer);
      AtomicInteger asked = new AtomicInteger();
      silent.answer(
          stage.request,
          request ->
              asked.getAndIncrement() < stage.answered
                  ? honest.getOrDefault(stage.request, Answer.NOTHING).to(request)
                  : List.of());
      silent.send(Messages.inv(stage == Stage.ANTIPAST ? sideTip() : chain.sink()));
      silent.expectHeard(stage.request, stage.answered + 1, LIMIT);
      long headersBefore = host.consensus().state().headerCount();

      ScriptedPeer other = server(host);
      List<KaspadMessage> headerRequests = new CopyOnWriteArrayList<>();
      other.onMessage(
          message -> {
            if (message.hasRequestHeaders()) {
              headerRequests.add(message);
            }
          });
      other.send(Messages.inv(sideTip()));
      other.send(Messages.inv(chain.sink()));
      awaitSynced(host, silent, other);
      if (stage == Stage.FIRST_BODIES || stage == Stage.LATER_BODIES) {
        assertThat(headersBefore).isGreaterThan(BLOCKS - 50);
        assertThat(headerRequests).as("headers that are here are not asked for again").isEmpty();
      }
      if (stage == Stage.NEXT_HEADERS) {
        assertThat(other.heard(PayloadCase.REQUEST_NEXT_HEADERS))
            .as("batches asked for")
            .isLessThan(3);
      }
    }
  }

  /** None answers before a second one is asked, nor is any given up in that time. */
  @Test
  void bodiesComeFromSeveralPeersAtOnce() {
    CountDownLatch asked = new CountDownLatch(2);
    try (EngineHost host = new EngineHost(chain.params(), config -> config)) {
      List<ScriptedPeer> servers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        ScriptedPeer server = server(host);
        Answer bodies = ChainServer.answers(chain).get(PayloadCase.REQUEST_BLOCK_BODIES);
        AtomicBoolean first = new AtomicBoolean(true);
        server.answer(
            PayloadCase.REQUEST_BLOCK_BODIES,
            request -> {
              if (first.getAndSet(false)) {
                asked.countDown();
              }
              return isOver(asked) ? Objects.requireNonNull(bodies).to(request) : List.of();
            });
        servers.add(server);
        server.send(Messages.inv(chain.sink()));
      }
      awaitSynced(host, servers.toArray(new ScriptedPeer[0]));
      assertThat(host.engine().syncStatus().stalls()).isZero();
    }
  }

  private static boolean isOver(CountDownLatch latch) {
    try {
      return latch.await(SyncSettings.DEFAULT.stallAfter().toSeconds() / 2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aLeaderThatRepeatsKnownHeadersForEverIsReplaced() {
    try (EngineHost host = host()) {
      ScriptedPeer repeating = server(host);
      KaspadMessage known = Messages.headers(List.of(firstHeader()));
      repeating.answer(PayloadCase.REQUEST_NEXT_HEADERS, _ -> List.of(known));
      repeating.send(Messages.inv(chain.sink()));
      repeating.expectHeard(PayloadCase.REQUEST_NEXT_HEADERS, 1, LIMIT);
      ScriptedPeer other = server(host);
      other.send(Messages.inv(chain.sink()));

      awaitSynced(host, repeating, other);

      assertThat(host.departure(repeating).reason())
          .isEqualTo("violation." + ViolationCode.BAD_SYNC_ANSWER);
    }
  }
}
