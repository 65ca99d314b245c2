package kaspeer.conformance.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import kaspeer.wire.Blocks;
import kaspeer.wire.ConnectionPhase;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.Headers;
import kaspeer.wire.NetAddresses;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.RawCheck;
import kaspeer.wire.Transactions;
import kaspeer.wire.VersionInfo;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our wire against bytes that kaspad 2.1.0 wrote (see {@link GoldenRecorder}). */
class GoldenMessagesTest {
  /** What two kaspads say to each other on a network that has pruned nothing yet. */
  static final Set<PayloadCase> RECORDED =
      EnumSet.of(
          PayloadCase.ADDRESSES,
          PayloadCase.BLOCK,
          PayloadCase.TRANSACTION,
          PayloadCase.BLOCK_LOCATOR,
          PayloadCase.REQUEST_ADDRESSES,
          PayloadCase.REQUEST_RELAY_BLOCKS,
          PayloadCase.REQUEST_TRANSACTIONS,
          PayloadCase.IBD_BLOCK,
          PayloadCase.INV_RELAY_BLOCK,
          PayloadCase.INV_TRANSACTIONS,
          PayloadCase.PING,
          PayloadCase.PONG,
          PayloadCase.VERACK,
          PayloadCase.VERSION,
          PayloadCase.TRANSACTION_NOT_FOUND,
          PayloadCase.REJECT,
          PayloadCase.BLOCK_HEADERS,
          PayloadCase.REQUEST_NEXT_HEADERS,
          PayloadCase.DONE_HEADERS,
          PayloadCase.REQUEST_HEADERS,
          PayloadCase.REQUEST_BLOCK_LOCATOR,
          PayloadCase.READY,
          PayloadCase.REQUEST_IBD_CHAIN_BLOCK_LOCATOR,
          PayloadCase.IBD_CHAIN_BLOCK_LOCATOR,
          PayloadCase.REQUEST_ANTIPAST,
          PayloadCase.BLOCK_BODY,
          PayloadCase.REQUEST_BLOCK_BODIES);

  static Stream<GoldenMessage> all() {
    return GoldenMessage.all().stream();
  }

  static Stream<GoldenMessage> withHashes() {
    return all().filter(golden -> !golden.hashes().isEmpty());
  }

  private static KaspadMessage parse(GoldenMessage golden) throws InvalidProtocolBufferException {
    return KaspadMessage.parseFrom(golden.bytes());
  }

  @Test
  void everyTypeIsThere() {
    assertThat(
            all()
                .map(golden -> golden.name().substring(3, golden.name().length() - 2))
                .collect(Collectors.toSet()))
        .containsAll(RECORDED.stream().map(type -> type.name().toLowerCase(Locale.ROOT)).toList());
  }

  @ParameterizedTest
  @MethodSource("all")
  void theCheckOfRawBytesLetsItPass(GoldenMessage golden) throws InvalidProtocolBufferException {
    KaspadMessage message = parse(golden);
    boolean handshake = message.hasVersion() || message.hasVerack() || message.hasReady();
    RawCheck.Result result =
        new RawCheck(PayloadCatalogue.standard())
            .check(
                golden.bytes(),
                0,
                golden.bytes().length,
                handshake ? ConnectionPhase.HANDSHAKE : ConnectionPhase.READY,
                11);
    assertThat(result).isInstanceOf(RawCheck.Checked.class);
    RawCheck.Checked checked = (RawCheck.Checked) result;
    assertThat(checked.type().payloadCase()).isEqualTo(message.getPayloadCase());
    assertThat(checked.requestId()).isEqualTo(message.getRequestId());
    assertThat(checked.responseId()).isEqualTo(message.getResponseId());
  }

  @ParameterizedTest
  @MethodSource("all")
  void itHasNothingThatWeDoNotKnow(GoldenMessage golden) throws InvalidProtocolBufferException {
    assertThat(parse(golden).getPayloadCase()).isNotEqualTo(PayloadCase.PAYLOAD_NOT_SET);
    assertThat(parse(golden).toString())
        .as("fields without a name")
        .doesNotContainPattern("(?m)^\\s*\\d+[:{ ]");
  }

  @ParameterizedTest
  @MethodSource("all")
  void weWouldWriteTheSameBytes(GoldenMessage golden)
      throws InvalidProtocolBufferException, ConversionException {
    KaspadMessage message = parse(golden);
    KaspadMessage.Builder ours =
        KaspadMessage.newBuilder()
            .setRequestId(message.getRequestId())
            .setResponseId(message.getResponseId());
    MessageLite payload = throughPrimitives(message);
    ours.setField(
        KaspadMessage.getDescriptor().findFieldByNumber(message.getPayloadCase().getNumber()),
        payload);
    HexFormat hex = HexFormat.of();
    assertThat(hex.formatHex(ours.build().toByteArray())).isEqualTo(hex.formatHex(golden.bytes()));
  }

  /** The payload, converted to what we compute with and back. */
  private static MessageLite throughPrimitives(KaspadMessage message) throws ConversionException {
    return switch (message.getPayloadCase()) {
      case VERSION -> VersionInfo.fromWire(message.getVersion()).toWire();
      case ADDRESSES -> NetAddresses.toWire(NetAddresses.fromWire(message.getAddresses()));
      case BLOCK -> Blocks.toWire(Blocks.fromWire(message.getBlock()));
      case IBD_BLOCK -> Blocks.toWire(Blocks.fromWire(message.getIbdBlock()));
      case BLOCK_BODY ->
          Blocks.bodyToWire(Blocks.bodyFromWire(message.getBlockBody().toByteString()));
      case TRANSACTION -> Transactions.toWire(Transactions.fromWire(message.getTransaction()));
      case BLOCK_HEADERS ->
          message.getBlockHeaders().toBuilder()
              .clearBlockHeaders()
              .addAllBlockHeaders(
                  Headers.toWire(Headers.fromWire(message.getBlockHeaders().getBlockHeadersList())))
              .build();
      case INV_RELAY_BLOCK ->
          message.getInvRelayBlock().toBuilder()
              .setHash(Hashes.toWire(Hashes.fromWire(message.getInvRelayBlock().getHash())))
              .build();
      case IBD_CHAIN_BLOCK_LOCATOR ->
          message.getIbdChainBlockLocator().toBuilder()
              .clearBlockLocatorHashes()
              .addAllBlockLocatorHashes(
                  Hashes.toWire(
                      Hashes.fromWire(
                          message.getIbdChainBlockLocator().getBlockLocatorHashesList())))
              .build();
      case INV_TRANSACTIONS ->
          message.getInvTransactions().toBuilder()
              .clearIds()
              .addAllIds(
                  Hashes.toWireIds(Hashes.fromWireIds(message.getInvTransactions().getIdsList())))
              .build();
      default ->
          (MessageLite)
              message.getField(
                  KaspadMessage.getDescriptor()
                      .findFieldByNumber(message.getPayloadCase().getNumber()));
    };
  }

  @ParameterizedTest
  @MethodSource("withHashes")
  void whatIsInItHasTheHashThatKaspadGivesIt(GoldenMessage golden)
      throws InvalidProtocolBufferException, ConversionException {
    KaspadMessage message = parse(golden);
    List<Hash> ours =
        switch (message.getPayloadCase()) {
          case BLOCK -> List.of(hash(Blocks.fromWire(message.getBlock())));
          case IBD_BLOCK -> List.of(hash(Blocks.fromWire(message.getIbdBlock())));
          case BLOCK_HEADERS ->
              Headers.fromWire(message.getBlockHeaders().getBlockHeadersList()).stream()
                  .map(Header::hash)
                  .toList();
          case BLOCK_BODY ->
              Blocks.bodyFromWire(message.getBlockBody().toByteString()).stream()
                  .map(Transaction::id)
                  .toList();
          case BLOCK_LOCATOR ->
              List.of(Hashes.fromWire(message.getBlockLocator().getHashesList()).getFirst());
          case TRANSACTION_NOT_FOUND ->
              List.of(Hashes.fromWire(message.getTransactionNotFound().getId()));
          default -> throw new AssertionError("no hashes are known to be in " + golden);
        };
    assertThat(ours.stream().map(Hash::toString)).isEqualTo(golden.hashes());
  }

  private static Hash hash(Block block) {
    return block.header().hash();
  }

  @Test
  void relayedTransactionsHaveTheIdsThatTheyWereAskedForBy()
      throws InvalidProtocolBufferException, ConversionException {
    List<Hash> asked = List.of();
    for (GoldenMessage golden : GoldenMessage.all()) {
      if (golden.name().equals("12-request_transactions-1")) {
        asked = Hashes.fromWireIds(parse(golden).getRequestTransactions().getIdsList());
      }
    }
    int sent = 0;
    for (GoldenMessage golden : GoldenMessage.all()) {
      if (golden.name().startsWith("03-")) {
        assertThat(Transactions.fromWire(parse(golden).getTransaction()).id())
            .isEqualTo(asked.get(sent++));
      }
    }
    assertThat(sent).isEqualTo(2);
  }
}
