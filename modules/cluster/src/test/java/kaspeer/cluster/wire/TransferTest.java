package kaspeer.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import kaspeer.cluster.proto.Piece;
import org.junit.jupiter.api.Test;

final class TransferTest {
  private static final int LARGE = 10 * Outgoing.PART + 17;

  private final Deque<Piece> wire = new ArrayDeque<>();
  private final Outgoing out = new Outgoing(7, 2 * LARGE, wire::add);
  private final AtomicInteger asked = new AtomicInteger();
  private final List<Long> dropped = new ArrayList<>();
  private final Incoming in = new Incoming(2 * LARGE, sender(asked, dropped));

  private static Incoming.Sender sender(AtomicInteger asked, List<Long> dropped) {
    return new Incoming.Sender() {
      @Override
      public void more(long id) {
        asked.incrementAndGet();
      }

      @Override
      public void dropped(long id) {
        dropped.add(id);
      }
    };
  }

  private static ByteString random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  @Test
  void aSmallMessageIsOnePart() {
    ByteString message = random(100);
    assertThat(out.send(1, message)).isTrue();
    assertThat(in.take(wire.remove())).isEqualTo(message);
    assertThat(wire).isEmpty();
    assertThat(asked).hasValue(0);
  }

  @Test
  void ofALargeOneOnlyTheFirstPartsComeUnasked() {
    ByteString message = random(LARGE);
    assertThat(out.send(2, message)).isTrue();
    assertThat(wire).hasSize(Outgoing.AHEAD);
    ByteString whole = null;
    while (whole == null) {
      assertThat(wire.size()).isBetween(1, Outgoing.AHEAD);
      int before = asked.get();
      whole = in.take(wire.remove());
      if (asked.get() > before) {
        out.more(2);
      }
    }
    assertThat(Arrays.equals(whole.toByteArray(), message.toByteArray())).isTrue();
    assertThat(wire).isEmpty();
  }

  @Test
  void whatIsOnItsWayIsBoundedInBytes() {
    assertThat(out.send(1, random(LARGE))).isTrue();
    assertThat(out.send(2, random(LARGE))).isTrue();
    assertThat(out.send(3, random(LARGE))).isFalse();
    assertThat(out.send(4, random(10))).as("small ones need no room").isTrue();
  }

  @Test
  void whoSendsMoreThanMayBeIsNotListenedTo() {
    Piece first =
        Piece.newBuilder().setId(1).setTotal(Incoming.MAX_MESSAGE + 1).setData(random(10)).build();
    assertThat(in.take(first)).isNull();
    assertThat(in.take(first.toBuilder().setTotal(20).build())).isNull();
    Piece overlong = first.toBuilder().setTotal(20).setOffset(10).setData(random(11)).build();
    assertThat(in.take(overlong)).isNull();
    Piece right = first.toBuilder().setTotal(20).setOffset(10).build();
    assertThat(in.take(right)).as("the message was dropped").isNull();
    assertThat(dropped).as("whoever sends is told").containsOnly(1L).hasSizeGreaterThan(1);
  }

  @Test
  void allThatASenderMayHaveOnItsWayHasRoom() {
    Outgoing full = new Outgoing(7, Outgoing.MAX_BYTES, wire::add);
    Incoming there = new Incoming(Incoming.MAX_BYTES, sender(asked, dropped));
    ByteString message = random(4 << 20);
    long sent = 0;
    while (full.send(sent + 1, message)) {
      sent++;
    }
    assertThat(sent).isEqualTo(Outgoing.MAX_BYTES / message.size());
    while (!wire.isEmpty()) {
      assertThat(there.take(wire.remove())).isNull();
    }
    assertThat(dropped).isEmpty();
    assertThat(asked).hasValue((int) sent * Outgoing.AHEAD);
  }

  @Test
  void whatIsDroppedOnOneSideIsForgottenOnBoth() {
    Incoming small = new Incoming(LARGE, sender(asked, dropped));
    assertThat(out.send(1, random(LARGE))).isTrue();
    assertThat(out.send(2, random(LARGE))).isTrue();
    wire.forEach(small::take);
    wire.clear();
    assertThat(dropped).containsOnly(2L);

    out.forget(2);
    out.more(2);
    assertThat(wire).as("nothing more of it").isEmpty();
    assertThat(out.send(3, random(LARGE))).as("its bytes are free").isTrue();
  }

  @Test
  void aMessageWhoseFirstPartWasLostIsDropped() {
    assertThat(out.send(1, random(LARGE))).isTrue();
    wire.remove();
    assertThat(in.take(wire.remove())).isNull();
    assertThat(dropped).containsExactly(1L);
  }
}
