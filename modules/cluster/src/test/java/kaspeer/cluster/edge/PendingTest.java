package kaspeer.cluster.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import kaspeer.cluster.proto.Answer;
import kaspeer.cluster.proto.OneBlock;
import kaspeer.cluster.proto.Piece;
import kaspeer.cluster.proto.Question;
import kaspeer.cluster.wire.Ask;
import kaspeer.cluster.wire.MalformedMessageException;
import kaspeer.cluster.wire.Outgoing;
import kaspeer.engine.metrics.Metrics;
import kaspeer.testkit.node.Await;
import org.junit.jupiter.api.Test;

final class PendingTest {
  private final Pending pending = new Pending(new EdgeMetrics(new Metrics()));
  private final List<Piece> wire = new ArrayList<>();
  private final Outgoing out = new Outgoing(1, 1 << 20, wire::add);
  private final List<String> heard = new ArrayList<>();

  private Ask ask(String name) {
    return new Ask(
        Question.newBuilder().setDescribe(ByteString.copyFromUtf8(name)).build(),
        answer -> heard.add(name),
        null);
  }

  private static String name(Piece piece) {
    try {
      return Question.parseFrom(piece.getData()).getDescribe().toStringUtf8();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private void answer(Piece question) {
    pending.answer(question.getId(), Answer.newBuilder().setYes(true).build().toByteString());
  }

  @Test
  void whatABlockTakesInTheHeapIsCounted() {
    OneBlock block = OneBlock.newBuilder().setBlock(ByteString.copyFrom(new byte[100_000])).build();
    AtomicInteger busy = new AtomicInteger();
    for (int i = 0; i < 1000; i++) {
      pending.add(
          new Ask(
              Question.newBuilder().setSubmitBlock(block).build(),
              answer -> {},
              busy::incrementAndGet));
    }
    assertThat(pending.bytes()).isBetween(Pending.MAX_BYTES - 500_000, Pending.MAX_BYTES);
    assertThat(busy).as("those beyond are told at once").hasValueGreaterThan(800);
  }

  @Test
  void questionsThatAreSmallAreCountedWithWhatTheyAreKeptBy() {
    for (int i = 0; i < 1000; i++) {
      pending.add(ask("x"));
    }
    assertThat(pending.bytes()).isGreaterThan(500_000);
    pending.sendWaiting(out);
    wire.forEach(this::answer);
    assertThat(pending.bytes()).isZero();
    assertThat(heard).hasSize(1000);
  }

  @Test
  void eachGoesOutOnceInOrderAndAllOnceMoreToTheNextCore() {
    pending.add(ask("a"));
    pending.sendWaiting(out);
    pending.add(ask("b"));
    pending.add(ask("c"));
    pending.sendWaiting(out);
    pending.sendWaiting(out);
    assertThat(wire).extracting(PendingTest::name).containsExactly("a", "b", "c");

    answer(wire.get(1));
    wire.clear();
    pending.forgetSent();
    pending.sendWaiting(out);
    assertThat(wire).extracting(PendingTest::name).containsExactly("a", "c");
    assertThat(heard).containsExactly("b");
  }

  @Test
  void whatACoreCannotAnswerIsNotAskedAgain() {
    AtomicInteger unavailable = new AtomicInteger();
    pending.add(
        new Ask(
            Question.getDefaultInstance(),
            answer -> heard.add("answer"),
            unavailable::incrementAndGet));
    pending.sendWaiting(out);
    pending.answer(
        wire.getFirst().getId(), Answer.newBuilder().setCannot("later").build().toByteString());
    assertThat(unavailable).hasValue(1);
    assertThat(pending.bytes()).isZero();
    pending.forgetSent();
    pending.sendWaiting(out);
    assertThat(wire).hasSize(1);
    assertThat(heard).isEmpty();
  }

  /** Of a kind that a later version has: it is not taken for a word of being busy. */
  @Test
  void anAnswerOfAKindThatIsNotKnownIsTheLast() {
    AtomicInteger unavailable = new AtomicInteger();
    pending.add(
        new Ask(
            Question.getDefaultInstance(),
            answer -> {
              throw new MalformedMessageException("kind");
            },
            unavailable::incrementAndGet));
    pending.sendWaiting(out);
    // Field 99, a varint.
    pending.answer(
        wire.getFirst().getId(), ByteString.copyFrom(new byte[] {(byte) 0x98, 0x06, 0x01}));
    assertThat(unavailable).hasValue(1);
    assertThat(pending.bytes()).isZero();
  }

  @Test
  void whatWasDroppedIsAskedAgain() {
    pending.add(ask("a"));
    pending.sendWaiting(out);
    pending.dropped(wire.getFirst().getId());
    assertThat(pending.oldest()).isZero();
    Await.until(
        "it goes out once more",
        Duration.ofSeconds(10),
        () -> {
          pending.sendWaiting(out);
          return wire.size() == 2;
        },
        () -> "" + wire);
    answer(wire.getLast());
    assertThat(heard).containsExactly("a");
  }

  @Test
  void anAnswerThatComesAgainIsHeardOnce() {
    pending.add(ask("a"));
    pending.sendWaiting(out);
    answer(wire.getFirst());
    answer(wire.getFirst());
    assertThat(heard).containsExactly("a");
    assertThat(pending.bytes()).isZero();
  }
}
