package kaspeer.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import kaspeer.cluster.edge.Cores;
import kaspeer.cluster.proto.BlockPush;
import kaspeer.cluster.proto.BlockTaken;
import kaspeer.cluster.wire.Wire;
import kaspeer.engine.metrics.Metrics;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.mempool.Mempool;
import kaspeer.primitives.Block;
import kaspeer.testkit.chain.ChainBuilder;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A core between two others, with a DAG that does as it is told. */
final class PushesTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final TestProbe<MessageLite> first = KIT.createTestProbe(MessageLite.class);
  private final TestProbe<MessageLite> second = KIT.createTestProbe(MessageLite.class);
  private final TestProbe<Dag> dag = KIT.createTestProbe(Dag.class);
  private final ChainBuilder chain = ChainBuilder.simnet(4);
  private final ActorRef<Pushes.Command> pushes =
      KIT.spawn(
          Pushes.create(
              new Pushes.Setup(
                  "self",
                  () -> new StubEngine(dag.getRef(), KIT.createTestProbe(Mempool.class).getRef()),
                  new PushMetrics(new Metrics()))));

  @BeforeEach
  void meet() {
    pushes.tell(new Pushes.CoresSeen(List.of(seen("first", first), seen("second", second))));
  }

  @AfterEach
  void close() {
    chain.close();
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static Cores.Seen seen(String name, TestProbe<MessageLite> agent) {
    return new Cores.Seen(name, agent.getRef(), true, 4, System.nanoTime(), false);
  }

  private void reads(Block block) {
    Dag.GetBlock read = dag.expectMessageClass(Dag.GetBlock.class, LIMIT);
    assertThat(read.hash()).isEqualTo(block.hash());
    read.replyTo().tell(Optional.of(block));
  }

  private static BlockPush push(Block block) {
    return BlockPush.newBuilder().setFrom("first").setNumber(9).setBlock(Wire.bytes(block)).build();
  }

  private Dag.SubmitBlock submitted(Block block) {
    Dag.SubmitBlock submit = dag.expectMessageClass(Dag.SubmitBlock.class, LIMIT);
    assertThat(submit.block()).isEqualTo(block);
    assertThat(submit.origin()).isEqualTo(Origins.PUSHED);
    return submit;
  }

  @Test
  void aNewBlockGoesToAllOtherCoresWithAllThatIsInItInOrder() {
    List<Block> blocks = chain.extend(2);
    blocks.forEach(block -> pushes.tell(new Pushes.Added(block.hash())));
    for (Block block : blocks) {
      reads(block);
      for (TestProbe<MessageLite> core : List.of(first, second)) {
        BlockPush push = core.expectMessageClass(BlockPush.class, LIMIT);
        assertThat(push.getFrom()).isEqualTo("self");
        assertThat(Wire.block(push.getBlock())).isEqualTo(block);
      }
    }
  }

  @Test
  void whatWasPushedIsJudgedConfirmedAndNotPushedOn() {
    Block block = chain.extend();
    pushes.tell(new Pushes.Pushed(push(block)));
    submitted(block).replyTo().tell(new Dag.BlockReply.Accepted(block.hash(), List.of()));
    assertThat(first.expectMessageClass(BlockTaken.class, LIMIT))
        .isEqualTo(BlockTaken.newBuilder().setBy("self").setNumber(9).build());

    Block own = chain.extend();
    pushes.tell(new Pushes.Added(block.hash()));
    pushes.tell(new Pushes.Added(own.hash()));
    reads(own);
    assertThat(Wire.block(second.expectMessageClass(BlockPush.class, LIMIT).getBlock()))
        .isEqualTo(own);
  }

  @Test
  void aBlockWithoutItsParentsWaitsForThem() {
    Block block = chain.extend(2).getLast();
    pushes.tell(new Pushes.Pushed(push(block)));
    submitted(block)
        .replyTo()
        .tell(new Dag.BlockReply.MissingParents(block.hash(), block.header().directParents()));
    Dag.KeepOrphan keep = dag.expectMessageClass(Dag.KeepOrphan.class, LIMIT);
    assertThat(keep.block()).isEqualTo(block);
    assertThat(keep.origin()).isEqualTo(Origins.PUSHED);
    first.expectMessageClass(BlockTaken.class, LIMIT);

    keep.replyTo().tell(new Dag.OrphanReply.Ready(block.hash()));
    assertThat(submitted(block)).as("they came meanwhile").isNotNull();
  }

  @Test
  void nonsenseIsConfirmedAndTouchesNothing() {
    pushes.tell(
        new Pushes.Pushed(
            BlockPush.newBuilder()
                .setFrom("first")
                .setNumber(1)
                .setBlock(com.google.protobuf.ByteString.copyFromUtf8("nonsense"))
                .build()));
    first.expectMessageClass(BlockTaken.class, LIMIT);
    Block own = chain.extend();
    pushes.tell(new Pushes.Added(own.hash()));
    reads(own);
  }

  @Test
  void whoDoesNotConfirmGetsNoMoreUntilItDoesOrIsForgotten() {
    PushWindow window = new PushWindow();
    for (int i = 0; i < PushWindow.MAX_BLOCKS; i++) {
      assertThat(window.hasRoom(100, i)).isTrue();
      window.sent(i, 100, i);
    }
    assertThat(window.hasRoom(100, 100)).as("in number").isFalse();
    window.taken(5);
    assertThat(window.hasRoom(100, 100)).isTrue();
    assertThat(window.hasRoom((int) PushWindow.MAX_BYTES, 100)).as("in bytes").isFalse();
    long later = PushWindow.FORGOTTEN.toNanos() + PushWindow.MAX_BLOCKS;
    assertThat(window.hasRoom((int) PushWindow.MAX_BYTES, later)).isTrue();
  }
}
