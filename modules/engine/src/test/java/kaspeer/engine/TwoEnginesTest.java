package kaspeer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kaspeer.engine.metrics.MetricFamily;
import kaspeer.engine.peer.PeerReport;
import kaspeer.engine.peers.Peers.DialReply;
import kaspeer.flow.dag.Dag.BlockReply;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import org.junit.jupiter.api.Test;

final class TwoEnginesTest {
  @Test
  void whereAnEngineListensIsCalledAsItWasNamed() {
    InetAddress all = InetAddress.ofLiteral("0.0.0.0");
    try (TestEngine engine =
        TestEngine.start(builder -> builder.listen(new InetSocketAddress(all, 0)))) {
      assertThat(engine.address().getAddress()).isEqualTo(all);
      assertThat(engine.address().getPort()).isPositive();
    }
  }

  @Test
  void whyAnEngineCannotListenIsTold() {
    try (TestEngine first = TestEngine.start()) {
      int port = first.address().getPort();
      assertThatThrownBy(() -> TestEngine.start(builder -> builder.listen(first.address())))
          .hasRootCauseInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on 127.0.0.1:" + port + ": the port is taken");
    }
  }

  /** What begins with 1 has not increased, for who reads the metrics. */
  @Test
  void faultsOfOurOwnAreCountedFromNothingOnForEveryFlow() {
    try (TestEngine engine = TestEngine.start()) {
      Map<Map<String, String>, Double> outcomes = engine.values("kaspeer_p2p_outcomes_total");
      List<String> flows =
          Stream.concat(
                  Stream.of("link"),
                  engine.engine().flows().stream().map(flow -> flow.descriptor().name()))
              .toList();
      assertThat(flows).hasSizeGreaterThan(10);
      for (String flow : flows) {
        assertThat(outcomes)
            .containsEntry(Map.of("flow", flow, "outcome", "local-fault", "code", ""), 0.0);
      }
    }
  }

  @Test
  void aNodeWithoutPluginsHasTheirMetricsToo() {
    try (TestEngine engine = TestEngine.start()) {
      assertThat(engine.engine().metrics().snapshot())
          .extracting(MetricFamily::name)
          .contains("kaspeer_plugin_flow_running", "kaspeer_plugin_events_total");
      assertThat(engine.values("kaspeer_plugin_flow_running")).isEmpty();
    }
  }

  @Test
  void twoEnginesShakeHandsAndRelayABlock() {
    try (TestEngine a = TestEngine.start();
        TestEngine b = TestEngine.start()) {
      assertThat(b.dial(a)).isInstanceOf(DialReply.Connected.class);
      a.await(
          "both sides ready",
          () -> a.peers().size() == 1 && !a.peers().getFirst().info().userAgent().isEmpty());

      Block block = a.miner().next(1);
      assertThat(a.submit(block)).isEqualTo(new BlockReply.Accepted(block.hash(), List.of()));
      b.await(
          "the block has crossed",
          () -> b.consensus().status(block.hash()) == BlockStatus.UTXO_VALID);

      PeerReport seen = b.peers().getFirst();
      assertThat(seen.info().protocolVersion()).isEqualTo(11);
      assertThat(seen.received())
          .containsKeys("version", "verack", "ready", "invRelayBlock", "block");
      assertThat(seen.flows())
          .isNotEmpty()
          .allSatisfy(flow -> assertThat(flow.failures()).isZero());
      assertThat(a.fatal()).isEmpty();
      assertThat(b.fatal()).isEmpty();
    }
  }

  /** As far as relay reaches, B would hand on what is new; what it syncs it announces to nobody. */
  @Test
  void whoJoinedBeforeASyncHearsOfWhatItBrought() {
    try (TestEngine a = TestEngine.start();
        TestEngine b = TestEngine.start();
        TestEngine c = TestEngine.start()) {
      for (int i = 0; i < 500; i++) {
        assertThat(a.submit(a.miner().next(i))).isInstanceOf(BlockReply.Accepted.class);
      }
      assertThat(c.dial(b)).isInstanceOf(DialReply.Connected.class);
      assertThat(b.dial(a)).isInstanceOf(DialReply.Connected.class);
      Hash sink = a.consensus().state().sink().hash();

      b.await("B has synced", () -> b.consensus().status(sink) == BlockStatus.UTXO_VALID);
      c.await(
          "C has what B has synced", () -> c.consensus().status(sink) == BlockStatus.UTXO_VALID);
    }
  }
}
