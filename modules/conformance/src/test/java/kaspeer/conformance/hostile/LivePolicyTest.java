package kaspeer.conformance.hostile;

import static kaspeer.conformance.hostile.Subject.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import kaspeer.primitives.Hash;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.testkit.peer.ScriptedPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A row of the policy that is changed on a running node counts for peers that are connected. */
final class LivePolicyTest {
  private static final Hash NOBODYS = Hash.ofWords(0x6E6FL, 1, 2, 3);

  @TempDir private Path folder = Path.of("");

  private static JsonNode ask(Subject subject, int source) {
    ScriptedPeer peer =
        subject
            .lab()
            .join(subject.address(), PeerOptions.DEFAULT.withSource(PeerLab.loopback(source)));
    peer.send(Messages.requestRelayBlocks(List.of(NOBODYS)));
    JsonNode departure = subject.assertDropped(peer, "violation.REQUEST_OF_UNKNOWN_BLOCK");
    peer.expectEnd(SOON);
    return departure;
  }

  @Test
  void theSameBreachIsRejectedBannedAndRejectedAgain() {
    try (Subject subject = Subject.start(folder.resolve("node"))) {
      assertThat(ask(subject, 2).get("sanction").asText()).isEqualTo("reject");

      JsonNode change =
          subject
              .node()
              .change(
                  "PUT",
                  "policy/REQUEST_OF_UNKNOWN_BLOCK",
                  "{\"sanction\":\"ban\",\"seconds\":600}");
      assertThat(change.get("before").asText()).isEqualTo("reject");
      assertThat(change.get("after").asText()).isEqualTo("ban 600 s");
      assertThat(ask(subject, 3).get("sanction").asText()).isEqualTo("ban");

      subject.node().change("DELETE", "policy/REQUEST_OF_UNKNOWN_BLOCK", "");
      assertThat(ask(subject, 4).get("sanction").asText()).isEqualTo("reject");
    }
  }
}
