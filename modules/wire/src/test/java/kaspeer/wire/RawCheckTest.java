package kaspeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import kaspeer.wire.WireFault.Reason;
import kaspeer.wire.proto.AddressesMessage;
import kaspeer.wire.proto.BlockHeadersMessage;
import kaspeer.wire.proto.Hash;
import kaspeer.wire.proto.InvRelayBlockMessage;
import kaspeer.wire.proto.InvTransactionsMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.NetAddress;
import kaspeer.wire.proto.PingMessage;
import kaspeer.wire.proto.RequestRelayBlocksMessage;
import kaspeer.wire.proto.TransactionId;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawCheckTest {
  private static final int VERSION = 11;

  private final RawCheck check = new RawCheck(PayloadCatalogue.standard());

  private RawCheck.Result ready(byte[] frame) {
    return check.check(frame, 0, frame.length, ConnectionPhase.READY, VERSION);
  }

  private void refused(byte[] frame, Reason reason) {
    assertThat(ready(frame))
        .isInstanceOfSatisfying(WireFault.class, f -> assertThat(f.reason()).isEqualTo(reason));
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  @Test
  void aFrameYieldsItsTypeIdsAndPayload() {
    byte[] frame =
        KaspadMessage.newBuilder()
            .setRequestId(-2)
            .setResponseId(7)
            .setPing(PingMessage.newBuilder().setNonce(5))
            .build()
            .toByteArray();
    RawCheck.Checked checked = (RawCheck.Checked) ready(frame);
    assertThat(checked.type().name()).isEqualTo("ping");
    assertThat(checked.requestId()).isEqualTo(-2);
    assertThat(checked.responseId()).isEqualTo(7);
    int to = checked.payloadOffset() + checked.payloadLength();
    assertThat(Arrays.copyOfRange(frame, checked.payloadOffset(), to)).isEqualTo(hex("0805"));
  }

  @Test
  void bytesAroundTheFrameAreNotLookedAt() {
    byte[] frame = hex("ffff 8201 02 0805 ffff");
    assertThat(check.check(frame, 2, 5, ConnectionPhase.READY, VERSION))
        .isInstanceOf(RawCheck.Checked.class);
  }

  @ParameterizedTest
  @CsvSource({
    "'', NO_PAYLOAD",
    "B00605, NO_PAYLOAD",
    "82, TRUNCATED",
    "8201, TRUNCATED",
    "82010308, TRUNCATED",
    "820104080502, TRUNCATED",
    "8201020888, TRUNCATED",
    "80808080808080808001, BAD_TAG",
    "8080808080808080808001, BAD_VARINT",
    "ffffffffffffffffff7f, BAD_VARINT",
    "820102 0005, BAD_TAG",
    "820102 0705, BAD_TAG",
    "8201ffffffff0f, BAD_LENGTH",
    "8201ffffffffffffffffff01, BAD_LENGTH",
    "82018080808008, BAD_LENGTH",
    "8201ffffffff07, TRUNCATED",
    "B00408, NO_PAYLOAD",
    "800108, BAD_WIRE_TYPE",
    "B206020805, BAD_WIRE_TYPE",
    "82010208058001 05, BAD_WIRE_TYPE",
    "8101 0102030405060708 8201020805, BAD_WIRE_TYPE",
    "0d 01020304 8201020805, BAD_WIRE_TYPE",
    "860105, BAD_WIRE_TYPE",
    "8201020a00, BAD_WIRE_TYPE",
    "8201050d01020304, BAD_WIRE_TYPE",
    "8301, GROUP",
    "820102130c, GROUP",
    "820102 0b0c, GROUP",
    "820104 1b1b1c1c, GROUP",
    "22020805, UNKNOWN_PAYLOAD",
    "f203020805, UNKNOWN_PAYLOAD",
    "ca3e020805, UNKNOWN_PAYLOAD",
    "f20100, LEGACY_PAYLOAD",
    "a20200, LEGACY_PAYLOAD",
    "820102 0805 9a0100, SECOND_PAYLOAD",
    "820102 0805 820102 0805, SECOND_PAYLOAD",
    "820104 0805 0806, REPEATED_FIELD",
    "7200, MISSING_FIELD",
    "72020a00, MISSING_FIELD",
    "72040a020a00, BAD_HASH",
    "b201030a01ff, BAD_TEXT",
    "b201040a02c080, BAD_TEXT"
  })
  void brokenFramesAreRefusedForTheirReason(String frame, Reason reason) {
    refused(hex(frame), reason);
  }

  @Test
  void unknownFieldsAreSteppedOver() {
    // A number, eight bytes, four bytes and a string that no ping has.
    byte[] frame =
        hex("8201 17 0805 1005 190102030405060708 2501020304 2a020102".replace("17", "16"));
    assertThat(ready(frame)).isInstanceOf(RawCheck.Checked.class);
  }

  @Test
  void aPayloadMustExistInTheAgreedVersion() {
    byte[] chunk =
        KaspadMessage.newBuilder()
            .setPruningPointProofChunksEnd(
                kaspeer.wire.proto.PruningPointProofChunksEndMessage.getDefaultInstance())
            .build()
            .toByteArray();
    assertThat(ready(chunk)).isInstanceOf(RawCheck.Checked.class);
    assertThat(check.check(chunk, 0, chunk.length, ConnectionPhase.READY, 10))
        .isInstanceOfSatisfying(
            WireFault.class, f -> assertThat(f.reason()).isEqualTo(Reason.OTHER_VERSION));
    byte[] whole =
        KaspadMessage.newBuilder()
            .setPruningPointProof(kaspeer.wire.proto.PruningPointProofMessage.getDefaultInstance())
            .build()
            .toByteArray();
    refused(whole, Reason.OTHER_VERSION);
    assertThat(check.check(whole, 0, whole.length, ConnectionPhase.SYNC, 10))
        .isInstanceOf(RawCheck.Checked.class);
  }

  @Test
  void aHandshakeFrameHasAtMost64KiB() {
    byte[] frame = inv(2_000);
    assertThat(ready(frame)).isInstanceOf(RawCheck.Checked.class);
    assertThat(check.check(frame, 0, frame.length, ConnectionPhase.HANDSHAKE, 0))
        .isInstanceOfSatisfying(
            WireFault.class, f -> assertThat(f.reason()).isEqualTo(Reason.OVERSIZE));
  }

  @Test
  void aFrameLargerThanItsTypeMayBeIsRefused() {
    byte[] frame =
        KaspadMessage.newBuilder()
            .setPing(PingMessage.newBuilder().setNonce(1))
            .setUnknownFields(
                com.google.protobuf.UnknownFieldSet.newBuilder()
                    .addField(
                        200,
                        com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                            .addFixed64(1)
                            .build())
                    .build())
            .build()
            .toByteArray();
    assertThat(ready(frame)).isInstanceOf(RawCheck.Checked.class);
    byte[] padded = Arrays.copyOf(frame, 2_000);
    // Field 200 again and again, as eight bytes.
    for (int pos = frame.length; pos + 10 <= padded.length; pos += 10) {
      System.arraycopy(frame, frame.length - 10, padded, pos, 10);
    }
    refused(Arrays.copyOf(padded, frame.length + 150 * 10), Reason.OVERSIZE);
  }

  @Test
  void batchesOfHeadersAreLargerOnlyFromThePeerChosenForSync() {
    PayloadType headers = PayloadCatalogue.standard().of(KaspadMessage.PayloadCase.BLOCK_HEADERS);
    byte[] frame = new byte[WireLimits.UNCHOSEN_BATCH_BYTES + 1];
    Arrays.fill(frame, (byte) 0x08);
    frame[0] = (byte) (headers.number() << 3 & 0x7F | 2 | 0x80);
    frame[1] = (byte) (headers.number() >>> 4);
    refused(frame, Reason.OVERSIZE);
    RawCheck.Result sync = check.check(frame, 0, frame.length, ConnectionPhase.SYNC, VERSION);
    assertThat(((WireFault) sync).reason()).isNotEqualTo(Reason.OVERSIZE);
  }

  /** Of each list, four million empty elements or as many as fit. */
  @ParameterizedTest
  @CsvSource({
    "41, 1", "57, 1", "1, 1", "25, 1", "10, 1", "15, 1", "2, 2", "47, 1", "61, 1", "66, 1", "64, 1"
  })
  void emptyElementsByTheMillionAreRefusedBeforeTheyCostAnything(int payload, int list) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    PayloadType type = Objects.requireNonNull(PayloadCatalogue.standard().byNumber(payload));
    int most = type.maxBytes(ConnectionPhase.READY) - 16;
    for (int i = 0; i < Math.min(4_000_000, most / 2); i++) {
      body.write(list << 3 | 2);
      body.write(0);
    }
    RawCheck.Result result = ready(frame(payload, body.toByteArray()));
    assertThat(result).isInstanceOf(WireFault.class);
    assertThat(((WireFault) result).reason()).isIn(Reason.TOO_MANY_ELEMENTS, Reason.MISSING_FIELD);
  }

  @Test
  void listsEndAtTheirCaps() {
    assertThat(ready(inv(WireLimits.MAX_TRANSACTION_IDS))).isInstanceOf(RawCheck.Checked.class);
    refused(inv(WireLimits.MAX_TRANSACTION_IDS + 1), Reason.TOO_MANY_ELEMENTS);
    assertThat(ready(addresses(WireLimits.MAX_ADDRESSES))).isInstanceOf(RawCheck.Checked.class);
    refused(addresses(WireLimits.MAX_ADDRESSES + 1), Reason.TOO_MANY_ELEMENTS);
    assertThat(ready(blocks(WireLimits.MAX_REQUESTED_BLOCKS))).isInstanceOf(RawCheck.Checked.class);
    refused(blocks(WireLimits.MAX_REQUESTED_BLOCKS + 1), Reason.TOO_MANY_ELEMENTS);
  }

  /** A batch of headers with levels of parents that hold the given bytes, as many as fit. */
  private static byte[] headersOfLevels(String level) {
    byte[] hash = hex("0a20" + "11".repeat(32));
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    for (int i = 0; i < 255; i++) {
      header.write(12 << 3 | 2);
      header.write(level.length() / 2);
      header.writeBytes(hex(level));
    }
    for (int field : new int[] {3, 4, 5, 14}) {
      header.write(field << 3 | 2);
      header.write(hash.length);
      header.writeBytes(hash);
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int i = 0; i < 2_000; i++) {
      body.write(0x0a);
      varint(body, header.size());
      body.writeBytes(header.toByteArray());
    }
    return frame(41, body.toByteArray());
  }

  @Test
  void aLevelOfParentsHasItsLevelAndParents() {
    refused(headersOfLevels(""), Reason.MISSING_FIELD);
    refused(headersOfLevels("1001"), Reason.MISSING_FIELD);
    byte[] one = hex("0a220a20" + "22".repeat(32));
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    header.write(12 << 3 | 2);
    header.write(one.length);
    header.writeBytes(one);
    refused(frame(41, concat(hex("0a26"), header.toByteArray())), Reason.MISSING_FIELD);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @Test
  void whatObjectsTakeIsKnownBeforeTheyAreMade() {
    RawCheck.Checked ping = (RawCheck.Checked) ready(hex("8201020805"));
    assertThat(ping.heapBytes()).isBetween(40L, 2_000L);
    // Measured: an id takes some 110 bytes, three times its bytes on the wire.
    RawCheck.Checked ids = (RawCheck.Checked) ready(inv(WireLimits.MAX_TRANSACTION_IDS));
    assertThat(ids.heapBytes() / WireLimits.MAX_TRANSACTION_IDS).isBetween(90L, 140L);
  }

  @Test
  void outputsAreCountedOverAllTransactionsOfABlock() {
    // Transactions of 100 outputs with an empty script each, subnetwork id and nothing else.
    ByteArrayOutputStream transaction = new ByteArrayOutputStream();
    for (int i = 0; i < 100; i++) {
      transaction.writeBytes(hex("1a02 1200"));
    }
    transaction.writeBytes(hex("2a00"));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int i = 0; i <= WireLimits.MAX_OUTPUTS / 100; i++) {
      body.write(0x0a);
      varint(body, transaction.size());
      body.writeBytes(transaction.toByteArray());
    }
    refused(frame(57, body.toByteArray()), Reason.TOO_MANY_ELEMENTS);
  }

  @Test
  void packedNumbersAreCountedAndWalked() {
    byte[] trusted = frame(51, hex("12 03 01 02 8080".replace(" ", "")));
    refused(trusted, Reason.TRUNCATED);
  }

  @Test
  void nestedUnknownGroupsTenThousandDeepAreRefusedAtTheFirst() {
    byte[] groups = new byte[10_000];
    Arrays.fill(groups, (byte) 0x5b);
    refused(frame(12, groups), Reason.GROUP);
  }

  @Test
  void anExtensionsPayloadPassesUnderItsOwnCap() {
    PayloadType extension =
        PayloadType.extension(2_000, "gossip", PayloadKind.ANNOUNCEMENT, 11, 64);
    RawCheck extended = new RawCheck(PayloadCatalogue.standard().with(List.of(extension)));
    byte[] frame = frame(2_000, new byte[] {1, 2, 3});
    RawCheck.Checked checked =
        (RawCheck.Checked) extended.check(frame, 0, frame.length, ConnectionPhase.READY, 11);
    assertThat(checked.type()).isEqualTo(extension);
    assertThat(checked.payloadLength()).isEqualTo(3);
    byte[] large = frame(2_000, new byte[100]);
    assertThat(extended.check(large, 0, large.length, ConnectionPhase.READY, 11))
        .isInstanceOf(WireFault.class);
    assertThat(extended.check(frame, 0, frame.length, ConnectionPhase.READY, 10))
        .isInstanceOf(WireFault.class);
  }

  @Property(tries = 3_000)
  void randomBytesNeverThrow(@ForAll @Size(max = 300) byte[] bytes) {
    RawCheck.Result result = ready(bytes);
    if (result instanceof RawCheck.Checked) {
      assertThat(parses(bytes)).isTrue();
    }
  }

  @Property(tries = 400)
  void whatAnHonestEncoderWritesPasses(@ForAll long seed) {
    for (PayloadType type : PayloadCatalogue.standard().types()) {
      KaspadMessage message = new RandomMessages(seed).envelope(type);
      byte[] frame = message.toByteArray();
      int version = type.in(VERSION) ? VERSION : 10;
      RawCheck.Result result = check.check(frame, 0, frame.length, ConnectionPhase.SYNC, version);
      if (type.kind() == PayloadKind.LEGACY) {
        assertThat(((WireFault) result).reason()).isIn(Reason.LEGACY_PAYLOAD, Reason.OVERSIZE);
      } else if (frame.length <= type.maxBytes(ConnectionPhase.SYNC)) {
        assertThat(result).isInstanceOf(RawCheck.Checked.class);
        RawCheck.Checked checked = (RawCheck.Checked) result;
        assertThat(checked.type()).isEqualTo(type);
        assertThat(checked.requestId()).isEqualTo(message.getRequestId());
        assertThat(checked.responseId()).isEqualTo(message.getResponseId());
      }
    }
  }

  /** What passes after bytes were changed at random is still something the decoder takes. */
  @Property(tries = 400)
  void whatPassesDecodes(@ForAll long seed) {
    Random random = new Random(seed);
    for (PayloadType type : PayloadCatalogue.standard().types()) {
      byte[] frame = new RandomMessages(seed).envelope(type).toByteArray();
      for (int i = 0; i <= random.nextInt(3) && frame.length > 0; i++) {
        frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
      }
      if (check.check(frame, 0, frame.length, ConnectionPhase.SYNC, VERSION)
          instanceof RawCheck.Checked checked) {
        assertThat(parses(frame)).as("%s %s", type, HexFormat.of().formatHex(frame)).isTrue();
        assertThat(checked.payloadOffset() + checked.payloadLength())
            .isLessThanOrEqualTo(frame.length);
      }
    }
  }

  private static boolean parses(byte[] frame) {
    try {
      return KaspadMessage.parseFrom(frame).getPayloadCase()
          != KaspadMessage.PayloadCase.PAYLOAD_NOT_SET;
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      return false;
    }
  }

  private static byte[] inv(int ids) {
    TransactionId id =
        TransactionId.newBuilder().setBytes(ByteString.copyFrom(new byte[32])).build();
    InvTransactionsMessage.Builder inv = InvTransactionsMessage.newBuilder();
    for (int i = 0; i < ids; i++) {
      inv.addIds(id);
    }
    return KaspadMessage.newBuilder().setInvTransactions(inv).build().toByteArray();
  }

  private static byte[] blocks(int hashes) {
    Hash hash = Hash.newBuilder().setBytes(ByteString.copyFrom(new byte[32])).build();
    RequestRelayBlocksMessage.Builder request = RequestRelayBlocksMessage.newBuilder();
    for (int i = 0; i < hashes; i++) {
      request.addHashes(hash);
    }
    return KaspadMessage.newBuilder()
        .setRequestRelayBlocks(request)
        .setRequestId(1)
        .build()
        .toByteArray();
  }

  private static byte[] addresses(int count) {
    NetAddress address =
        NetAddress.newBuilder()
            .setIp(ByteString.copyFrom(new byte[16]))
            .setPort(65_535)
            .setTimestamp(-1)
            .build();
    AddressesMessage.Builder addresses = AddressesMessage.newBuilder();
    for (int i = 0; i < count; i++) {
      addresses.addAddressList(address);
    }
    return KaspadMessage.newBuilder().setAddresses(addresses).build().toByteArray();
  }

  private static byte[] frame(int payload, byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    varint(out, payload << 3 | 2);
    varint(out, body.length);
    out.writeBytes(body);
    return out.toByteArray();
  }

  private static void varint(ByteArrayOutputStream out, int value) {
    int left = value;
    while ((left & ~0x7F) != 0) {
      out.write(left & 0x7F | 0x80);
      left >>>= 7;
    }
    out.write(left);
  }

  @Test
  void aSingleInvIsFortyBytesAndPasses() {
    byte[] frame =
        KaspadMessage.newBuilder()
            .setInvRelayBlock(
                InvRelayBlockMessage.newBuilder()
                    .setHash(Hash.newBuilder().setBytes(ByteString.copyFrom(new byte[32]))))
            .build()
            .toByteArray();
    assertThat(frame).hasSize(38);
    assertThat(ready(frame)).isInstanceOf(RawCheck.Checked.class);
  }

  @Test
  void anEmptyBatchOfHeadersIsNoFault() {
    byte[] frame =
        KaspadMessage.newBuilder()
            .setBlockHeaders(BlockHeadersMessage.getDefaultInstance())
            .build()
            .toByteArray();
    assertThat(ready(frame)).isInstanceOf(RawCheck.Checked.class);
  }
}
