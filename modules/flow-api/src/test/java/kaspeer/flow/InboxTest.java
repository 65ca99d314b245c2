package kaspeer.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;

class InboxTest {
  private static Inbox inbox(
      boolean solicited, Set<PayloadCase> payloads, Set<PayloadCase> undecoded) {
    return new Inbox("in", payloads, solicited, 4, 4096, Overflow.BACKPRESSURE, undecoded);
  }

  @Test
  void answersMayBeLeftUndecodedAndNoneIsIfNotSaid() {
    Set<PayloadCase> both = Set.of(PayloadCase.BLOCK_BODY, PayloadCase.BLOCK_HEADERS);
    assertThat(inbox(true, both, Set.of(PayloadCase.BLOCK_BODY)).undecoded())
        .containsExactly(PayloadCase.BLOCK_BODY);
    assertThat(Inbox.answers(PayloadCase.BLOCK_BODY).undecoded()).isEmpty();
  }

  @Test
  void onlyWhatAnInboxTakesIsLeftUndecoded() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> inbox(true, Set.of(PayloadCase.BLOCK_BODY), Set.of(PayloadCase.BLOCK_HEADERS)))
        .withMessageContaining("not all of [BLOCK_HEADERS]");
  }

  @Test
  void announcementsAreDecoded() {
    Set<PayloadCase> invs = Set.of(PayloadCase.INV_RELAY_BLOCK);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> inbox(false, invs, invs))
        .withMessageContaining("no answer");
  }
}
