package kaspeer.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import kaspeer.cluster.proto.Piece;
import org.junit.jupiter.api.Test;

final class TransferTest {
  private static final int LARGE = 10 * Outgoing.PART + 17;

  private final Deque<Piece> wire = new ArrayDeque<>();
  private final Outgoing out = new Outgoing(7, 2 * LARGE, wire::add);
  private final AtomicInteger asked = new AtomicInteger();
  private final Incoming in = new Incoming(2 * LARGE, _ -> asked.incrementAndGet());

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
  }
}
