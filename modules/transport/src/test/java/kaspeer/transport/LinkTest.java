package kaspeer.transport;

import static kaspeer.transport.Net.await;
import static kaspeer.transport.Net.end;
import static kaspeer.transport.Net.ends;
import static kaspeer.transport.Net.inv;
import static kaspeer.transport.Net.next;
import static kaspeer.transport.Net.ping;
import static kaspeer.transport.Net.read;
import static kaspeer.transport.Net.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kaspeer.wire.ConnectionPhase;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.PayloadKind;
import kaspeer.wire.PayloadType;
import kaspeer.wire.WireFault.Reason;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.PingMessage;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkTest {
  @Test
  void framesCrossBothWaysWithTheirIds() {
    try (Net net = new Net()) {
      Net.Pair pair = net.connect();
      assertThat(pair.ours().direction()).isEqualTo(Direction.OUTBOUND);
      assertThat(pair.theirs().direction()).isEqualTo(Direction.INBOUND);
      assertThat(pair.ours().remoteAddress()).isEqualTo(net.address());
      assertThat(pair.theirs().remoteAddress()).isEqualTo(Net.localAddress(pair.ours()));
      SinkQueueWithCancel<InboundFrame> ours = read(pair.ours());
      SinkQueueWithCancel<InboundFrame> theirs = read(pair.theirs());
      KaspadMessage asked =
          KaspadMessage.newBuilder()
              .setRequestId(7)
              .setPing(kaspeer.wire.proto.PingMessage.newBuilder().setNonce(5))
              .build();
      assertThat(pair.ours().send(OutboundFrame.of(asked), TrafficClass.CONTROL))
          .isEqualTo(SendResult.SENT);
      InboundFrame got = next(theirs);
      assertThat(got.message()).isEqualTo(asked);
      assertThat(got.requestId()).isEqualTo(7);
      assertThat(got.type().name()).isEqualTo("ping");
      pair.theirs().send(ping(6), TrafficClass.CONTROL);
      assertThat(next(ours).message().getPing().getNonce()).isEqualTo(6);
      assertThat(pair.ours().traffic().sent()).hasSize(1);
      LinkTraffic.Count count = pair.theirs().traffic().received().get(got.type());
      assertThat(count).isEqualTo(new LinkTraffic.Count(1, asked.getSerializedSize()));
      assertThat(pair.theirs().traffic().wireBytesReceived()).isGreaterThan(100);
      assertThat(pair.theirs().traffic().wireBytesSent()).isGreaterThan(50);
    }
  }

  @Test
  void nothingIsReadBeforeTheFirstPull() {
    try (Net net = new Net()) {
      Net.Pair pair = net.connect();
      pair.ours().send(ping(1), TrafficClass.CONTROL);
      SinkQueueWithCancel<InboundFrame> ours = read(pair.ours());
      pair.theirs().send(ping(2), TrafficClass.CONTROL);
      // Both frames have crossed when the answer is here; still none was taken from the stream over
      // there.
      assertThat(next(ours).message().getPing().getNonce()).isEqualTo(2);
      until("the bytes are there", () -> pair.theirs().traffic().wireBytesReceived() > 100);
      assertThat(pair.theirs().traffic().received()).isEmpty();
      assertThat(next(read(pair.theirs())).message().getPing().getNonce()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aConsumerThatDoesNotPullHoldsTheSenderWithinWindowAndBudget(boolean dialledSends) {
    try (Net net = new Net()) {
      Net.Pair pair = net.connect().ready();
      Link sender = dialledSends ? pair.ours() : pair.theirs();
      SinkQueueWithCancel<InboundFrame> frames = read(dialledSends ? pair.theirs() : pair.ours());
      OutboundFrame large = inv(10_000);
      CompletableFuture<SendResult> last = new CompletableFuture<>();
      int sent = 0;
      // One at a time, as a serving flow does, until HTTP/2 takes no more. That there is room again
      // some day cannot be seen but by waiting for it: long enough for a machine that is busy.
      while (sent < 100) {
        CompletableFuture<SendResult> handed =
            sender.sendTracked(large, TrafficClass.ANSWER).toCompletableFuture();
        try {
          assertThat(handed.get(5, TimeUnit.SECONDS)).isEqualTo(SendResult.SENT);
        } catch (TimeoutException e) {
          last = handed;
          break;
        } catch (InterruptedException | ExecutionException e) {
          throw new AssertionError(e);
        }
        sent++;
      }
      // Window of 512 KiB or 1 MiB, kernel buffers, and one frame in the making: far from 100
      // frames of 360 KB.
      assertThat(sent).isBetween(1, 60);
      assertThat(Net.queuedBytes(sender, TrafficClass.ANSWER)).isEqualTo(large.size());
      assertThat(net.transport.heldBytes()).isLessThan(3 << 20);
      for (int i = 0; i <= sent; i++) {
        assertThat(next(frames).bytes()).isEqualTo(large.size());
      }
      assertThat(await(last)).isEqualTo(SendResult.SENT);
      assertThat(Net.queuedBytes(sender, TrafficClass.ANSWER)).isZero();
    }
  }

  @Test
  void aFullQueueDropsAndSaysSoAndTheOthersGoOn() {
    TransportOptions small = Net.QUICK.toBuilder().queueBytes(10_000, 10_000, 10_000).build();
    try (Net net = new Net(small)) {
      Net.Pair pair = net.connect().ready();
      OutboundFrame large = inv(100_000);
      // Nobody reads over there yet: HTTP/2 takes the first, and nothing more.
      assertThat(await(pair.ours().sendTracked(large, TrafficClass.ANNOUNCEMENT)))
          .isEqualTo(SendResult.SENT);
      assertThat(pair.ours().send(large, TrafficClass.ANNOUNCEMENT)).isEqualTo(SendResult.SENT);
      assertThat(pair.ours().send(large, TrafficClass.ANNOUNCEMENT)).isEqualTo(SendResult.OVERFLOW);
      assertThat(Net.queuedBytes(pair.ours(), TrafficClass.ANNOUNCEMENT)).isEqualTo(large.size());
      assertThat(pair.ours().traffic().dropped()).isEqualTo(1);
      assertThat(pair.ours().send(large, TrafficClass.CONTROL)).isEqualTo(SendResult.SENT);
      assertThat(pair.ours().send(ping(1), TrafficClass.CONTROL)).isEqualTo(SendResult.OVERFLOW);
      OutboundFrame thousand = inv(250);
      assertThat(pair.ours().send(thousand, TrafficClass.ANSWER)).isEqualTo(SendResult.SENT);
      assertThat(pair.ours().send(thousand, TrafficClass.ANSWER)).isEqualTo(SendResult.OVERFLOW);
      assertThat(await(pair.ours().sendTracked(thousand, TrafficClass.ANSWER)))
          .isEqualTo(SendResult.OVERFLOW);
      SinkQueueWithCancel<InboundFrame> theirs = read(pair.theirs());
      List<Integer> sizes = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        sizes.add(next(theirs).bytes());
      }
      assertThat(sizes)
          .containsExactlyInAnyOrder(large.size(), large.size(), large.size(), thousand.size());
      assertThat(Net.queuedBytes(pair.ours(), TrafficClass.CONTROL)).isZero();
    }
  }

  @Test
  void compressedFramesCrossBothWays() {
    TransportOptions gzip = Net.QUICK.toBuilder().gzip(true).build();
    try (Net compressing = new Net(gzip);
        Net plain = new Net()) {
      for (Net.Pair pair :
          List.of(
              compressing.connect(),
              compressing.connect(plain.client),
              plain.connect(compressing.client))) {
        pair.ready();
        SinkQueueWithCancel<InboundFrame> ours = read(pair.ours());
        SinkQueueWithCancel<InboundFrame> theirs = read(pair.theirs());
        OutboundFrame zeros = zeros();
        for (OutboundFrame frame : List.of(ping(3), zeros, inv(20_000))) {
          pair.ours().send(frame, TrafficClass.CONTROL);
          pair.theirs().send(frame, TrafficClass.CONTROL);
          assertThat(next(theirs).bytes()).isEqualTo(frame.size());
          assertThat(next(ours).bytes()).isEqualTo(frame.size());
        }
      }
    }
  }

  /** A megabyte that compresses a thousand times. */
  private static OutboundFrame zeros() {
    kaspeer.wire.proto.TransactionMessage transaction =
        kaspeer.wire.proto.TransactionMessage.newBuilder()
            .setSubnetworkId(
                kaspeer.wire.proto.SubnetworkId.newBuilder()
                    .setBytes(ByteString.copyFrom(new byte[20])))
            .setPayload(ByteString.copyFrom(new byte[1_000_000]))
            .build();
    return OutboundFrame.of(KaspadMessage.newBuilder().setTransaction(transaction).build());
  }

  @Test
  void oneFrameGoesToManyPeers() {
    try (Net net = new Net()) {
      OutboundFrame shared = inv(500);
      for (int i = 0; i < 20; i++) {
        Net.Pair pair = net.connect().ready();
        pair.ours().send(shared, TrafficClass.ANNOUNCEMENT);
        assertThat(next(read(pair.theirs())).bytes()).isEqualTo(shared.size());
      }
    }
  }

  @Test
  void framesOfTheHandshakeHave64KiBEachAndTogether() {
    try (Net net = new Net()) {
      Net.Pair one = net.connect();
      read(one.theirs());
      one.ours().send(inv(2_000), TrafficClass.CONTROL);
      assertThat(fault(one.theirs())).isEqualTo(Reason.OVERSIZE);
      Net.Pair many = net.connect();
      SinkQueueWithCancel<InboundFrame> frames = read(many.theirs());
      many.ours().send(inv(1_000), TrafficClass.CONTROL);
      assertThat(next(frames).type().name()).isEqualTo("invTransactions");
      many.ours().send(inv(1_001), TrafficClass.CONTROL);
      assertThat(fault(many.theirs())).isEqualTo(Reason.HANDSHAKE_OVERSIZE);
    }
  }

  private static Reason fault(Link link) {
    assertThat(end(link)).isInstanceOf(LinkEnd.Fault.class);
    return ((LinkEnd.Fault) end(link)).fault().reason();
  }

  @Test
  void whoSendsABrokenFrameIsToldAndClosed() {
    try (Net net = new Net(Net.LAST_WORDS)) {
      Net.Pair pair = net.connect().ready();
      read(pair.theirs());
      SinkQueueWithCancel<InboundFrame> ours = read(pair.ours());
      PayloadType unknown = PayloadType.extension(2_000, "unknown", PayloadKind.REQUEST, 11, 100);
      pair.ours()
          .send(OutboundFrame.ofExtension(unknown, ByteString.EMPTY, 0, 0), TrafficClass.CONTROL);
      assertThat(next(ours).message().getReject().getReason()).contains("UNKNOWN_PAYLOAD");
      ends(ours);
      assertThat(fault(pair.theirs())).isEqualTo(Reason.UNKNOWN_PAYLOAD);
      assertThat(end(pair.theirs()).code()).isEqualTo("fault_unknown_payload");
    }
  }

  @Test
  void aFrameTellsItsPayloadFromItsEnvelope() {
    try (Net net = new Net()) {
      Net.Pair pair = net.connect().ready();
      SinkQueueWithCancel<InboundFrame> frames = read(pair.theirs());
      KaspadMessage ping =
          KaspadMessage.newBuilder()
              .setPing(PingMessage.newBuilder().setNonce(77))
              .setResponseId(4)
              .build();
      pair.ours().send(OutboundFrame.of(ping), TrafficClass.CONTROL);
      InboundFrame frame = next(frames);
      assertThat(frame.payload()).isEqualTo(ping.getPing().toByteString());
      assertThat(frame.raw()).isEqualTo(ping.toByteString());
    }
  }

  @Test
  void extensionsBringTheirOwnPayloads() {
    PayloadType gossip = PayloadType.extension(2_000, "gossip", PayloadKind.ANNOUNCEMENT, 11, 100);
    PayloadCatalogue catalogue = PayloadCatalogue.standard().with(List.of(gossip));
    try (Net net = new Net(Net.QUICK.toBuilder().catalogue(catalogue).build())) {
      Net.Pair pair = net.connect().ready();
      SinkQueueWithCancel<InboundFrame> frames = read(pair.theirs());
      ByteString payload = ByteString.copyFromUtf8("anything at all");
      pair.ours().send(OutboundFrame.ofExtension(gossip, payload, 3, 4), TrafficClass.ANNOUNCEMENT);
      InboundFrame frame = next(frames);
      assertThat(frame.type()).isEqualTo(gossip);
      assertThat(frame.payload()).isEqualTo(payload);
      assertThat(frame.requestId()).isEqualTo(3);
      assertThat(frame.responseId()).isEqualTo(4);
      assertThat(frame.message().getPayloadCase())
          .isEqualTo(KaspadMessage.PayloadCase.PAYLOAD_NOT_SET);
    }
  }

  @Test
  void whatTheAgreedVersionDoesNotHaveIsAFault() {
    try (Net net = new Net()) {
      Net.Pair pair = net.connect().ready();
      pair.theirs().enterPhase(ConnectionPhase.READY, 10);
      read(pair.theirs());
      pair.ours()
          .send(
              OutboundFrame.of(
                  KaspadMessage.newBuilder()
                      .setTrustedDataChunksEnd(
                          kaspeer.wire.proto.TrustedDataChunksEndMessage.getDefaultInstance())
                      .build()),
              TrafficClass.ANSWER);
      assertThat(fault(pair.theirs())).isEqualTo(Reason.OTHER_VERSION);
    }
  }
}
