package kaspeer.conformance.hostile;

import static kaspeer.conformance.hostile.Subject.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import kaspeer.engine.InMemoryPersistence;
import kaspeer.engine.Persistence;
import kaspeer.engine.peers.Departure;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.flow.FlowSettings;
import kaspeer.flow.policy.Policy;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParamsOverride;
import kaspeer.testkit.chain.ChainBuilder;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Attacks, and a row of the strict policy, that would take minutes or 36,000 blocks with a node's
 * own settings.
 */
class HostileTimesTest {
  private static final Params SIMNET = Params.of(Network.SIMNET);

  private static final Params SHALLOW =
      ParamsOverride.parse(
              """
              {"blockrate": {"target_time_per_block": 100, "ghostdag_k": 18, "past_median_time_sample_rate": 10,
                "difficulty_sample_rate": 10, "max_block_parents": 16, "mergeset_size_limit": 180, "merge_depth": 60,
                "finality_depth": 120, "pruning_depth": 1000, "coinbase_maturity": 10}}
              """)
          .apply(SIMNET);

  private final PeerLab lab = new PeerLab();

  @AfterEach
  void close() {
    lab.close();
  }

  /** Pings often; who answers is given time, however busy this machine is. */
  private static FlowSettings pinging() {
    return pinging(SOON);
  }

  private static FlowSettings pinging(Duration answerTimeout) {
    FlowSettings defaults = FlowSettings.DEFAULT;
    return new FlowSettings(
        defaults.handshakeTimeout(),
        answerTimeout,
        Duration.ofMillis(300),
        defaults.transactionBatch(),
        defaults.fetchFailover(),
        defaults.nearlySynced(),
        defaults.orphanResolutionRange(),
        defaults.serveIdleTimeout());
  }

  @Test
  void aWrongPongEndsThePeer() {
    try (EngineHost host = new EngineHost(SIMNET, config -> config.flows(pinging()))) {
      ScriptedPeer honest = lab.join(host.address());
      ScriptedPeer liar =
          lab.dial(host.address()).answer(PayloadCase.PING, ping -> List.of(Messages.pong(4711)));
      liar.handshake();
      assertThat(liar.expectEnd(SOON).reject()).isNotNull();
      Departure departure = host.departure(liar);
      assertThat(departure.reason()).isEqualTo("violation.WRONG_PONG_NONCE");
      assertThat(departure.sanction()).isEqualTo("reject");
      assertThat(host.bans()).isEmpty();
      honest.expectHeard(PayloadCase.PING, 3, SOON);
      assertThat(honest.isConnected()).isTrue();
    }
  }

  @Test
  void aWrongPongIsBannedByTheStrictPolicyAlsoAfterARestart() {
    Persistence kept = new InMemoryPersistence();
    PeerOptions source = PeerOptions.DEFAULT.withSource(PeerLab.loopback(29));
    try (EngineHost host = strict(kept)) {
      ScriptedPeer liar =
          lab.dial(host.address(), source)
              .answer(PayloadCase.PING, ping -> List.of(Messages.pong(1)));
      liar.handshake();
      liar.expectEnd(SOON);
      assertThat(host.departure(liar).sanction()).isEqualTo("ban");
      Sanctions.Ban ban = host.bans().getFirst();
      assertThat(ban.subject()).isEqualTo("127.0.0.29");
      assertThat(ban.reason()).isEqualTo("violation.WRONG_PONG_NONCE");
      assertThat(ban.evidence()).contains("nonce");
      host.assertRefusedAtAccept(lab, source);
      lab.join(host.address()).expectPong(SOON);
    }
    try (EngineHost restarted = strict(kept)) {
      assertThat(restarted.bans()).extracting(Sanctions.Ban::subject).containsExactly("127.0.0.29");
      restarted.assertRefusedAtAccept(lab, source);
      lab.join(restarted.address()).expectPong(SOON);
    }
  }

  private static EngineHost strict(Persistence persistence) {
    return new EngineHost(
        SIMNET, config -> config.flows(pinging()).policy(Policy.STRICT), persistence);
  }

  /** Whether the flow has taken the first by the time the second comes or not. */
  @Test
  void aRightPongWithOneMoreEndsThePeer() {
    assertThat(reasonAfterRightPongs(2)).isEqualTo("violation.UNSOLICITED_ANSWER");
  }

  /** Also where the flood fills the inbox before the flow has taken the first. */
  @Test
  void aRightPongWithAFloodOfMoreEndsThePeer() {
    assertThat(reasonAfterRightPongs(5_001)).isEqualTo("violation.UNSOLICITED_ANSWER");
  }

  /** Ends a peer that answers a ping so many times, and tells why it ended. */
  private String reasonAfterRightPongs(int pongs) {
    try (EngineHost host = new EngineHost(SIMNET, config -> config.flows(pinging()))) {
      ScriptedPeer honest = lab.join(host.address());
      ScriptedPeer flooding =
          lab.dial(host.address())
              .answer(
                  PayloadCase.PING,
                  ping -> Collections.nCopies(pongs, Messages.pong(ping.getPing().getNonce())));
      flooding.handshake();
      flooding.expectEnd(SOON);
      honest.expectHeard(PayloadCase.PING, 3, SOON);
      assertThat(honest.isConnected()).isTrue();
      return host.departure(flooding).reason();
    }
  }

  @Test
  void whoDoesNotAnswerPingsIsToldAndClosed() {
    try (EngineHost host =
        new EngineHost(SIMNET, config -> config.flows(pinging(Duration.ofSeconds(1))))) {
      ScriptedPeer silent = lab.dial(host.address()).ignore(PayloadCase.PING);
      silent.handshake();
      assertThat(silent.expectEnd(SOON).reject()).isNotNull();
      assertThat(host.departure(silent).reason()).isEqualTo("unresponsive");
    }
  }

  @Test
  void aBlockBelowTheMergeDepthIsDroppedAndThePeerStays() {
    try (ChainBuilder chain = new ChainBuilder(SHALLOW, System.currentTimeMillis() - 60_000, 10);
        EngineHost host = new EngineHost(SHALLOW, config -> config)) {
      chain.extend(200);
      for (Block block : chain.blocks()) {
        host.consensus().submitBlock(block).join();
      }
      Block old = chain.draft(List.of(chain.blocks().get(5).hash())).make();
      Block young = chain.draft(List.of(chain.blocks().get(195).hash())).make();
      ScriptedPeer peer = lab.join(host.address());
      peer.answer(
          PayloadCase.REQUEST_RELAY_BLOCKS,
          request ->
              List.of(
                  Messages.block(
                      request.getRequestRelayBlocks().getHashes(0).equals(Hashes.toWire(old.hash()))
                          ? old
                          : young)));
      peer.send(Messages.inv(old.hash()));
      peer.expectHeard(PayloadCase.REQUEST_RELAY_BLOCKS, 1, SOON);
      peer.send(Messages.inv(young.hash()));
      Await.until(
          "the other block",
          SOON,
          () -> host.consensus().status(young.hash()).hasBody(),
          peer::standing);
      assertThat(host.consensus().status(old.hash())).isEqualTo(BlockStatus.UNKNOWN);
      peer.expectPong(SOON);
    }
  }
}
