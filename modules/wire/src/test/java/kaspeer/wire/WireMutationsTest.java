package kaspeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import java.util.List;
import java.util.Random;
import kaspeer.primitives.Block;
import kaspeer.primitives.Header;
import kaspeer.wire.proto.BlockHeadersMessage;
import kaspeer.wire.proto.KaspadMessage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/**
 * Messages that were valid and are so no longer: what the raw check lets pass is decoded, and is
 * converted or refused with the converters' own error; nothing else is ever thrown.
 */
class WireMutationsTest {
  private static final Parser<KaspadMessage> PARSER =
      DiscardUnknownFieldsParser.wrap(KaspadMessage.parser());

  private final RawCheck check = new RawCheck(PayloadCatalogue.standard());

  /** Messages that convert, one of a kind. */
  private static KaspadMessage valid(Random random) {
    KaspadMessage.Builder message = KaspadMessage.newBuilder().setRequestId(random.nextInt());
    Header header = ConvertersTest.header(random);
    return switch (random.nextInt(8)) {
      case 0 ->
          message
              .setBlockHeaders(
                  BlockHeadersMessage.newBuilder()
                      .addAllBlockHeaders(Headers.toWire(List.of(header, header))))
              .build();
      case 1 ->
          message
              .setBlock(
                  Blocks.toWire(new Block(header, List.of(ConvertersTest.transaction(random)))))
              .build();
      case 2 ->
          message
              .setBlockBody(Blocks.bodyToWire(List.of(ConvertersTest.transaction(random))))
              .build();
      case 3 ->
          message.setTransaction(Transactions.toWire(ConvertersTest.transaction(random))).build();
      case 4 -> message.setAddresses(WireSamples.addresses(random)).build();
      case 5 -> message.setVersion(WireSamples.version(random).toWire()).build();
      case 6 ->
          message
              .setInvRelayBlock(
                  kaspeer.wire.proto.InvRelayBlockMessage.newBuilder()
                      .setHash(Hashes.toWire(ConvertersTest.hash(random))))
              .build();
      default ->
          message
              .setInvTransactions(
                  kaspeer.wire.proto.InvTransactionsMessage.newBuilder()
                      .addAllIds(Hashes.toWireIds(List.of(ConvertersTest.hash(random)))))
              .build();
    };
  }

  /** Some bytes replaced, left out, repeated or moved. */
  static byte[] mutated(byte[] bytes, Random random) {
    byte[] mutant = bytes.clone();
    for (int i = random.nextInt(4); i >= 0 && mutant.length > 0; i--) {
      int at = random.nextInt(mutant.length);
      switch (random.nextInt(5)) {
        case 0 -> mutant[at] = (byte) random.nextInt();
        case 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> mutant[at] += (byte) (random.nextBoolean() ? 1 : -1);
        case 3 -> mutant = java.util.Arrays.copyOf(mutant, at);
        default -> {
          int length = random.nextInt(mutant.length - at);
          System.arraycopy(mutant, random.nextInt(at + 1), mutant, at, length);
        }
      }
    }
    return mutant;
  }

  private static void convert(KaspadMessage message) throws ConversionException {
    switch (message.getPayloadCase()) {
      case BLOCK_HEADERS -> Headers.fromWire(message.getBlockHeaders().getBlockHeadersList());
      case BLOCK -> Blocks.fromWire(message.getBlock());
      case IBD_BLOCK -> Blocks.fromWire(message.getIbdBlock());
      case BLOCK_BODY -> Blocks.bodyFromWire(message.getBlockBody().toByteString());
      case TRANSACTION -> Transactions.fromWire(message.getTransaction());
      case ADDRESSES -> NetAddresses.fromWire(message.getAddresses());
      case VERSION -> VersionInfo.fromWire(message.getVersion());
      case INV_RELAY_BLOCK -> Hashes.fromWire(message.getInvRelayBlock().getHash());
      case INV_TRANSACTIONS -> Hashes.fromWireIds(message.getInvTransactions().getIdsList());
      case REQUEST_TRANSACTIONS ->
          Hashes.fromWireIds(message.getRequestTransactions().getIdsList());
      default -> {
        // A payload of another type by a mutated number: hashes and numbers only.
      }
    }
  }

  /** Whether a frame passed all three, the check, the decoder and the converter. */
  private boolean passes(byte[] frame) throws InvalidProtocolBufferException {
    if (!(check.check(frame, 0, frame.length, ConnectionPhase.READY, 11)
        instanceof RawCheck.Checked)) {
      return false;
    }
    try {
      convert(PARSER.parseFrom(frame));
      return true;
    } catch (ConversionException refused) {
      return false;
    }
  }

  @Property(tries = 20_000)
  void whatPassesTheCheckIsConvertedOrRefusedByType(@ForAll long seed)
      throws InvalidProtocolBufferException {
    Random random = new Random(seed);
    byte[] frame = valid(random).toByteArray();
    assertThat(passes(frame)).isTrue();
    passes(mutated(frame, random));
  }

  /** Else the property above would see refused frames only. */
  @Test
  void someMutationsPassAndSomeDoNot() throws InvalidProtocolBufferException {
    Random random = new Random(5);
    int passed = 0;
    for (int i = 0; i < 4_000; i++) {
      passed += passes(mutated(valid(random).toByteArray(), random)) ? 1 : 0;
    }
    assertThat(passed).isBetween(200, 3_800);
  }
}
