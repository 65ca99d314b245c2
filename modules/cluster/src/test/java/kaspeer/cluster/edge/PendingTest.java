package kaspeer.cluster.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import kaspeer.cluster.proto.Answer;
import kaspeer.cluster.proto.OneBlock;
import kaspeer.cluster.proto.Piece;
import kaspeer.cluster.proto.Question;
import kaspeer.cluster.wire.Ask;
import kaspeer.cluster.wire.Outgoing;
import kaspeer.engine.metrics.Metrics;
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
  void anAnswerThatComesAgainIsHeardOnce() {
    pending.add(ask("a"));
    pending.sendWaiting(out);
    answer(wire.getFirst());
    answer(wire.getFirst());
    assertThat(heard).containsExactly("a");
    assertThat(pending.bytes()).isZero();
  }
}
