package kaspeer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.transport.AcceptPolicy;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;

final class FullDoorTest {
  /** More than the door lets in beyond the limit. */
  private static final int STALLING = 16;

  @Test
  void whoNeverGetsReadyKeepsNobodyFromTheDoor() {
    AcceptPolicy.Limits one = new AcceptPolicy.Limits(1, 64, 64, 64, 64);
    try (TestEngine engine = TestEngine.start(config -> config.inboundLimits(one));
        PeerLab lab = new PeerLab()) {
      PeerOptions stalling = PeerOptions.DEFAULT.withSource(PeerLab.loopback(1));
      for (int i = 0; i < STALLING; i++) {
        ScriptedPeer peer = lab.dial(engine.address(), stalling);
        peer.sendVersion(peer.self().toWire());
        peer.expect(PayloadCase.VERSION, ScriptedPeer.STEP_LIMIT);
        peer.send(Messages.verack());
        peer.expect(PayloadCase.READY, ScriptedPeer.STEP_LIMIT);
      }
      PeerOptions elsewhere = PeerOptions.DEFAULT.withSource(PeerLab.loopback(2));
      lab.join(engine.address(), elsewhere).expectPong(ScriptedPeer.STEP_LIMIT);
      assertThat(engine.peers()).hasSize(STALLING + 1);
    }
  }
}
