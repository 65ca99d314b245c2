package kaspeer.cluster.wire;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import kaspeer.cluster.proto.AddressNews;
import kaspeer.cluster.proto.AskPeers;
import kaspeer.cluster.proto.Attach;
import kaspeer.cluster.proto.Attached;
import kaspeer.cluster.proto.BlockPush;
import kaspeer.cluster.proto.BlockTaken;
import kaspeer.cluster.proto.Detach;
import kaspeer.cluster.proto.Dropped;
import kaspeer.cluster.proto.Facts;
import kaspeer.cluster.proto.More;
import kaspeer.cluster.proto.News;
import kaspeer.cluster.proto.PeerLeft;
import kaspeer.cluster.proto.PeersTold;
import kaspeer.cluster.proto.Piece;
import kaspeer.cluster.proto.Resync;
import kaspeer.cluster.proto.SyncHint;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Everything that members send each other, under names that no change of a class's name changes.
 * Nothing else crosses.
 */
public final class ClusterSerializer extends SerializerWithStringManifest {
  /** Part of the format, as the manifests are. */
  public static final int IDENTIFIER = 16_111;

  /**
   * Most bytes of one message. What may be larger goes in parts; senders check before they send.
   */
  public static final int MAX_BYTES = 256 << 10;

  /** Of the questions and answers of an edge and its core, which must have the same. */
  public static final int SESSION_VERSION = 1;

  private record Kind(String manifest, Class<? extends MessageLite> type, Parser<?> parser) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind("facts.1", Facts.class, Facts.parser()),
          new Kind("attach.1", Attach.class, Attach.parser()),
          new Kind("attached.1", Attached.class, Attached.parser()),
          new Kind("detach.1", Detach.class, Detach.parser()),
          new Kind("piece.1", Piece.class, Piece.parser()),
          new Kind("more.1", More.class, More.parser()),
          new Kind("dropped.1", Dropped.class, Dropped.parser()),
          new Kind("peer-left.1", PeerLeft.class, PeerLeft.parser()),
          new Kind("resync.1", Resync.class, Resync.parser()),
          new Kind("news.1", News.class, News.parser()),
          new Kind("sync-hint.1", SyncHint.class, SyncHint.parser()),
          new Kind("addresses.1", AddressNews.class, AddressNews.parser()),
          new Kind("ask-peers.1", AskPeers.class, AskPeers.parser()),
          new Kind("peers.1", PeersTold.class, PeersTold.parser()),
          new Kind("block-push.1", BlockPush.class, BlockPush.parser()),
          new Kind("block-taken.1", BlockTaken.class, BlockTaken.parser()));

  private static final Map<Class<?>, Kind> BY_TYPE =
      KINDS.stream().collect(Collectors.toMap(Kind::type, Function.identity()));
  private static final Map<String, Kind> BY_MANIFEST =
      KINDS.stream().collect(Collectors.toMap(Kind::manifest, Function.identity()));

  /** The names of the classes that cross, for the actor system's settings. */
  public static List<String> types() {
    return KINDS.stream().map(kind -> kind.type.getName()).toList();
  }

  /** Manifests by class. */
  static Map<Class<?>, String> manifests() {
    return KINDS.stream().collect(Collectors.toMap(Kind::type, Kind::manifest));
  }

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object message) {
    return kind(message).manifest;
  }

  @Override
  public byte[] toBinary(Object message) {
    kind(message);
    byte[] bytes = ((MessageLite) message).toByteArray();
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          message.getClass().getSimpleName() + " of " + bytes.length + " bytes");
    }
    return bytes;
  }

  private static Kind kind(Object message) {
    Kind kind = BY_TYPE.get(message.getClass());
    if (kind == null) {
      throw new IllegalArgumentException(message.getClass() + " does not cross between members");
    }
    return kind;
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    Kind kind = BY_MANIFEST.get(manifest);
    if (kind == null) {
      throw new NotSerializableException("unknown manifest " + manifest);
    }
    if (bytes.length > MAX_BYTES) {
      throw new NotSerializableException(manifest + " of " + bytes.length + " bytes");
    }
    try {
      return kind.parser.parseFrom(bytes);
    } catch (IOException malformed) {
      throw new NotSerializableException(manifest + ": " + malformed.getMessage());
    }
  }
}
