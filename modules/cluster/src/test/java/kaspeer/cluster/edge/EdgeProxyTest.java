package kaspeer.cluster.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kaspeer.cluster.ClusterOptions;
import kaspeer.cluster.ClusterOptions.Role;
import kaspeer.cluster.ClusterOptions.Times;
import kaspeer.cluster.proto.Answer;
import kaspeer.cluster.proto.Attach;
import kaspeer.cluster.proto.Attached;
import kaspeer.cluster.proto.Detach;
import kaspeer.cluster.proto.Dropped;
import kaspeer.cluster.proto.More;
import kaspeer.cluster.proto.News;
import kaspeer.cluster.proto.Piece;
import kaspeer.cluster.proto.Question;
import kaspeer.cluster.proto.Resync;
import kaspeer.cluster.wire.DagAnswers;
import kaspeer.cluster.wire.Incoming;
import kaspeer.cluster.wire.MempoolAnswers;
import kaspeer.cluster.wire.NewsCodec;
import kaspeer.cluster.wire.Outgoing;
import kaspeer.engine.DagHome;
import kaspeer.engine.Facades;
import kaspeer.engine.metrics.Metrics;
import kaspeer.engine.peers.PeersCommand;
import kaspeer.engine.relay.RelayActor;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.peers.Relay;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Transaction;
import kaspeer.testkit.chain.ChainBuilder;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** An edge and two cores that do as they are told. */
final class EdgeProxyTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Hash SOME = Hash.ofWords(1, 2, 3, 4);

  private final EdgeState state = new EdgeState(snapshot(0));
  private final TestProbe<MessageLite> first = KIT.createTestProbe(MessageLite.class);
  private final TestProbe<MessageLite> second = KIT.createTestProbe(MessageLite.class);
  private final ActorRef<EdgeProxy.Command> proxy =
      KIT.spawn(
          EdgeProxy.create(
              new EdgeProxy.Setup(
                  options(),
                  state,
                  name -> name.equals("first") ? first.getRef() : second.getRef(),
                  peer -> "10.0.0." + peer,
                  new EdgeMetrics(new Metrics()))));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static ClusterOptions options() {
    return new ClusterOptions(
        Network.SIMNET,
        Set.of(Role.EDGE),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
        List.of(),
        Optional.empty(),
        new Times(
            Duration.ofMillis(100),
            Duration.ofSeconds(20),
            Duration.ofMillis(500),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10)));
  }

  private static DagSnapshot snapshot(long blocks) {
    DagSnapshot.Tip tip = new DagSnapshot.Tip(SOME, 1, BlueWork.of(5), 2, 3);
    return new DagSnapshot(
        blocks, blocks, List.of(SOME), tip, tip, List.of(SOME), 4, 5, 6, SOME, BlueWork.ZERO);
  }

  private Cores.Seen seen(
      String name, TestProbe<MessageLite> agent, Duration ago, boolean leaving) {
    return new Cores.Seen(
        name, agent.getRef(), true, 4, System.nanoTime() - ago.toNanos(), leaving);
  }

  private void cores(Cores.Seen... cores) {
    proxy.tell(new EdgeProxy.CoresSeen(List.of(cores), "edge"));
  }

  /** The core takes the edge in; returns the number of their session. */
  private long attach(TestProbe<MessageLite> core, String name) {
    Attach attach = core.expectMessageClass(Attach.class, LIMIT);
    assertThat(attach.getEdge()).isEqualTo("edge");
    proxy.tell(
        new EdgeProxy.FromCore(
            Attached.newBuilder()
                .setSession(attach.getSession())
                .setCore(name)
                .setState(NewsCodec.toWire(snapshot(7)))
                .setSynced(true)
                .build()));
    return attach.getSession();
  }

  private TestProbe<Optional<Header>> ask() {
    TestProbe<Optional<Header>> answer = KIT.createTestProbe();
    Facades.as(Dag.class, proxy).tell(new Dag.GetHeader(SOME, answer.getRef()));
    return answer;
  }

  private static Piece question(TestProbe<MessageLite> core) {
    Piece piece = core.expectMessageClass(Piece.class, LIMIT);
    assertThat(asked(piece).hasHeader()).isTrue();
    return piece;
  }

  private static Question asked(Piece piece) {
    try {
      return Question.parseFrom(piece.getData());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private void answer(Piece question, Answer answer) {
    proxy.tell(
        new EdgeProxy.FromCore(
            question.toBuilder()
                .setTotal(answer.getSerializedSize())
                .setData(answer.toByteString())
                .build()));
  }

  @Test
  void whatASilentCoreDidNotAnswerIsAskedOfAnother() {
    cores(seen("first", first, Duration.ZERO, false));
    TestProbe<Optional<Header>> waiting = ask();
    attach(first, "first");
    question(first);
    assertThat(state.snapshot().blockCount()).isEqualTo(7);
    assertThat(state.isOpen()).isTrue();

    cores(
        seen("first", first, Duration.ofSeconds(30), false),
        seen("second", second, Duration.ZERO, false));
    first.expectMessageClass(Detach.class, LIMIT);
    attach(second, "second");
    answer(question(second), DagAnswers.ofThings(List.of()));
    assertThat(waiting.receiveMessage(LIMIT)).isEmpty();
    assertThat(state.core()).isEqualTo("second");
  }

  @Test
  void aSlowCoreIsLeftForAnotherAndKeptWhileThereIsNone() {
    cores(seen("first", first, Duration.ZERO, false));
    attach(first, "first");
    TestProbe<Optional<Header>> waiting = ask();
    question(first);
    cores(seen("first", first, Duration.ZERO, false), seen("second", second, Duration.ZERO, false));
    first.expectMessageClass(Detach.class, LIMIT);
    attach(second, "second");
    answer(question(second), DagAnswers.ofThings(List.of()));
    waiting.receiveMessage(LIMIT);
  }

  @Test
  void aCoreThatIsAboutToLeaveIsLeft() {
    cores(seen("first", first, Duration.ZERO, false));
    attach(first, "first");
    cores(seen("first", first, Duration.ZERO, true), seen("second", second, Duration.ZERO, false));
    first.expectMessageClass(Detach.class, LIMIT);
    attach(second, "second");
    KIT.<Object>createTestProbe()
        .awaitAssert(LIMIT, () -> assertThat(state.core()).isEqualTo("second"));
  }

  @Test
  void whoIsSentAwayJustAfterItWasTakenInWaitsASecondBeforeItAsksTheNext() {
    cores(seen("first", first, Duration.ZERO, false));
    long session = attach(first, "first");
    cores(seen("first", first, Duration.ZERO, false), seen("second", second, Duration.ZERO, false));
    long sentAway = System.nanoTime();
    proxy.tell(
        new EdgeProxy.FromCore(
            Detach.newBuilder().setSession(session).setReason("put out").build()));
    attach(second, "second");
    assertThat(Duration.ofNanos(System.nanoTime() - sentAway))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aCoreWhoseStateMakesNoSenseIsNotUsed() {
    cores(seen("first", first, Duration.ZERO, false), seen("second", second, Duration.ZERO, false));
    Attach attach = first.expectMessageClass(Attach.class, LIMIT);
    proxy.tell(
        new EdgeProxy.FromCore(
            Attached.newBuilder().setSession(attach.getSession()).setCore("first").build()));
    attach(second, "second");
    KIT.<Object>createTestProbe()
        .awaitAssert(LIMIT, () -> assertThat(state.core()).isEqualTo("second"));
    assertThat(state.isOpen()).isTrue();
  }

  @Test
  void aCoreThatAnswersTooLateIsToldThatItIsNotUsed() {
    cores(seen("first", first, Duration.ZERO, false));
    Attach late = first.expectMessageClass(Attach.class, LIMIT);
    cores(seen("second", second, Duration.ZERO, false));
    attach(second, "second");
    proxy.tell(
        new EdgeProxy.FromCore(
            Attached.newBuilder()
                .setSession(late.getSession())
                .setCore("first")
                .setState(NewsCodec.toWire(snapshot(9)))
                .build()));
    assertThat(first.expectMessageClass(Detach.class, LIMIT).getSession())
        .isEqualTo(late.getSession());
    assertThat(state.snapshot().blockCount()).as("it is not listened to").isEqualTo(7);
  }

  @Test
  void asMuchIsTakenAsACoreMayHaveOnItsWay() {
    cores(seen("first", first, Duration.ZERO, false));
    long session = attach(first, "first");
    int each = 4 << 20;
    for (int id = 1; id <= Outgoing.MAX_BYTES / each; id++) {
      proxy.tell(new EdgeProxy.FromCore(part(session, id, each)));
      assertThat(first.expectMessageClass(More.class, LIMIT).getId()).isEqualTo(id);
    }
  }

  @Test
  void anAnswerThatFindsNoRoomIsToldOfAndAskedForAgain() {
    cores(seen("first", first, Duration.ZERO, false));
    long session = attach(first, "first");
    TestProbe<Optional<Header>> waiting = ask();
    Piece asked = question(first);
    proxy.tell(new EdgeProxy.FromCore(part(session, asked.getId(), Incoming.MAX_MESSAGE + 1)));
    assertThat(first.expectMessageClass(Dropped.class, LIMIT).getId()).isEqualTo(asked.getId());
    answer(question(first), DagAnswers.ofThings(List.of()));
    assertThat(waiting.receiveMessage(LIMIT)).isEmpty();
  }

  @Test
  void aQuestionThatFoundNoRoomIsAskedAgain() {
    cores(seen("first", first, Duration.ZERO, false));
    long session = attach(first, "first");
    TestProbe<Optional<Header>> waiting = ask();
    long id = question(first).getId();
    proxy.tell(new EdgeProxy.FromCore(Dropped.newBuilder().setSession(session).setId(id).build()));
    answer(question(first), DagAnswers.ofThings(List.of()));
    assertThat(waiting.receiveMessage(LIMIT)).isEmpty();
  }

  /** The first part of an answer that has more. */
  private static Piece part(long session, long id, int total) {
    return Piece.newBuilder()
        .setSession(session)
        .setId(id)
        .setTotal(total)
        .setData(ByteString.copyFrom(new byte[10]))
        .build();
  }

  @Test
  void aCoreThatIsTooBusyIsAskedAgain() {
    cores(seen("first", first, Duration.ZERO, false));
    attach(first, "first");
    TestProbe<Optional<Header>> waiting = ask();
    answer(question(first), Answer.getDefaultInstance());
    answer(question(first), DagAnswers.ofThings(List.of()));
    assertThat(waiting.receiveMessage(LIMIT)).isEmpty();
  }

  private void attached() {
    cores(seen("first", first, Duration.ZERO, false));
    attach(first, "first");
  }

  /** The engine's relay, told of verdicts from now on. */
  private TestProbe<RelayActor.Command> relay() {
    TestProbe<RelayActor.Command> relay = KIT.createTestProbe(RelayActor.Command.class);
    proxy.tell(
        new EdgeProxy.Connected(
            new DagHome.Listeners(
                relay.getRef(), KIT.createTestProbe(PeersCommand.class).getRef())));
    return relay;
  }

  private static Block block() {
    try (ChainBuilder chain = ChainBuilder.simnet(5)) {
      return chain.extend();
    }
  }

  @Test
  void underTheIdOfABadTransactionTheNextAnnouncerIsAskedAtOnce() {
    TestProbe<RelayActor.Command> relay = relay();
    attached();
    Transaction transaction = block().transactions().getFirst();
    TestProbe<Mempool.Results> results = KIT.createTestProbe();
    Facades.as(Mempool.class, proxy)
        .tell(new Mempool.Submit(List.of(transaction), 7, 100, results.getRef()));
    Piece piece = first.expectMessageClass(Piece.class, LIMIT);
    assertThat(asked(piece).getSubmitTransactions().getHost())
        .as("its host, by which its share is counted")
        .isEqualTo("10.0.0.7");
    Mempool.Results bad =
        new Mempool.Results(
            Map.of(transaction.id(), new Mempool.Result.Invalid("SIGNATURE_INVALID", "")));
    answer(piece, MempoolAnswers.of(bad));
    assertThat(results.receiveMessage(LIMIT)).isEqualTo(bad);
    relay.expectMessage(LIMIT, new RelayActor.Spoilt(Relay.Kind.TRANSACTION, transaction.id()));
  }

  @Test
  void aBlockIsKeptForOthersOnceACoreHasItAndNotBefore() {
    attached();
    Block block = block();
    TestProbe<Dag.BlockReply> verdict = KIT.createTestProbe();
    TestProbe<Optional<Block>> found = KIT.createTestProbe();
    ActorRef<Dag> dag = Facades.as(Dag.class, proxy);
    dag.tell(new Dag.SubmitBlock(block, 7, 300, verdict.getRef()));
    Piece submitted = first.expectMessageClass(Piece.class, LIMIT);
    dag.tell(new Dag.GetBlock(block.hash(), found.getRef()));
    Piece asked = first.expectMessageClass(Piece.class, LIMIT);
    assertThat(asked(asked).hasBlock()).as("the core is asked for it").isTrue();
    answer(asked, DagAnswers.ofThings(List.of()));
    assertThat(found.receiveMessage(LIMIT)).isEmpty();

    answer(submitted, DagAnswers.of(new Dag.BlockReply.Accepted(block.hash(), List.of())));
    verdict.receiveMessage(LIMIT);
    dag.tell(new Dag.GetBlock(block.hash(), found.getRef()));
    assertThat(found.receiveMessage(LIMIT)).contains(block);
  }

  @Test
  void newsThatWereMissedAreAskedFor() {
    cores(seen("first", first, Duration.ZERO, false));
    long session = attach(first, "first");
    for (long sequence : new long[] {1, 2, 4}) {
      proxy.tell(
          new EdgeProxy.FromCore(
              News.newBuilder()
                  .setSession(session)
                  .setSequence(sequence)
                  .setState(NewsCodec.toWire(snapshot(sequence)))
                  .build()));
    }
    assertThat(first.expectMessageClass(Resync.class, LIMIT).getSession()).isEqualTo(session);
    KIT.<Object>createTestProbe()
        .awaitAssert(LIMIT, () -> assertThat(state.snapshot().blockCount()).isEqualTo(4));
  }

  @Test
  void whatTheLastCoreMayHaveTakenWithItIsFetchedAgain() {
    TestProbe<RelayActor.Command> relay = relay();
    attached();
    cores(
        seen("first", first, Duration.ofMinutes(1), false),
        seen("second", second, Duration.ZERO, false));
    attach(second, "second");
    relay.expectMessage(LIMIT, new RelayActor.OtherDag());
  }
}
