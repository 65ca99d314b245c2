package kaspeer.wire;

import static kaspeer.wire.PayloadKind.ANNOUNCEMENT;
import static kaspeer.wire.PayloadKind.ANSWER;
import static kaspeer.wire.PayloadKind.CREDIT;
import static kaspeer.wire.PayloadKind.LAST_WORD;
import static kaspeer.wire.PayloadKind.LEGACY;
import static kaspeer.wire.PayloadKind.REQUEST;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.jspecify.annotations.Nullable;

/**
 * Every payload type there is: those of the network (protocol reference 2.1, versions 10 and 11)
 * and those of extensions. Immutable.
 */
public final class PayloadCatalogue {
  /** Lowest protocol version that we speak. */
  public static final int MIN_VERSION = 10;

  /** Highest protocol version that we speak, and advertise. */
  public static final int MAX_VERSION = 11;

  /** A frame around a payload of a few fixed fields. */
  private static final int SMALL = 1024;

  /** Room for ids and tags around a payload. */
  private static final int ENVELOPE = 1024;

  /** A tag, a length, and a hash with its own tag and length. */
  private static final int HASH_ENTRY = 36;

  private static final int ID_LIST = WireLimits.MAX_TRANSACTION_IDS * HASH_ENTRY + ENVELOPE;
  private static final int BLOCK_REQUEST = WireLimits.MAX_REQUESTED_BLOCKS * HASH_ENTRY + ENVELOPE;
  private static final int BLOCK = WireLimits.BODY_BYTES + WireLimits.HEADER_BYTES + ENVELOPE;
  private static final int BODY = WireLimits.BODY_BYTES + ENVELOPE;
  private static final int TEXT = WireLimits.HANDSHAKE_BYTES;

  /** An address takes at most 39 bytes. */
  private static final int ADDRESSES = WireLimits.MAX_ADDRESSES * 40 + ENVELOPE;

  /** A lane takes at most 78 bytes without a proof, a proof at most 8,290. */
  private static final int LANES = WireLimits.MAX_LANE_CHUNK * 80 + 16 * 1024;

  private static final PayloadCatalogue STANDARD = new PayloadCatalogue(network());

  private final Map<Integer, PayloadType> byNumber;
  private final PayloadType[] low;
  private final Map<PayloadCase, PayloadType> byCase = new EnumMap<>(PayloadCase.class);
  private final Map<ConnectionPhase, Integer> phaseBytes = new EnumMap<>(ConnectionPhase.class);

  private PayloadCatalogue(Map<Integer, PayloadType> types) {
    byNumber = Map.copyOf(types);
    low = new PayloadType[128];
    for (PayloadType type : types.values()) {
      if (type.number() < low.length) {
        low[type.number()] = type;
      }
      if (!type.isExtension()) {
        byCase.put(type.payloadCase(), type);
      }
    }
    for (ConnectionPhase phase : ConnectionPhase.values()) {
      phaseBytes.put(
          phase, types.values().stream().mapToInt(t -> t.maxBytes(phase)).max().orElseThrow());
    }
  }

  /** The network's types alone. */
  public static PayloadCatalogue standard() {
    return STANDARD;
  }

  /**
   * This catalogue and the types of extensions.
   *
   * @throws IllegalArgumentException if a number is taken, or was once another message's
   */
  public PayloadCatalogue with(Collection<PayloadType> extensions) {
    Map<Integer, PayloadType> all = new TreeMap<>(byNumber);
    for (PayloadType extension : extensions) {
      if (!extension.isExtension()) {
        throw new IllegalArgumentException(extension + " is not the type of an extension");
      }
      if (all.putIfAbsent(extension.number(), extension) != null) {
        throw new IllegalArgumentException("two payload types with number " + extension.number());
      }
    }
    return new PayloadCatalogue(all);
  }

  /** The type with this number, if there is one. */
  public @Nullable PayloadType byNumber(int number) {
    if (number >= 0 && number < low.length) {
      return low[number];
    }
    return byNumber.get(number);
  }

  /**
   * The type of a payload of the network.
   *
   * @throws IllegalArgumentException for {@link PayloadCase#PAYLOAD_NOT_SET}
   */
  public PayloadType of(PayloadCase payloadCase) {
    PayloadType type = byCase.get(payloadCase);
    if (type == null) {
      throw new IllegalArgumentException(payloadCase + " is no payload");
    }
    return type;
  }

  /** All types, by number. */
  public List<PayloadType> types() {
    return List.copyOf(new TreeMap<>(byNumber).values());
  }

  /** The largest frame of any type in a phase, in bytes of protobuf. */
  public int maxBytes(ConnectionPhase phase) {
    return phaseBytes.getOrDefault(phase, WireLimits.HANDSHAKE_BYTES);
  }

  private static Map<Integer, PayloadType> network() {
    List<PayloadType> all = new ArrayList<>();
    handshakeAndUpkeep(all);
    relay(all);
    sync(all);
    pruningPoint(all);
    legacy(all);
    Map<Integer, PayloadType> byNumber = new HashMap<>();
    all.forEach(type -> byNumber.put(type.number(), type));
    return byNumber;
  }

  private static void handshakeAndUpkeep(List<PayloadType> all) {
    all.add(plain(PayloadCase.VERSION, "version", PayloadKind.HANDSHAKE, TEXT));
    all.add(plain(PayloadCase.VERACK, "verack", PayloadKind.HANDSHAKE, SMALL));
    all.add(plain(PayloadCase.READY, "ready", PayloadKind.HANDSHAKE, SMALL));
    all.add(plain(PayloadCase.REJECT, "reject", LAST_WORD, TEXT));
    all.add(plain(PayloadCase.REQUEST_ADDRESSES, "requestAddresses", REQUEST, SMALL));
    all.add(answer(PayloadCase.ADDRESSES, "addresses", false, ADDRESSES, 6));
    all.add(plain(PayloadCase.PING, "ping", REQUEST, SMALL));
    all.add(answer(PayloadCase.PONG, "pong", false, SMALL, 16));
  }

  private static void relay(List<PayloadType> all) {
    all.add(plain(PayloadCase.INV_RELAY_BLOCK, "invRelayBlock", ANNOUNCEMENT, SMALL));
    all.add(plain(PayloadCase.REQUEST_RELAY_BLOCKS, "requestRelayBlocks", REQUEST, BLOCK_REQUEST));
    all.add(answer(PayloadCase.BLOCK, "block", true, BLOCK, 10));
    all.add(plain(PayloadCase.REQUEST_BLOCK_LOCATOR, "requestBlockLocator", REQUEST, SMALL));
    int locator = WireLimits.MAX_LOCATOR * HASH_ENTRY + ENVELOPE;
    all.add(answer(PayloadCase.BLOCK_LOCATOR, "blockLocator", true, locator, 46));
    all.add(plain(PayloadCase.INV_TRANSACTIONS, "invTransactions", ANNOUNCEMENT, ID_LIST));
    all.add(plain(PayloadCase.REQUEST_TRANSACTIONS, "requestTransactions", REQUEST, ID_LIST));
    int transaction = WireLimits.TRANSACTION_BYTES + ENVELOPE;
    all.add(answer(PayloadCase.TRANSACTION, "transaction", false, transaction, 12));
    all.add(answer(PayloadCase.TRANSACTION_NOT_FOUND, "transactionNotFound", false, SMALL, 12));
  }

  private static void sync(List<PayloadType> all) {
    all.add(
        plain(
            PayloadCase.REQUEST_IBD_CHAIN_BLOCK_LOCATOR,
            "requestIBDChainBlockLocator",
            REQUEST,
            SMALL));
    int locator = WireLimits.MAX_CHAIN_LOCATOR * HASH_ENTRY + ENVELOPE;
    all.add(answer(PayloadCase.IBD_CHAIN_BLOCK_LOCATOR, "ibdChainBlockLocator", true, locator, 53));
    all.add(plain(PayloadCase.REQUEST_HEADERS, "requestHeaders", REQUEST, SMALL));
    all.add(plain(PayloadCase.REQUEST_NEXT_HEADERS, "requestNextHeaders", CREDIT, SMALL));
    all.add(plain(PayloadCase.REQUEST_ANTIPAST, "requestAntipast", REQUEST, SMALL));
    all.add(batch(PayloadCase.BLOCK_HEADERS, "blockHeaders", MIN_VERSION, MAX_VERSION, 45, 55));
    all.add(answer(PayloadCase.DONE_HEADERS, "doneHeaders", true, SMALL, 45, 55));
    all.add(plain(PayloadCase.REQUEST_BLOCK_BODIES, "requestBlockBodies", REQUEST, BLOCK_REQUEST));
    all.add(answer(PayloadCase.BLOCK_BODY, "blockBody", true, BODY, 58));
    all.add(plain(PayloadCase.REQUEST_IBD_BLOCKS, "requestIBDBlocks", REQUEST, BLOCK_REQUEST));
    all.add(answer(PayloadCase.IBD_BLOCK, "ibdBlock", true, BLOCK, 26));
  }

  private static void pruningPoint(List<PayloadType> all) {
    all.add(
        plain(PayloadCase.REQUEST_PRUNING_POINT_PROOF, "requestPruningPointProof", REQUEST, SMALL));
    all.add(batch(PayloadCase.PRUNING_POINT_PROOF, "pruningPointProof", 10, 10, 48));
    all.add(
        batch(
            PayloadCase.PRUNING_POINT_PROOF_CHUNK, "pruningPointProofChunk", 11, MAX_VERSION, 48));
    all.add(end(PayloadCase.PRUNING_POINT_PROOF_CHUNKS_END, "pruningPointProofChunksEnd", 48));
    all.add(
        plain(
            PayloadCase.REQUEST_PRUNING_POINT_AND_ITS_ANTICONE,
            "requestPruningPointAndItsAnticone",
            REQUEST,
            SMALL));
    all.add(batch(PayloadCase.PRUNING_POINTS, "pruningPoints", MIN_VERSION, MAX_VERSION, 40));
    all.add(batch(PayloadCase.TRUSTED_DATA, "trustedData", 10, 10, 40));
    all.add(batch(PayloadCase.TRUSTED_DATA_CHUNK, "trustedDataChunk", 11, MAX_VERSION, 40));
    all.add(end(PayloadCase.TRUSTED_DATA_CHUNKS_END, "trustedDataChunksEnd", 40));
    all.add(
        answer(PayloadCase.BLOCK_WITH_TRUSTED_DATA_V4, "blockWithTrustedDataV4", true, BLOCK, 40));
    all.add(
        plain(
            PayloadCase.REQUEST_NEXT_PRUNING_POINT_AND_ITS_ANTICONE_BLOCKS,
            "requestNextPruningPointAndItsAnticoneBlocks",
            CREDIT,
            SMALL));
    all.add(
        answer(
            PayloadCase.DONE_BLOCKS_WITH_TRUSTED_DATA,
            "doneBlocksWithTrustedData",
            true,
            SMALL,
            40));
    all.add(
        plain(
            PayloadCase.REQUEST_PRUNING_POINT_UTXO_SET,
            "requestPruningPointUTXOSet",
            REQUEST,
            SMALL));
    all.add(
        unechoedBatch(PayloadCase.PRUNING_POINT_UTXO_SET_CHUNK, "pruningPointUtxoSetChunk", 44));
    all.add(
        plain(
            PayloadCase.REQUEST_NEXT_PRUNING_POINT_UTXO_SET_CHUNK,
            "requestNextPruningPointUtxoSetChunk",
            CREDIT,
            SMALL));
    all.add(
        answer(
            PayloadCase.DONE_PRUNING_POINT_UTXO_SET_CHUNKS,
            "donePruningPointUtxoSetChunks",
            false,
            SMALL,
            44));
    all.add(
        answer(
            PayloadCase.UNEXPECTED_PRUNING_POINT, "unexpectedPruningPoint", false, SMALL, 44, 59));
    all.add(
        plain(
            PayloadCase.REQUEST_PRUNING_POINT_SMT_STATE,
            "requestPruningPointSmtState",
            REQUEST,
            SMALL));
    all.add(answer(PayloadCase.SMT_METADATA, "smtMetadata", false, SMALL, 59));
    all.add(answer(PayloadCase.SMT_LANE_CHUNK, "smtLaneChunk", false, LANES, 59));
    all.add(
        plain(
            PayloadCase.REQUEST_NEXT_PRUNING_POINT_SMT_CHUNK,
            "requestNextPruningPointSmtChunk",
            CREDIT,
            SMALL));
  }

  private static void legacy(List<PayloadType> all) {
    all.add(plain(PayloadCase.IBD_BLOCK_LOCATOR, "ibdBlockLocator", LEGACY, SMALL));
    all.add(
        plain(
            PayloadCase.IBD_BLOCK_LOCATOR_HIGHEST_HASH,
            "ibdBlockLocatorHighestHash",
            LEGACY,
            SMALL));
    all.add(
        plain(
            PayloadCase.IBD_BLOCK_LOCATOR_HIGHEST_HASH_NOT_FOUND,
            "ibdBlockLocatorHighestHashNotFound",
            LEGACY,
            SMALL));
    all.add(plain(PayloadCase.BLOCK_WITH_TRUSTED_DATA, "blockWithTrustedData", LEGACY, SMALL));
  }

  private static PayloadType plain(
      PayloadCase payloadCase, String name, PayloadKind kind, int bytes) {
    return type(payloadCase, name, kind, MIN_VERSION, MAX_VERSION, bytes, bytes, false, Set.of());
  }

  private static PayloadType answer(
      PayloadCase payloadCase, String name, boolean echoes, int bytes, Integer... requests) {
    return type(
        payloadCase,
        name,
        ANSWER,
        MIN_VERSION,
        MAX_VERSION,
        bytes,
        bytes,
        echoes,
        Set.of(requests));
  }

  private static PayloadType batch(
      PayloadCase payloadCase, String name, int min, int max, Integer... requests) {
    int ready = WireLimits.UNCHOSEN_BATCH_BYTES;
    return type(
        payloadCase, name, ANSWER, min, max, ready, WireLimits.SYNC_BYTES, true, Set.of(requests));
  }

  private static PayloadType unechoedBatch(
      PayloadCase payloadCase, String name, Integer... requests) {
    int ready = WireLimits.UNCHOSEN_BATCH_BYTES;
    int sync = WireLimits.SYNC_BYTES;
    return type(
        payloadCase, name, ANSWER, MIN_VERSION, MAX_VERSION, ready, sync, false, Set.of(requests));
  }

  private static PayloadType end(PayloadCase payloadCase, String name, Integer... requests) {
    return type(payloadCase, name, ANSWER, 11, MAX_VERSION, SMALL, SMALL, true, Set.of(requests));
  }

  private static PayloadType type(
      PayloadCase payloadCase,
      String name,
      PayloadKind kind,
      int min,
      int max,
      int ready,
      int sync,
      boolean echoes,
      Set<Integer> answers) {
    // Versions after ours are data too: what the newest one we know has, later ones are taken to
    // have.
    int last = max == MAX_VERSION ? Integer.MAX_VALUE : max;
    return new PayloadType(
        payloadCase.getNumber(), name, payloadCase, kind, min, last, ready, sync, answers, echoes);
  }
}
