package kaspeer.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.typesafe.config.ConfigFactory;
import java.io.NotSerializableException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import kaspeer.cluster.proto.AddressNews;
import kaspeer.cluster.proto.AskPeers;
import kaspeer.cluster.proto.Attach;
import kaspeer.cluster.proto.Attached;
import kaspeer.cluster.proto.BlockPush;
import kaspeer.cluster.proto.BlockTaken;
import kaspeer.cluster.proto.Detach;
import kaspeer.cluster.proto.Dropped;
import kaspeer.cluster.proto.Facts;
import kaspeer.cluster.proto.HashList;
import kaspeer.cluster.proto.More;
import kaspeer.cluster.proto.News;
import kaspeer.cluster.proto.PeerLeft;
import kaspeer.cluster.proto.PeerLine;
import kaspeer.cluster.proto.PeersTold;
import kaspeer.cluster.proto.Piece;
import kaspeer.cluster.proto.Resync;
import kaspeer.cluster.proto.State;
import kaspeer.cluster.proto.SyncHint;
import org.junit.jupiter.api.Test;

/** Members of two versions must understand each other: these bytes never change. */
final class ClusterSerializerTest {
  private static final long SESSION = 0x0102030405060708L;

  private final ClusterSerializer serializer = new ClusterSerializer();

  /** One message of each kind with the bytes that stand for it. */
  private static Map<MessageLite, String> golden() {
    Map<MessageLite, String> golden = new LinkedHashMap<>();
    golden.put(
        Facts.newBuilder()
            .setAddress("10.0.0.1:7355")
            .setIdentity(Wire.bytes(new UUID(1, 2)))
            .setMemberId(Wire.bytes(new UUID(3, 4)))
            .setCore(true)
            .setP2PAddress("10.0.0.1:16111")
            .setPeers(5)
            .setDag("10.0.0.1:7355")
            .setSynced(true)
            .setDaaScore(300)
            .setLeaving(true)
            .setNetwork("simnet")
            .build(),
        "facts.1 0a0d31302e302e302e313a37333535121000000000000000010000000000000002"
            + "1a1000000000000000030000000000000004"
            + "20012a0e31302e302e302e313a31363131313005"
            + "3a0d31302e302e302e313a37333535400148ac0250015a0673696d6e6574");
    golden.put(
        Attach.newBuilder().setEdge("e").setSession(SESSION).setVersion(1).build(),
        "attach.1 0a01651108070605040302011801");
    golden.put(
        Attached.newBuilder()
            .setSession(SESSION)
            .setCore("c")
            .setState(State.newBuilder().setHeaders(9))
            .setSynced(true)
            .build(),
        "attached.1 0908070605040302011201631a0208092001");
    golden.put(
        Detach.newBuilder().setSession(SESSION).setReason("r").build(),
        "detach.1 090807060504030201120172");
    golden.put(
        Piece.newBuilder()
            .setSession(SESSION)
            .setId(1)
            .setTotal(4)
            .setOffset(2)
            .setData(ByteString.copyFrom(new byte[] {5, 6}))
            .build(),
        "piece.1 090807060504030201100118042002" + "2a020506");
    golden.put(
        More.newBuilder().setSession(SESSION).setId(1).build(), "more.1 0908070605040302011001");
    golden.put(
        Dropped.newBuilder().setSession(SESSION).setId(1).build(),
        "dropped.1 0908070605040302011001");
    golden.put(
        PeerLeft.newBuilder().setSession(SESSION).setPeer(3).build(),
        "peer-left.1 0908070605040302011003");
    golden.put(Resync.newBuilder().setSession(SESSION).build(), "resync.1 090807060504030201");
    golden.put(
        News.newBuilder()
            .setSession(SESSION)
            .setSequence(2)
            .setAnnounced(HashList.newBuilder().addHashes(ByteString.copyFrom(new byte[] {1})))
            .setSynced(true)
            .build(),
        "news.1 090807060504030201100232030a01014801");
    golden.put(SyncHint.newBuilder().setAddress("a").build(), "sync-hint.1 0a0161");
    golden.put(AddressNews.newBuilder().addAddresses("a").build(), "addresses.1 0a0161");
    golden.put(AskPeers.newBuilder().setReplyTo("r").build(), "ask-peers.1 0a0172");
    golden.put(
        PeersTold.newBuilder()
            .setMember("m")
            .addPeers(
                PeerLine.newBuilder()
                    .setConnection(1)
                    .setAddress("a")
                    .setOutbound(true)
                    .setUserAgent("u")
                    .setProtocolVersion(10)
                    .setConnectedAt(2)
                    .setPermanent(true)
                    .setId(ByteString.copyFrom(new byte[] {3}))
                    .setAdvertisedVersion(11)
                    .setTimeOffset(-1)
                    .setRelaysTransactions(true))
            .setOmitted(4)
            .build(),
        "peers.1 0a016d1219"
            + "0801120161180122017528"
            + "0a30023801"
            + "420103480b50015801"
            + "1804");
    golden.put(
        BlockPush.newBuilder()
            .setFrom("a")
            .setNumber(2)
            .setBlock(ByteString.copyFrom(new byte[] {5, 6}))
            .build(),
        "block-push.1 0a016110021a020506");
    golden.put(BlockTaken.newBuilder().setBy("b").setNumber(3).build(), "block-taken.1 0a01621003");
    return golden;
  }

  @Test
  void everyMessageHasItsManifestAndItsBytes() throws NotSerializableException {
    Map<MessageLite, String> golden = golden();
    for (Map.Entry<MessageLite, String> entry : golden.entrySet()) {
      MessageLite message = entry.getKey();
      String manifest = serializer.manifest(message);
      byte[] bytes = serializer.toBinary(message);
      assertThat(manifest + " " + HexFormat.of().formatHex(bytes)).isEqualTo(entry.getValue());
      assertThat(serializer.fromBinary(bytes, manifest)).isEqualTo(message);
    }
    assertThat(golden.keySet().stream().map(Object::getClass))
        .as("none is without golden bytes")
        .containsExactlyInAnyOrderElementsOf(ClusterSerializer.manifests().keySet());
    assertThat(serializer.identifier()).isEqualTo(16_111);
  }

  @Test
  void whatIsTooLargeIsRefusedByWhoeverSendsIt() {
    Piece huge = Piece.newBuilder().setData(ByteString.copyFrom(new byte[300_000])).build();
    assertThatThrownBy(() -> serializer.toBinary(huge)).hasMessageContaining("bytes");
    assertThatThrownBy(() -> serializer.fromBinary(huge.toByteArray(), "piece.1"))
        .isInstanceOf(NotSerializableException.class);
  }

  @Test
  void nothingElseCrosses() {
    assertThatThrownBy(() -> serializer.toBinary("text"))
        .hasMessageContaining("does not cross between members");
    assertThatThrownBy(() -> serializer.manifest(HashList.getDefaultInstance()))
        .hasMessageContaining("does not cross between members");
    assertThatThrownBy(() -> serializer.fromBinary(new byte[0], "facts.9"))
        .isInstanceOf(NotSerializableException.class);
    var config =
        ConfigFactory.parseResources(getClass().getClassLoader(), "kaspeer/cluster/cluster.conf");
    assertThat(config.getBoolean("pekko.actor.allow-java-serialization")).isFalse();
  }
}
