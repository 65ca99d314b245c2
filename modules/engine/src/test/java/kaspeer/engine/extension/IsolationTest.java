package kaspeer.engine.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import kaspeer.engine.extension.PluginRig.Code;
import kaspeer.testkit.peer.ScriptedPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plug-in that throws, hangs or floods harms itself and nobody else. */
final class IsolationTest {
  private static final String OBSERVER =
      "FlowDescriptor.observing(\"sonar\", new Observe(Set.of(PayloadCase.PING), 4, 1 << 16))";
  private static final String SPEAKER =
      """
      FlowDescriptor.owning("sonar", new Own("sonar:1", Audience.CHOSEN,
          List.of(new OwnMessage(1000, "sonarPing", 64)), 16, 1024))""";

  /** Pings that a flow answers at once. */
  private static final int BURST = 16;

  @TempDir private Path plugins;

  private static String intercepting(int millis) {
    return "FlowDescriptor.intercepting(\"sonar\", new Intercept(Set.of(PayloadCase.PING),"
        + " Duration.ofMillis("
        + millis
        + ")))";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "if (event != null) throw new IllegalStateException(\"ouch\");",
        "if (event != null) throw new NoClassDefFoundError(\"plug/Missing\");",
        "deeper(1);",
        "long[][] all = new long[Integer.MAX_VALUE][Integer.MAX_VALUE];"
      })
  void oneThatThrowsIsStartedAnewAFewTimesAndThenNoMoreWithThisPeer(String throwing) {
    Code code = Code.of(OBSERVER).onEvent(throwing);
    if (throwing.startsWith("deeper")) {
      code =
          code.onEvent(
              "new Object() { int deeper(int i) { return 1 + deeper(i + 1); } }.deeper(1);");
    }
    try (PluginRig rig = PluginRig.start(plugins, code)) {
      ScriptedPeer peer = rig.join();
      for (int failures = 1; failures <= PluginInstance.MAX_RESTARTS + 1; failures++) {
        peer.expectPong(PluginRig.SOON);
        rig.awaitHappened(FlowHealth.Event.FAILED, failures);
      }
      rig.engine().await("failed with the peer", () -> rig.withPeer().state().equals("failed"));
      assertThat(rig.withPeer().failures()).isEqualTo(PluginInstance.MAX_RESTARTS + 1);
      peer.expectPong(PluginRig.SOON);
      assertThat(rig.happened(FlowHealth.Event.FAILED)).isEqualTo(PluginInstance.MAX_RESTARTS + 1);
      assertThat(rig.health().state()).isEqualTo("running");
      assertThat(rig.engine().values("kaspeer_plugin_flow_running"))
          .containsExactly(Map.entry(Map.of("flow", PluginRig.NAME), 1.0));
      assertThat(rig.engine().fatal()).isEmpty();
      assertThat(rig.engine().departures()).isEmpty();
    }
  }

  /** It would wait for ever for what was to come of the reply. */
  @Test
  void oneWhoseMessageAdapterThrowsHasFailed() {
    Code code =
        Code.of(OBSERVER)
            .onCreate(
                """
                if (actor != null) {
                  actor.messageAdapter(
                      String.class,
                      reply -> {
                        throw new IllegalStateException("ouch");
                      })
                      .tell("reply");
                  return new org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior<Object>(
                      actor) {
                    public Behavior<Object> onMessage(Object event) {
                      return this;
                    }
                  };
                }""");
    try (PluginRig rig = PluginRig.start(plugins, code)) {
      ScriptedPeer peer = rig.join();
      rig.awaitHappened(FlowHealth.Event.FAILED, PluginInstance.MAX_RESTARTS + 1);
      peer.expectPong(PluginRig.SOON);
      assertThat(rig.engine().fatal()).isEmpty();
    }
  }

  @Test
  void oneThatFailsTooOftenWithAllPeersIsSwitchedOffAndThePeersStay() {
    Code code = Code.of(OBSERVER).onCreate("if (flow != null) throw new Error(\"not today\");");
    try (PluginRig rig = PluginRig.start(plugins, code)) {
      ScriptedPeer first = rig.join();
      ScriptedPeer second = rig.join();
      ScriptedPeer third = rig.join();
      rig.awaitHappened(FlowHealth.Event.FAILED, FlowHealth.MAX_FAILURES + 1);
      rig.engine().await("switched off", () -> rig.health().state().equals("disabled"));
      assertThat(rig.engine().values("kaspeer_plugin_flow_running"))
          .containsExactly(Map.entry(Map.of("flow", PluginRig.NAME), 0.0));
      assertThat(rig.health().detail()).contains("not today");
      ScriptedPeer later = rig.join();
      for (ScriptedPeer peer : new ScriptedPeer[] {first, second, third, later}) {
        peer.expectPong(PluginRig.SOON);
      }
      assertThat(rig.happened(FlowHealth.Event.FAILED)).isEqualTo(FlowHealth.MAX_FAILURES + 1);
      assertThat(rig.engine().fatal()).isEmpty();
    }
  }

  @Test
  void anObserverThatHangsLosesWhatItHasNoRoomForAndSlowsNobody() {
    try (PluginRig rig = PluginRig.start(plugins, Code.of(OBSERVER).onEvent("hang();"))) {
      ScriptedPeer peer = rig.join();
      for (int i = 0; i < BURST; i++) {
        peer.expectPong(PluginRig.SOON);
      }
      rig.awaitHappened(FlowHealth.Event.DROPPED, BURST - 4);
      assertThat(rig.withPeer().inboxDepth()).isEqualTo(4);
      assertThat(rig.withPeer().dropped()).isEqualTo(BURST - 4);
      rig.awaitSeen("Observed", 1);
      assertThat(rig.seen("Observed")).isEqualTo(1);
    }
  }

  @Test
  void aPeerGoesThoughItsFlowHangs() {
    try (PluginRig rig = PluginRig.start(plugins, Code.of(OBSERVER).onCreate("hang();"))) {
      ScriptedPeer peer = rig.join();
      peer.expectPong(PluginRig.SOON);
      peer.close();
      rig.engine().await("the peer is gone", () -> rig.engine().peers().isEmpty());
    }
  }

  @Test
  void whileAFlowHangsPeersComeAndGoAndItTakesNoMoreMemoryForThem() {
    try (PluginRig rig = PluginRig.start(plugins, Code.of(OBSERVER).onCreate("hang();"))) {
      int peers = 0;
      // Some go before a flow has started with them, and none hangs before two seconds are over.
      while (rig.happened(FlowHealth.Event.UNSTARTED) == 0
          && peers < 8 * ExtensionHost.MAX_HANGING) {
        try (ScriptedPeer peer = rig.join()) {
          peer.expectPong(PluginRig.SOON);
          peers++;
        }
      }
      assertThat(rig.happened(FlowHealth.Event.UNSTARTED)).isPositive();
      assertThat(peers).isGreaterThanOrEqualTo(ExtensionHost.MAX_HANGING);
      rig.enough();
      rig.engine()
          .await(
              "started with a peer once it hangs no more",
              () -> {
                ScriptedPeer later = rig.join();
                later.expectPong(PluginRig.SOON);
                later.close();
                return rig.seen("Observed") > 0;
              });
    }
  }

  @Test
  void anInterceptorThatHangsIsWaitedForUntilItsDeadlineAndThenPassedBy() {
    try (PluginRig rig = PluginRig.start(plugins, Code.of(intercepting(50)).onEvent("hang();"))) {
      ScriptedPeer peer = rig.join();
      rig.engine()
          .await(
              "passed by",
              () -> {
                peer.expectPong(PluginRig.SOON);
                return rig.happened(FlowHealth.Event.BYPASSED) > 0;
              });
      assertThat(rig.happened(FlowHealth.Event.LATE)).isGreaterThanOrEqualTo(FlowHealth.MAX_LATE);
      rig.awaitSeen("Intercepted", 1);
      assertThat(rig.seen("Intercepted")).as("given it while it hung on the first").isEqualTo(1);
    }
  }

  @Test
  void aVerdictAfterTheDeadlineIsNoVerdict() {
    Code code =
        Code.of(intercepting(1))
            .onEvent("hang(); ((FlowEvent.Intercepted) event).verdict().drop();");
    try (PluginRig rig = PluginRig.start(plugins, code)) {
      ScriptedPeer peer = rig.join();
      peer.expectPong(PluginRig.SOON);
      rig.enough();
      rig.engine().await("the flow is done", () -> rig.withPeer().inboxDepth() == 0);
      assertThat(rig.withPeer().handled()).isEqualTo(1);
      assertThat(rig.happened(FlowHealth.Event.LATE)).isEqualTo(1);
      assertThat(rig.happened(FlowHealth.Event.REFUSED)).isZero();
    }
  }

  @Test
  void aFloodOfMessagesToThePeerEndsAtTheFlowsBudget() {
    Code code =
        Code.of(SPEAKER)
            .onCreate(
                """
                for (int i = 0; i < 200_000; i++) {
                  flow.outbox().sendOwn(1000, ByteString.copyFromUtf8("x".repeat(40)));
                }
                seen.add(1, "flooded");""");
    try (PluginRig rig = PluginRig.start(plugins, code)) {
      ScriptedPeer peer = rig.join();
      rig.awaitSeen("flooded", 1);
      peer.expectPong(PluginRig.SOON);
      assertThat(rig.happened(FlowHealth.Event.UNSENT)).isGreaterThan(10_000);
      assertThat(rig.engine().departures()).isEmpty();
    }
  }

  @Test
  void aFloodToTheSharedActorsIsLostBeforeThem() {
    Code code =
        Code.of(SPEAKER)
            .onCreate(
                """
                for (int i = 0; i < 200_000; i++) {
                  flow.dag().tell(
                      new Dag.GetHeader(kaspeer.primitives.Hash.ZERO, actor.getSystem().ignoreRef()));
                }
                seen.add(1, "flooded");""");
    try (PluginRig rig = PluginRig.start(plugins, code)) {
      ScriptedPeer peer = rig.join();
      rig.awaitSeen("flooded", 1);
      peer.expectPong(PluginRig.SOON);
      rig.awaitHappened(FlowHealth.Event.UNTOLD, 1);
    }
  }

  @Test
  void aFloodToItselfIsItsOwnTrouble() {
    Code code =
        Code.of(OBSERVER)
            .onEvent(
                "if (!Files.exists(host.folder().resolve(\"enough\"))) {"
                    + " actor.getSelf().tell(event); actor.getSelf().tell(event); }");
    try (PluginRig rig = PluginRig.start(plugins, code)) {
      ScriptedPeer peer = rig.join();
      peer.expectPong(PluginRig.SOON);
      rig.awaitSeen("Observed", 10_000);
      for (int i = 1; i < BURST; i++) {
        peer.expectPong(PluginRig.SOON);
      }
      assertThat(rig.engine().fatal()).isEmpty();
    }
  }

  @Test
  void aFloodOfEventsIsCut() {
    Code code =
        Code.of(SPEAKER)
            .onStart(
                """
                for (int i = 0; i < 10_000; i++) {
                  host.telemetry().publish("noise", Map.of("number", "" + i));
                }""");
    try (PluginRig rig = PluginRig.start(plugins, code)) {
      assertThat(rig.happened(FlowHealth.Event.UNPUBLISHED)).isBetween(1_000L, 9_000L);
    }
  }
}
