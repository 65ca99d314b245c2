package kaspeer.engine.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool.GetBlockTemplate;
import kaspeer.flow.mempool.Mempool.TemplateReply;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

class BlockTemplatesTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Block BLOCK = Params.of(Network.SIMNET).genesis();

  private final BlockTemplates templates = new BlockTemplates();
  private final TestInbox<TemplateReply> replies = TestInbox.create();

  /**
   * @param key whom it pays
   */
  private boolean ask(int key) {
    return templates.ask(
        new GetBlockTemplate(
            new ScriptPublicKey(0, new byte[] {(byte) key}), new byte[0], replies.getRef()),
        dag(),
        NOW,
        true);
  }

  private static DagSnapshot dag() {
    DagSnapshot.Tip tip = new DagSnapshot.Tip(Hash.ZERO, 1, BlueWork.ZERO, 1, 1);
    return new DagSnapshot(
        1,
        1,
        List.of(),
        tip,
        tip,
        BLOCK.header().directParents(),
        1,
        0,
        0,
        Hash.ZERO,
        BlueWork.ZERO);
  }

  @Test
  void those_who_ask_for_the_same_while_it_is_made_get_it_too() {
    assertThat(ask(1)).isTrue();
    assertThat(ask(1)).isFalse();
    assertThat(ask(2)).isFalse();
    assertThat(ask(1)).isFalse();
    assertThat(replies.hasMessages()).isFalse();

    assertThat(templates.made(BLOCK, NOW, true)).as("the second is next").isTrue();
    assertThat(replies.getAllReceived())
        .hasSize(3)
        .containsOnly(new TemplateReply.Made(BLOCK, true));
    assertThat(templates.inWork().payTo().script()).containsExactly(2);
    assertThat(templates.made(BLOCK, NOW, true)).isFalse();
    assertThat(replies.getAllReceived()).hasSize(1);
    assertThat(ask(2)).as("it is fresh").isFalse();
    assertThat(replies.getAllReceived()).hasSize(1);
  }

  @Test
  void a_failure_is_told_to_those_who_asked_for_the_same_and_is_not_kept() {
    ask(1);
    ask(1);
    assertThat(templates.failed("no")).isFalse();
    assertThat(replies.getAllReceived()).hasSize(2).containsOnly(new TemplateReply.Refused("no"));
    assertThat(ask(1)).isTrue();
  }

  @Test
  void who_asks_while_many_wait_is_told_to_come_again() {
    for (int i = 0; i <= BlockTemplates.MAX_WAITING; i++) {
      ask(i);
    }
    assertThat(replies.hasMessages()).isFalse();
    ask(100);
    assertThat(replies.receiveMessage()).isEqualTo(new TemplateReply.Busy());
  }
}
