package kaspeer.wire;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import kaspeer.wire.proto.KaspadMessage;
import org.jspecify.annotations.Nullable;

/**
 * What each message may hold, taken from the generated descriptors and from the tables below, in a
 * form that walking raw bytes can use without allocating.
 */
final class RawSchema {
  /** How the value of a field is read. */
  enum Kind {
    VARINT,
    MESSAGE,
    BYTES,
    HASH,
    TEXT
  }

  /**
   * One field of a message.
   *
   * @param bit in the masks of fields seen and fields required
   * @param cap most elements in one message, or in the frame if it has a counter
   * @param counter index of the frame's counter, or -1 to count in each message
   * @param slot index of the message's counter of a list
   */
  record Field(
      int number,
      String name,
      Kind kind,
      boolean list,
      int bit,
      int cap,
      int counter,
      int slot,
      @Nullable Node child) {}

  /** One message. Filled after it is made, as messages refer to each other. */
  static final class Node {
    private Field[] fields = new Field[0];
    private int required;
    private int objectBytes;
    private String name = "";

    @Nullable Field field(int number) {
      return number < fields.length ? fields[number] : null;
    }

    int required() {
      return required;
    }

    /** Heap that an object of it takes besides its texts, byte strings and child objects. */
    int objectBytes() {
      return objectBytes;
    }

    String name() {
      return name;
    }

    /** The name of the lowest field in a mask. */
    String nameOf(int mask) {
      for (Field field : fields) {
        if (field != null && (field.bit & mask) != 0) {
          return field.name;
        }
      }
      return "?";
    }
  }

  /** Lists that one message can have; more would need more counters. */
  static final int SLOTS = 4;

  /** Counters that span a frame. */
  static final int COUNTERS = 2;

  /** What protobuf puts before the fields of an object, and the list's reference to it. */
  private static final int OBJECT = 36;

  /** A field in an object: a reference or a number. */
  private static final int FIELD = 6;

  private static final int INPUTS = 0;
  private static final int OUTPUTS = 1;

  /**
   * Fields that must be there (protocol reference 2.2, "req"). A level of parents has its level,
   * which is never 0, and parents, as every block but genesis has them at every level it lists:
   * empty levels by the hundred thousand would fit into a batch of headers.
   */
  private static final Set<String> REQUIRED =
      Set.of(
          "TransactionMessage.subnetwork_id",
          "TransactionInput.previous_outpoint",
          "Outpoint.transaction_id",
          "TransactionOutput.script_public_key",
          "CovenantBinding.covenant_id",
          "BlockMessage.header",
          "BlockLevelParents.parent_hashes",
          "BlockLevelParents.cumulative_level",
          "BlockHeader.hash_merkle_root",
          "BlockHeader.accepted_id_merkle_root",
          "BlockHeader.utxo_commitment",
          "BlockHeader.pruning_point",
          "Hash.bytes",
          "TransactionId.bytes",
          "RequestBlockLocatorMessage.high_hash",
          "RequestHeadersMessage.low_hash",
          "RequestHeadersMessage.high_hash",
          "TransactionNotFoundMessage.id",
          "InvRelayBlockMessage.hash",
          "RequestPruningPointUtxoSetMessage.pruning_point_hash",
          "RequestPruningPointSmtStateMessage.pruning_point_hash",
          "OutpointAndUtxoEntryPair.outpoint",
          "OutpointAndUtxoEntryPair.utxo_entry",
          "UtxoEntry.script_public_key",
          "RequestAntipastMessage.block_hash",
          "RequestAntipastMessage.context_hash",
          "DaaBlockV4.header",
          "DaaBlockV4.ghostdag_data",
          "BlockGhostdagDataHashPair.hash",
          "BlockGhostdagDataHashPair.ghostdag_data",
          "GhostdagData.selected_parent",
          "BluesAnticoneSizes.blue_hash",
          "BlockWithTrustedDataV4Message.block");

  /** Most elements of each list there is. */
  private static final Map<String, Integer> CAPS =
      Map.ofEntries(
          Map.entry("AddressesMessage.address_list", WireLimits.MAX_ADDRESSES),
          Map.entry("TransactionMessage.inputs", WireLimits.MAX_INPUTS),
          Map.entry("TransactionMessage.outputs", WireLimits.MAX_OUTPUTS),
          Map.entry("InvTransactionsMessage.ids", WireLimits.MAX_TRANSACTION_IDS),
          Map.entry("RequestTransactionsMessage.ids", WireLimits.MAX_TRANSACTION_IDS),
          Map.entry("BlockHeader.parents", 255),
          Map.entry("BlockLevelParents.parent_hashes", 2_048),
          Map.entry("BlockMessage.transactions", WireLimits.MAX_TRANSACTIONS),
          Map.entry("BlockBodyMessage.transactions", WireLimits.MAX_TRANSACTIONS),
          Map.entry("RequestRelayBlocksMessage.hashes", WireLimits.MAX_REQUESTED_BLOCKS),
          Map.entry("RequestBlockBodiesMessage.hashes", WireLimits.MAX_REQUESTED_BLOCKS),
          Map.entry("RequestIbdBlocksMessage.hashes", WireLimits.MAX_REQUESTED_BLOCKS),
          Map.entry("BlockLocatorMessage.hashes", WireLimits.MAX_LOCATOR),
          Map.entry(
              "IbdChainBlockLocatorMessage.block_locator_hashes", WireLimits.MAX_CHAIN_LOCATOR),
          Map.entry("BlockHeadersMessage.block_headers", WireLimits.MAX_HEADERS),
          Map.entry("PruningPointsMessage.headers", WireLimits.MAX_PRUNING_POINTS),
          Map.entry("PruningPointProofMessage.headers", 256),
          Map.entry("PruningPointProofHeaderArray.headers", WireLimits.MAX_PROOF_HEADERS),
          Map.entry("PruningPointProofChunkMessage.chunk", WireLimits.MAX_PROOF_HEADERS),
          Map.entry("TrustedDataMessage.daa_window", WireLimits.MAX_PROOF_HEADERS),
          Map.entry("TrustedDataMessage.ghostdag_data", WireLimits.MAX_PROOF_HEADERS),
          Map.entry("TrustedDataChunkMessage.headers", WireLimits.MAX_PROOF_HEADERS),
          Map.entry("GhostdagData.merge_set_blues", 1_024),
          Map.entry("GhostdagData.merge_set_reds", 1_024),
          Map.entry("GhostdagData.blues_anticone_sizes", 1_024),
          Map.entry(
              "BlockWithTrustedDataV4Message.daa_window_indices", WireLimits.MAX_PROOF_HEADERS),
          Map.entry(
              "BlockWithTrustedDataV4Message.ghostdag_data_indices", WireLimits.MAX_PROOF_HEADERS),
          Map.entry(
              "PruningPointUtxoSetChunkMessage.outpoint_and_utxo_entry_pairs",
              WireLimits.MAX_UTXO_CHUNK),
          Map.entry("SmtLaneChunkMessage.entries", WireLimits.MAX_LANE_CHUNK),
          Map.entry("IbdBlockLocatorMessage.block_locator_hashes", WireLimits.MAX_LOCATOR),
          Map.entry("BlockWithTrustedDataMessage.daa_window", WireLimits.MAX_HEADERS),
          Map.entry("BlockWithTrustedDataMessage.ghostdag_data", WireLimits.MAX_HEADERS));

  private static final Set<String> HASHES = Set.of("Hash.bytes", "TransactionId.bytes");

  /** The envelope: its fields below 101 are the payloads. */
  static final Node ENVELOPE = build();

  private RawSchema() {}

  private static Node build() {
    Map<Descriptor, Node> made = new HashMap<>();
    return node(KaspadMessage.getDescriptor(), made);
  }

  private static Node node(Descriptor message, Map<Descriptor, Node> made) {
    Node known = made.get(message);
    if (known != null) {
      return known;
    }
    Node node = new Node();
    made.put(message, node);
    int highest =
        message.getFields().stream().mapToInt(FieldDescriptor::getNumber).max().orElse(-1);
    Field[] fields = new Field[highest + 1];
    int required = 0;
    int slot = 0;
    for (FieldDescriptor descriptor : message.getFields()) {
      String name = message.getName() + "." + descriptor.getName();
      boolean list = descriptor.isRepeated();
      // The envelope has more fields than a mask has bits; the walk counts its payloads itself.
      int bit = descriptor.getNumber() < 32 ? 1 << descriptor.getNumber() : 0;
      if (REQUIRED.contains(name)) {
        required |= bit;
      }
      Node child =
          descriptor.getJavaType() == JavaType.MESSAGE
              ? node(descriptor.getMessageType(), made)
              : null;
      fields[descriptor.getNumber()] =
          new Field(
              descriptor.getNumber(),
              descriptor.getName(),
              kind(descriptor, name),
              list,
              bit,
              list ? cap(name) : 1,
              counter(name),
              list ? slot : 0,
              child);
      slot += list ? 1 : 0;
    }
    if (slot > SLOTS) {
      throw new IllegalStateException(message.getName() + " has " + slot + " lists");
    }
    node.fields = fields;
    node.required = required;
    node.objectBytes = OBJECT + FIELD * message.getFields().size();
    node.name = message.getName();
    return node;
  }

  private static Kind kind(FieldDescriptor field, String name) {
    return switch (field.getType()) {
      case MESSAGE -> Kind.MESSAGE;
      case BYTES -> HASHES.contains(name) ? Kind.HASH : Kind.BYTES;
      case STRING -> Kind.TEXT;
      case BOOL, UINT32, UINT64, INT32, INT64 -> Kind.VARINT;
      default -> throw new IllegalStateException(name + " is of type " + field.getType());
    };
  }

  private static int cap(String name) {
    Integer cap = CAPS.get(name);
    if (cap == null) {
      throw new IllegalStateException("no bound for the list " + name);
    }
    return cap;
  }

  private static int counter(String name) {
    return switch (name) {
      case "TransactionMessage.inputs" -> INPUTS;
      case "TransactionMessage.outputs" -> OUTPUTS;
      default -> -1;
    };
  }
}
