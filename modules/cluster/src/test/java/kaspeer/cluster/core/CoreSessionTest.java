package kaspeer.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import kaspeer.cluster.proto.Answer;
import kaspeer.cluster.proto.Attached;
import kaspeer.cluster.proto.Dropped;
import kaspeer.cluster.proto.News;
import kaspeer.cluster.proto.PeerLeft;
import kaspeer.cluster.proto.Piece;
import kaspeer.cluster.proto.Question;
import kaspeer.cluster.proto.Range;
import kaspeer.cluster.wire.ClusterSerializer;
import kaspeer.cluster.wire.Incoming;
import kaspeer.cluster.wire.MempoolAsks;
import kaspeer.cluster.wire.NewsCodec;
import kaspeer.cluster.wire.Wire;
import kaspeer.engine.Facades;
import kaspeer.engine.dag.DagActor;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.dag.AcceptedBlock;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagEvent;
import kaspeer.flow.mempool.Mempool;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.testkit.chain.ChainBuilder;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What a core makes of the peers of its edges. */
final class CoreSessionTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final TestProbe<MessageLite> edge = KIT.createTestProbe(MessageLite.class);
  private final TestProbe<Object> dag = KIT.createTestProbe(Object.class);
  private final TestProbe<Mempool> mempool = KIT.createTestProbe(Mempool.class);
  private final RemoteHosts hosts = new RemoteHosts();
  private final AtomicReference<SyncStatus> status = new AtomicReference<>(SyncStatus.WAITING);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private ActorRef<MessageLite> session(int number, Hash... tips) {
    StubEngine engine =
        new StubEngine(
            Facades.as(Dag.class, dag.getRef()),
            mempool.getRef(),
            List.of(tips),
            () -> Objects.requireNonNull(status.get()));
    return Facades.as(
        MessageLite.class,
        KIT.spawn(
            CoreSession.create(
                new CoreSession.Setup(edge.getRef(), "edge", number, number, engine, hosts))));
  }

  /** What the mempool calls the peer that brought this. */
  private long brings(ActorRef<MessageLite> session, int number, long peer, String host) {
    try (ChainBuilder chain = ChainBuilder.simnet(1)) {
      Transaction transaction = chain.extend().transactions().getFirst();
      var question =
          MempoolAsks.of(
                  new Mempool.Submit(
                      List.of(transaction),
                      peer,
                      100,
                      KIT.<Mempool.Results>createTestProbe().ref()),
                  _ -> host,
                  _ -> {})
              .question()
              .toByteString();
      session.tell(
          Piece.newBuilder()
              .setSession(number)
              .setId(1)
              .setTotal(question.size())
              .setData(question)
              .build());
      return mempool.expectMessageClass(Mempool.Submit.class, LIMIT).origin();
    }
  }

  @Test
  void anEdgeHearsOfTheTipsWithTheirTransactions() {
    try (ChainBuilder chain = ChainBuilder.simnet(1)) {
      List<Block> tips = List.of(chain.extend(), chain.extend());
      session(6, tips.get(0).hash(), tips.get(1).hash());
      edge.expectMessageClass(Attached.class, LIMIT);
      for (Block tip : tips) {
        Dag.GetBlock asked = dag.expectMessageClass(Dag.GetBlock.class, LIMIT);
        assertThat(asked.hash()).isEqualTo(tip.hash());
        dag.expectNoMessage(Duration.ZERO);
        asked.replyTo().tell(Optional.of(tip));
        DagEvent event = NewsCodec.fromWire(edge.expectMessageClass(News.class, LIMIT));
        assertThat(event).isEqualTo(new DagEvent.BlockAdded(tip.header(), 1, Dag.LOCAL, true));
      }
    }
  }

  @Test
  void anEdgeHearsThatItsCoreIsSyncedOrNotWithoutABlock() {
    session(1);
    assertThat(edge.expectMessageClass(Attached.class, LIMIT).getSynced()).isFalse();
    status.set(new SyncStatus(SyncStatus.State.SYNCED, null, "", 1, 0, 0, 0));
    News synced = edge.expectMessageClass(News.class, LIMIT);
    assertThat(synced.getSequence()).isEqualTo(1);
    assertThat(synced.getSynced()).isTrue();
    assertThat(NewsCodec.fromWire(synced)).isInstanceOf(DagEvent.StateChanged.class);
    status.set(SyncStatus.WAITING);
    assertThat(edge.expectMessageClass(News.class, LIMIT).getSynced()).isFalse();
    edge.expectNoMessage(Duration.ofSeconds(2));
  }

  @Test
  void aQuestionThatMakesNoSenseHasAnAnswerThatIsTheLast() throws InvalidProtocolBufferException {
    ActorRef<MessageLite> session = session(1);
    edge.expectMessageClass(Attached.class, LIMIT);
    // Field 99, a varint: of a kind that a later version has. And a range without hashes.
    ByteString later = ByteString.copyFrom(new byte[] {(byte) 0x98, 0x06, 0x01});
    ByteString without =
        Question.newBuilder().setHeaders(Range.getDefaultInstance()).build().toByteString();
    for (ByteString question : List.of(later, without)) {
      session.tell(
          Piece.newBuilder()
              .setSession(1)
              .setId(question.size())
              .setTotal(question.size())
              .setData(question)
              .build());
      Piece answer = edge.expectMessageClass(Piece.class, LIMIT);
      assertThat(answer.getId()).isEqualTo(question.size());
      assertThat(Answer.parseFrom(answer.getData()).hasCannot()).isTrue();
    }
  }

  @Test
  void aQuestionThatFindsNoRoomIsToldOf() {
    ActorRef<MessageLite> session = session(1);
    edge.expectMessageClass(Attached.class, LIMIT);
    session.tell(
        Piece.newBuilder()
            .setSession(1)
            .setId(5)
            .setTotal(Incoming.MAX_MESSAGE + 1)
            .setData(ByteString.copyFrom(new byte[10]))
            .build());
    assertThat(edge.expectMessageClass(Dropped.class, LIMIT).getId()).isEqualTo(5);
  }

  private static List<Hash> hashes(int from, int count) {
    return IntStream.range(from, from + count).mapToObj(i -> Hash.ofWords(i, 2, 3, 4)).toList();
  }

  private ActorRef<CoreSession.Command> connected() {
    ActorRef<CoreSession.Command> session = Facades.as(CoreSession.Command.class, session(1));
    edge.expectMessageClass(Attached.class, LIMIT);
    return session;
  }

  private News news() {
    News news = edge.expectMessageClass(News.class, LIMIT);
    assertThat(news.getSerializedSize()).isLessThanOrEqualTo(ClusterSerializer.MAX_BYTES);
    return news;
  }

  @Test
  void ofManyTransactionsAnEdgeHearsAllIds() {
    List<Hash> ids = hashes(0, 20_000);
    connected().tell(new CoreSession.Announced(ids, true));
    List<Hash> heard = new ArrayList<>();
    for (long sequence = 1; heard.size() < ids.size(); sequence++) {
      News news = news();
      assertThat(news.getSequence()).isEqualTo(sequence);
      assertThat(news.getAgain()).isTrue();
      heard.addAll(Wire.hashes(news.getAnnounced().getHashesList()));
    }
    assertThat(heard).isEqualTo(ids);
  }

  @Test
  void ofALargeChangeOfTheChainAnEdgeHearsAllThatWasAccepted() {
    List<AcceptedBlock> added =
        IntStream.range(0, 12)
            .mapToObj(
                i ->
                    new AcceptedBlock(
                        Hash.ofWords(i, 9, 9, 9),
                        List.of(
                            new AcceptedBlock.Merged(
                                Hash.ofWords(i, 8, 8, 8), hashes(i * 3_000, 3_000)))))
            .toList();
    List<Hash> removed = hashes(0, 10_000);
    connected().tell(new CoreSession.Happened(new DagEvent.ChainChanged(removed, added)));
    List<Hash> left = new ArrayList<>();
    List<AcceptedBlock> came = new ArrayList<>();
    while (came.size() < added.size()) {
      DagEvent.ChainChanged part = (DagEvent.ChainChanged) NewsCodec.fromWire(news());
      assertThat(part.removed().isEmpty() || came.isEmpty()).as("first what left").isTrue();
      left.addAll(part.removed());
      came.addAll(part.added());
    }
    assertThat(left).isEqualTo(removed);
    assertThat(came).isEqualTo(added);
  }

  @Test
  void aBlockThatAcceptedMoreThanAMessageHoldsComesWithout() {
    Hash hash = Hash.ofWords(9, 9, 9, 9);
    AcceptedBlock block =
        new AcceptedBlock(
            hash, List.of(new AcceptedBlock.Merged(Hash.ofWords(8, 8, 8, 8), hashes(0, 9_000))));
    connected()
        .tell(new CoreSession.Happened(new DagEvent.ChainChanged(List.of(), List.of(block))));
    assertThat(NewsCodec.fromWire(news()))
        .isEqualTo(
            new DagEvent.ChainChanged(List.of(), List.of(new AcceptedBlock(hash, List.of()))));
  }

  @Test
  void hostsHaveSharesOfTheirOwnThroughWhateverDoorTheyCome() {
    ActorRef<MessageLite> one = session(1);
    ActorRef<MessageLite> other = session(2);
    long hostile = brings(one, 1, 5, "198.51.100.7");
    long honest = brings(one, 1, 6, "203.0.113.1");
    long elsewhere = brings(other, 2, 5, "203.0.113.2");
    long again = brings(other, 2, 6, "198.51.100.7");
    long nameless = brings(other, 2, 7, "");

    assertThat(List.of(hosts.of(hostile), hosts.of(honest), hosts.of(elsewhere)))
        .containsExactly("198.51.100.7", "203.0.113.1", "203.0.113.2");
    assertThat(hosts.of(again)).as("the same host by two members").isEqualTo(hosts.of(hostile));
    assertThat(hosts.of(nameless)).isNotEqualTo("gone");

    one.tell(PeerLeft.newBuilder().setSession(1).setPeer(5).build());
    dag.fishForMessage(
        LIMIT,
        message ->
            message.equals(new DagActor.PeerLeft(hostile))
                ? org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes.complete()
                : org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes.continueAndIgnore());
    assertThat(hosts.of(hostile)).isEqualTo("gone");
    assertThat(hosts.of(again)).as("it is still there by the other").isEqualTo("198.51.100.7");
  }
}
