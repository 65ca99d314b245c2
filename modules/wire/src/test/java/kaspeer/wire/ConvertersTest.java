package kaspeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.ParentsByLevel;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.wire.ConversionException.Reason;
import kaspeer.wire.proto.AddressesMessage;
import kaspeer.wire.proto.BlockBodyMessage;
import kaspeer.wire.proto.BlockHeader;
import kaspeer.wire.proto.BlockLevelParents;
import kaspeer.wire.proto.BlockMessage;
import kaspeer.wire.proto.TransactionId;
import kaspeer.wire.proto.TransactionInput;
import kaspeer.wire.proto.TransactionMessage;
import kaspeer.wire.proto.TransactionOutput;
import kaspeer.wire.proto.VersionMessage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ConvertersTest {
  private static void refused(Reason reason, ThrowingCallable conversion) {
    assertThatExceptionOfType(ConversionException.class)
        .isThrownBy(conversion)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Property(tries = 200)
  void headersSurviveTheWire(@ForAll long seed)
      throws ConversionException, InvalidProtocolBufferException {
    Header header = header(new Random(seed));
    BlockHeader wire = BlockHeader.parseFrom(Headers.toWire(header).toByteArray());
    Header back = Headers.fromWire(wire);
    assertThat(back.hash()).isEqualTo(header.hash());
    assertThat(back.parents()).isEqualTo(header.parents());
    assertThat(back.blueWork()).isEqualTo(header.blueWork());
    assertThat(back.nonce()).isEqualTo(header.nonce());
    assertThat(Headers.toWire(back)).isEqualTo(wire);
  }

  @Property(tries = 200)
  void blocksAndBodiesSurviveTheWire(@ForAll long seed)
      throws ConversionException, InvalidProtocolBufferException {
    Random random = new Random(seed);
    List<Transaction> transactions = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      transactions.add(transaction(random));
    }
    Block block = new Block(header(random), transactions);
    BlockMessage wire = BlockMessage.parseFrom(Blocks.toWire(block).toByteArray());
    Block back = Blocks.fromWire(wire);
    assertThat(back).isEqualTo(block);
    assertThat(Blocks.toWire(back)).isEqualTo(wire);
    assertThat(Blocks.bodyFromWire(Blocks.bodyToWire(transactions).toByteString()))
        .isEqualTo(transactions);
  }

  @Property(tries = 200)
  void transactionsSurviveTheWire(@ForAll long seed) throws ConversionException {
    Transaction transaction = transaction(new Random(seed));
    TransactionMessage wire = Transactions.toWire(transaction);
    Transaction back = Transactions.fromWire(wire);
    assertThat(back.id()).isEqualTo(transaction.id());
    assertThat(back.hash()).isEqualTo(transaction.hash());
    assertThat(back.storageMass()).isEqualTo(transaction.storageMass());
    assertThat(Transactions.toWire(back)).isEqualTo(wire);
  }

  @Property(tries = 300)
  void noMessageMakesAConverterThrowAnythingElse(@ForAll long seed) {
    for (PayloadType type : PayloadCatalogue.standard().types()) {
      var message = new RandomMessages(seed).envelope(type);
      try {
        switch (type.payloadCase()) {
          case BLOCK -> Blocks.fromWire(message.getBlock());
          case BLOCK_BODY -> Blocks.bodyFromWire(message.getBlockBody().toByteString());
          case TRANSACTION -> Transactions.fromWire(message.getTransaction());
          case BLOCK_HEADERS -> Headers.fromWire(message.getBlockHeaders().getBlockHeadersList());
          case ADDRESSES -> NetAddresses.fromWire(message.getAddresses());
          case VERSION -> VersionInfo.fromWire(message.getVersion());
          case INV_TRANSACTIONS -> Hashes.fromWireIds(message.getInvTransactions().getIdsList());
          default -> Hashes.fromWire(message.getBlockLocator().getHashesList());
        }
      } catch (ConversionException e) {
        assertThat(e.reason()).isNotNull();
      }
    }
  }

  @Test
  void hashesAndIdsHave32Bytes() {
    for (int length : new int[] {0, 31, 33}) {
      ByteString bytes = ByteString.copyFrom(new byte[length]);
      refused(
          Reason.BAD_LENGTH,
          () -> Hashes.fromWire(kaspeer.wire.proto.Hash.newBuilder().setBytes(bytes).build()));
      refused(
          Reason.BAD_LENGTH,
          () -> Hashes.fromWire(TransactionId.newBuilder().setBytes(bytes).build()));
    }
  }

  @Test
  void hashesKeepTheOrderOfTheirBytes() throws ConversionException {
    byte[] bytes = new byte[32];
    for (int i = 0; i < 32; i++) {
      bytes[i] = (byte) (200 + i);
    }
    Hash hash = Hash.of(bytes);
    assertThat(Hashes.toWire(hash).getBytes().toByteArray()).isEqualTo(bytes);
    assertThat(Hashes.fromWire(Hashes.toWire(hash))).isEqualTo(hash);
    assertThat(Hashes.fromWire(Hashes.toWireId(hash))).isEqualTo(hash);
    assertThat(Hashes.fromWireIds(Hashes.toWireIds(List.of(hash, Hash.ZERO))))
        .containsExactly(hash, Hash.ZERO);
    assertThat(Hashes.fromWire(Hashes.toWire(List.of(Hash.ZERO, hash))))
        .containsExactly(Hash.ZERO, hash);
  }

  @Test
  void aHeaderNeedsItsFourHashes() {
    BlockHeader whole = Headers.toWire(header(new Random(1)));
    refused(
        Reason.MISSING_FIELD,
        () -> Headers.fromWire(whole.toBuilder().clearHashMerkleRoot().build()));
    refused(
        Reason.MISSING_FIELD,
        () -> Headers.fromWire(whole.toBuilder().clearAcceptedIdMerkleRoot().build()));
    refused(
        Reason.MISSING_FIELD,
        () -> Headers.fromWire(whole.toBuilder().clearUtxoCommitment().build()));
    refused(
        Reason.MISSING_FIELD,
        () -> Headers.fromWire(whole.toBuilder().clearPruningPoint().build()));
  }

  @Test
  void aHeadersNumbersKeepTheirRanges() {
    BlockHeader whole = Headers.toWire(header(new Random(1)));
    refused(
        Reason.OUT_OF_RANGE, () -> Headers.fromWire(whole.toBuilder().setVersion(0x10000).build()));
    refused(Reason.OUT_OF_RANGE, () -> Headers.fromWire(whole.toBuilder().setVersion(-1).build()));
    refused(
        Reason.OUT_OF_RANGE, () -> Headers.fromWire(whole.toBuilder().setTimestamp(-1).build()));
    ByteString wide = ByteString.copyFrom(new byte[25]);
    refused(Reason.BAD_LENGTH, () -> Headers.fromWire(whole.toBuilder().setBlueWork(wide).build()));
  }

  @Test
  void parentsByLevelMustBeCompressed() {
    parentsRefused(run(0, 1));
    parentsRefused(run(256, 1));
    parentsRefused(run(-1, 1));
    parentsRefused(run(3, 1), run(3, 2));
    parentsRefused(run(3, 1), run(2, 2));
    parentsRefused(run(3, 1), run(5, 1));
    BlockLevelParents.Builder many = BlockLevelParents.newBuilder().setCumulativeLevel(255);
    for (int i = 0; i < 2_049; i++) {
      many.addParentHashes(Hashes.toWire(Hash.ofWords(0, 0, 0, i)));
    }
    parentsRefused(many.build());
    BlockLevelParents[] runs = new BlockLevelParents[256];
    Arrays.fill(runs, run(1, 1));
    parentsRefused(runs);
  }

  private static void parentsRefused(BlockLevelParents... runs) {
    BlockHeader header =
        Headers.toWire(header(new Random(1))).toBuilder()
            .clearParents()
            .addAllParents(Arrays.asList(runs))
            .build();
    refused(Reason.BAD_PARENTS, () -> Headers.fromWire(header));
  }

  private static BlockLevelParents run(int end, long parent) {
    return BlockLevelParents.newBuilder()
        .setCumulativeLevel(end)
        .addParentHashes(Hashes.toWire(Hash.ofWords(0, 0, 0, parent)))
        .build();
  }

  @Test
  void aTransactionNeedsItsParts() {
    TransactionMessage whole = Transactions.toWire(transaction(new Random(3)));
    refused(
        Reason.MISSING_FIELD,
        () -> Transactions.fromWire(whole.toBuilder().clearSubnetworkId().build()));
    refused(
        Reason.MISSING_FIELD,
        () ->
            Transactions.fromWire(
                whole.toBuilder().addInputs(TransactionInput.getDefaultInstance()).build()));
    refused(
        Reason.MISSING_FIELD,
        () ->
            Transactions.fromWire(
                whole.toBuilder()
                    .addInputs(
                        TransactionInput.newBuilder()
                            .setPreviousOutpoint(kaspeer.wire.proto.Outpoint.getDefaultInstance()))
                    .build()));
    refused(
        Reason.MISSING_FIELD,
        () ->
            Transactions.fromWire(
                whole.toBuilder().addOutputs(TransactionOutput.getDefaultInstance()).build()));
    refused(
        Reason.BAD_LENGTH,
        () ->
            Transactions.fromWire(
                whole.toBuilder()
                    .setSubnetworkId(kaspeer.wire.proto.SubnetworkId.getDefaultInstance())
                    .build()));
  }

  @Test
  void computeCommitmentsHave8BitsInVersion0And16Later() throws ConversionException {
    assertThat(commit(0, 0xFF)).isEqualTo(0xFF);
    assertThat(commit(1, 0xFFFF)).isEqualTo(0xFFFF);
    refused(Reason.OUT_OF_RANGE, () -> commit(0, 0x100));
    refused(Reason.OUT_OF_RANGE, () -> commit(1, 0x10000));
    refused(Reason.OUT_OF_RANGE, () -> commit(0x10000, 0));
  }

  private static int commit(int version, int value) throws ConversionException {
    TransactionMessage wire =
        TransactionMessage.newBuilder()
            .setVersion(version)
            .setSubnetworkId(Transactions.toWire(SubnetworkId.NATIVE))
            .addInputs(
                TransactionInput.newBuilder()
                    .setPreviousOutpoint(
                        kaspeer.wire.proto.Outpoint.newBuilder()
                            .setTransactionId(Hashes.toWireId(Hash.ZERO)))
                    .setComputeCommit(value))
            .build();
    return Transactions.fromWire(wire).inputs().getFirst().computeCommit();
  }

  @Test
  void aTransactionHasAtMost1MiBAndABody2() {
    TransactionMessage whole = Transactions.toWire(transaction(new Random(3)));
    ByteString payload = ByteString.copyFrom(new byte[800 * 1024]);
    TransactionMessage large = whole.toBuilder().setPayload(payload).build();
    BlockMessage two =
        BlockMessage.newBuilder()
            .setHeader(Headers.toWire(header(new Random(1))))
            .addTransactions(large)
            .addTransactions(large)
            .build();
    assertThat(two.getSerializedSize()).isLessThan(WireLimits.BODY_BYTES);
    BlockMessage three = two.toBuilder().addTransactions(large).build();
    refused(Reason.TOO_LARGE, () -> Blocks.fromWire(three));
    refused(
        Reason.TOO_LARGE,
        () ->
            Blocks.bodyFromWire(
                BlockBodyMessage.newBuilder()
                    .addAllTransactions(three.getTransactionsList())
                    .build()
                    .toByteString()));
    TransactionMessage tooLarge = whole.toBuilder().setPayload(payload.concat(payload)).build();
    refused(Reason.TOO_LARGE, () -> Transactions.fromWire(tooLarge));
    BlockBodyMessage body = BlockBodyMessage.newBuilder().addTransactions(tooLarge).build();
    assertThat(body.getSerializedSize()).isLessThan(WireLimits.BODY_BYTES);
    refused(Reason.TOO_LARGE, () -> Blocks.bodyFromWire(body.toByteString()));
    refused(Reason.MISSING_FIELD, () -> Blocks.fromWire(two.toBuilder().clearHeader().build()));
  }

  @Test
  void addressesHave4Or16BytesAndAPortOf16Bits() throws ConversionException, UnknownHostException {
    NetAddress v4 = new NetAddress(InetAddress.getByName("1.2.3.4"), 16_111);
    NetAddress v6 = new NetAddress(InetAddress.getByName("2001:db8::1"), 0xFFFF);
    assertThat(NetAddresses.fromWire(NetAddresses.toWire(List.of(v4, v6)))).containsExactly(v4, v6);
    assertThat(v4).hasToString("1.2.3.4:16111");
    assertThat(v6).hasToString("[2001:db8:0:0:0:0:0:1]:65535");
    assertThat(NetAddresses.toWire(v4).getIp().toByteArray()).isEqualTo(new byte[] {1, 2, 3, 4});
    byte[] mapped = HexFormat.of().parseHex("00000000000000000000ffff01020304");
    assertThat(NetAddresses.fromWire(address(mapped, 16_111))).isEqualTo(v4);
    for (int length : new int[] {0, 3, 5, 15, 17}) {
      refused(Reason.BAD_LENGTH, () -> NetAddresses.fromWire(address(new byte[length], 1)));
    }
    refused(Reason.OUT_OF_RANGE, () -> NetAddresses.fromWire(address(new byte[4], 0x10000)));
    AddressesMessage one =
        NetAddresses.toWire(List.of(v4)).toBuilder()
            .addAddressList(address(new byte[5], 1))
            .build();
    refused(Reason.BAD_LENGTH, () -> NetAddresses.fromWire(one));
  }

  @Property(tries = 200)
  void addressesAndVersionsSurviveTheWire(@ForAll long seed)
      throws ConversionException, InvalidProtocolBufferException {
    AddressesMessage wire =
        AddressesMessage.parseFrom(WireSamples.addresses(new Random(seed)).toByteArray());
    assertThat(NetAddresses.toWire(NetAddresses.fromWire(wire))).isEqualTo(wire);
    VersionInfo version = WireSamples.version(new Random(seed));
    VersionMessage sent = VersionMessage.parseFrom(version.toWire().toByteArray());
    assertThat(VersionInfo.fromWire(sent)).isEqualTo(version);
  }

  private static kaspeer.wire.proto.NetAddress address(byte[] ip, int port) {
    return kaspeer.wire.proto.NetAddress.newBuilder()
        .setIp(ByteString.copyFrom(ip))
        .setPort(port)
        .build();
  }

  @Test
  void versionFieldsSurviveTheWire() throws ConversionException, UnknownHostException {
    NetAddress address = new NetAddress(InetAddress.getByName("1.2.3.4"), 16_111);
    PeerId id = PeerId.of(HexFormat.of().parseHex("00112233445566778899aabbccddeeff"));
    VersionInfo full =
        new VersionInfo(
            11,
            3,
            1_700_000_000_000L,
            address,
            id,
            "/a:1/",
            true,
            SubnetworkId.COINBASE,
            "kaspa-simnet");
    assertThat(VersionInfo.fromWire(full.toWire())).isEqualTo(full);
    VersionInfo bare = new VersionInfo(10, 0, 0, null, id, "", false, null, "");
    assertThat(VersionInfo.fromWire(bare.toWire())).isEqualTo(bare);
    assertThat(bare.toWire().hasAddress()).isFalse();
    assertThat(id).hasToString("00112233-4455-6677-8899-aabbccddeeff");
  }

  @Test
  void aUserAgentIsCutAndABadIdOrAddressRefused() throws ConversionException {
    VersionMessage wire =
        VersionMessage.newBuilder()
            .setId(ByteString.copyFrom(new byte[16]))
            .setUserAgent("é".repeat(200))
            .build();
    assertThat(VersionInfo.fromWire(wire).userAgent()).isEqualTo("é".repeat(128));
    refused(
        Reason.BAD_LENGTH,
        () ->
            VersionInfo.fromWire(
                wire.toBuilder().setId(ByteString.copyFrom(new byte[15])).build()));
    refused(
        Reason.BAD_LENGTH,
        () -> VersionInfo.fromWire(wire.toBuilder().setAddress(address(new byte[3], 1)).build()));
    refused(
        Reason.BAD_LENGTH,
        () ->
            VersionInfo.fromWire(
                wire.toBuilder()
                    .setSubnetworkId(kaspeer.wire.proto.SubnetworkId.getDefaultInstance())
                    .build()));
  }

  @Test
  void peerIdsAreRandomVersion4Uuids() {
    PeerId id = PeerId.random(new java.security.SecureRandom());
    assertThat(PeerId.of(id.toBytes())).isEqualTo(id);
    assertThat(java.util.UUID.fromString(id.toString()).version()).isEqualTo(4);
    assertThat(java.util.UUID.fromString(id.toString()).variant()).isEqualTo(2);
  }

  static Hash hash(Random random) {
    return Hash.ofWords(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  static Header header(Random random) {
    List<ParentsByLevel.Run> runs = new ArrayList<>();
    int level = 0;
    for (int i = random.nextInt(4); i > 0; i--) {
      level += 1 + random.nextInt(20);
      List<Hash> parents = new ArrayList<>();
      for (int p = random.nextInt(3); p >= 0; p--) {
        parents.add(hash(random));
      }
      runs.add(new ParentsByLevel.Run(level, parents));
    }
    return new Header(
        random.nextInt(0x10000),
        new ParentsByLevel(runs),
        hash(random),
        hash(random),
        hash(random),
        random.nextLong() >>> 1,
        random.nextInt(),
        random.nextLong(),
        random.nextLong(),
        new BlueWork(random.nextInt(3), random.nextLong(), random.nextLong()),
        random.nextLong(),
        hash(random));
  }

  static Transaction transaction(Random random) {
    int version = random.nextInt(2);
    List<Transaction.Input> inputs = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      Transaction.Outpoint previous = new Transaction.Outpoint(hash(random), random.nextInt());
      int commit = random.nextInt(version == 0 ? 0x100 : 0x10000);
      inputs.add(new Transaction.Input(previous, bytes(random), random.nextLong(), commit));
    }
    List<Transaction.Output> outputs = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      Transaction.Covenant covenant =
          version > 0 && random.nextBoolean()
              ? new Transaction.Covenant(random.nextInt(0x10000), hash(random))
              : null;
      outputs.add(
          new Transaction.Output(
              random.nextLong(),
              new Transaction.ScriptPublicKey(random.nextInt(0x10000), bytes(random)),
              covenant));
    }
    return new Transaction(
        version,
        inputs,
        outputs,
        random.nextLong(),
        random.nextBoolean() ? SubnetworkId.NATIVE : SubnetworkId.COINBASE,
        random.nextLong(),
        bytes(random),
        random.nextLong());
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(50)];
    random.nextBytes(bytes);
    return bytes;
  }
}
