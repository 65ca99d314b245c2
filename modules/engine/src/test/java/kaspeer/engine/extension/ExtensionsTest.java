package kaspeer.engine.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import kaspeer.engine.EngineStartException;
import kaspeer.engine.TestEngine;
import kaspeer.engine.extension.PluginRig.Code;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.VersionMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What plug-ins can do: speak, observe, intercept. */
final class ExtensionsTest {
  private static final String OWN =
      """
      FlowDescriptor.owning("sonar", new Own("sonar:1", Audience.%s,
          List.of(new OwnMessage(1000, "sonarPing", 64), new OwnMessage(1001, "sonarEcho", 64)),
          16, 1024))""";

  private static final String ECHO =
      """
      if (event instanceof FlowEvent.Own own) {
        flow.outbox().sendOwn(1001, own.payload());
      }""";

  @TempDir private Path plugins;

  private static String intercepting(String type, int millis) {
    return "FlowDescriptor.intercepting(\"sonar\", new Intercept(Set.of(PayloadCase."
        + type
        + "), Duration.ofMillis("
        + millis
        + ")))";
  }

  private static Code verdict(String word) {
    return Code.of(intercepting("PING", 1000))
        .onEvent("((FlowEvent.Intercepted) event).verdict()." + word + ";");
  }

  private static Code speaking(String audience) {
    return Code.of(OWN.replace("%s", audience)).onEvent(ECHO);
  }

  @Test
  void aFlowSpeaksUnderNumbersOfItsOwnWithPeersThatNameItsTag() throws InterruptedException {
    try (PluginRig rig = PluginRig.start(plugins, speaking("SPEAKERS"))) {
      ScriptedPeer peer = rig.join("sonar:1");
      BlockingQueue<ByteString> heard = PluginRig.hearing(peer, 1001);
      PluginRig.say(peer, 1000, "anybody there?");
      assertThat(PluginRig.next(heard)).isEqualTo("anybody there?");
      peer.expectPong(PluginRig.SOON);
      assertThat(rig.counted("kaspeer_p2p_messages_total", "in", "sonarPing")).isEqualTo(1);
      // What is sent is counted by who sends it, a moment after the peer may have it.
      rig.engine()
          .await(
              "the answer is counted",
              () -> rig.counted("kaspeer_p2p_messages_total", "out", "sonarEcho") == 1);
      rig.engine().await("the flow is done", () -> rig.withPeer().handled() == 1);
    }
  }

  @Test
  void ourUserAgentNamesTheTag() {
    try (PluginRig rig = PluginRig.start(plugins, speaking("SPEAKERS"))) {
      assertThat(rig.engine().engine().local().userAgent()).isEqualTo("/kaspeer:test/sonar:1/");
      VersionMessage ours = rig.dial().handshake();
      assertThat(ours.getUserAgent()).isEqualTo("/kaspeer:test/sonar:1/");
    }
  }

  @Test
  void aPeerThatDoesNotNameTheTagBreaksTheProtocolAsWithoutThePlugin() {
    try (PluginRig rig = PluginRig.start(plugins, speaking("SPEAKERS"))) {
      ScriptedPeer peer = rig.join();
      PluginRig.say(peer, 1000, "anybody there?");
      assertThat(peer.expectEnd(PluginRig.SOON).reject()).contains("UNEXPECTED_MESSAGE");
      assertThat(rig.seen("Own")).isZero();
    }
  }

  @Test
  void aFlowMayTakeItsMessagesFromWhomItChooses() throws InterruptedException {
    try (PluginRig rig = PluginRig.start(plugins, speaking("CHOSEN"))) {
      ScriptedPeer peer = rig.join();
      BlockingQueue<ByteString> heard = PluginRig.hearing(peer, 1001);
      PluginRig.say(peer, 1000, "hello");
      assertThat(PluginRig.next(heard)).isEqualTo("hello");
    }
  }

  @Test
  void anOwnMessageBeyondItsCapEndsThePeer() {
    try (PluginRig rig = PluginRig.start(plugins, speaking("SPEAKERS"))) {
      ScriptedPeer peer = rig.join("sonar:1");
      PluginRig.say(peer, 1000, "x".repeat(64));
      peer.expectEnd(PluginRig.SOON);
      rig.awaitDeparture("violation.OVERSIZED_MESSAGE");
      assertThat(rig.seen("Own")).isZero();
    }
  }

  @Test
  void anObserverSeesWhatTheBuiltInFlowAnswers() {
    try (PluginRig rig =
        PluginRig.start(
            plugins,
            Code.of("FlowDescriptor.observing(\"sonar\", Observe.of(PayloadCase.PING))"))) {
      ScriptedPeer peer = rig.join();
      peer.expectPong(PluginRig.SOON);
      peer.expectPong(PluginRig.SOON);
      rig.awaitSeen("Observed", 2);
      assertThat(rig.seen("Intercepted") + rig.seen("Own")).isZero();
    }
  }

  /** Pings until this has happened: a verdict may be late on a machine that is busy. */
  private static int pingUntil(PluginRig rig, ScriptedPeer peer, FlowHealth.Event event) {
    AtomicInteger sent = new AtomicInteger();
    rig.engine()
        .await(
            event + " happened",
            () -> {
              long asked = total(rig);
              peer.send(Messages.ping(sent.incrementAndGet()));
              rig.engine().await("a verdict", () -> total(rig) > asked);
              return rig.happened(event) > 0;
            });
    return sent.get();
  }

  private static long total(PluginRig rig) {
    return rig.health().events().values().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void whatAnInterceptorPassesIsAnswered() {
    try (PluginRig rig = PluginRig.start(plugins, verdict("pass()"))) {
      ScriptedPeer peer = rig.join();
      int sent = pingUntil(rig, peer, FlowHealth.Event.PASSED);
      peer.expectHeard(PayloadCase.PONG, sent, PluginRig.SOON);
    }
  }

  @Test
  void whatAnInterceptorDropsIsNotAnswered() {
    try (PluginRig rig = PluginRig.start(plugins, verdict("drop()"))) {
      ScriptedPeer peer = rig.join();
      int sent = pingUntil(rig, peer, FlowHealth.Event.REFUSED);
      peer.send(Messages.requestAddresses());
      peer.expect(PayloadCase.ADDRESSES, PluginRig.SOON);
      assertThat(peer.heard(PayloadCase.PONG)).isLessThan(sent);
    }
  }

  @Test
  void whatAnInterceptorHoldsAgainstThePeerIsJudgedByThePolicy() {
    try (PluginRig rig =
        PluginRig.start(plugins, verdict("violation(ViolationCode.BAD_LOCATOR, \"loud\")"))) {
      ScriptedPeer peer = rig.join();
      pingUntil(rig, peer, FlowHealth.Event.VIOLATION);
      peer.expectEnd(PluginRig.SOON);
      rig.awaitDeparture("violation.BAD_LOCATOR");
    }
  }

  @Test
  void noMessageOvertakesOneThatWaitsForAVerdict() {
    try (PluginRig rig = PluginRig.start(plugins, verdict("pass()"))) {
      ScriptedPeer peer = rig.join();
      for (int i = 0; i < 10; i++) {
        peer.send(Messages.ping(i));
      }
      for (int i = 0; i < 10; i++) {
        KaspadMessage pong = peer.expect(PayloadCase.PONG, PluginRig.SOON);
        assertThat(pong.getPong().getNonce()).isEqualTo(i);
      }
    }
  }

  @Test
  void whatDoesNotFitKeepsTheEngineFromStarting() {
    PluginRig.write(plugins, "one", speaking("SPEAKERS"));
    PluginRig.write(plugins, "two", speaking("CHOSEN"));
    assertThatThrownBy(() -> PluginRig.start(plugins, Set.of("one", "two")))
        .hasCauseInstanceOf(EngineStartException.class)
        .hasMessageContaining("flow sonar of two.jar has the name of one of one.jar")
        .hasMessageContaining("the message number 1000 is claimed by flow sonar of one.jar and by")
        .hasMessageContaining("the tag sonar:1 is claimed by");
    PluginRig.write(plugins, "one", Code.of("FlowDescriptor.extension(\"sonar\", Extension.NONE)"));
    assertThatThrownBy(() -> PluginRig.start(plugins, Set.of("one")))
        .hasMessageContaining("neither observes nor intercepts");
    PluginRig.write(plugins, "one", Code.of(intercepting("BLOCK", 100)));
    assertThatThrownBy(() -> PluginRig.start(plugins, Set.of("one")))
        .hasMessageContaining("flow sonar of one.jar cannot intercept BLOCK");
    PluginRig.write(
        plugins, "one", verdict("pass()").onStart("throw new Exception(\"no rules\");"));
    assertThatThrownBy(() -> PluginRig.start(plugins, Set.of("one")))
        .hasMessageContaining("flow sonar of one.jar does not start: no rules");
  }

  @Test
  void withoutPluginsASupervisorHasNothingToAskThem() {
    try (TestEngine engine = TestEngine.start()) {
      assertThat(engine.engine().flows())
          .isNotEmpty()
          .allSatisfy(flow -> assertThat(flow.health()).isNull());
    }
  }
}
