package kaspeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.List;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.ParentsByLevel;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.wire.proto.InvRelayBlockMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.ReadyMessage;
import kaspeer.wire.proto.RequestAntipastMessage;
import kaspeer.wire.proto.RequestNextPruningPointSmtChunkMessage;
import org.junit.jupiter.api.Test;

/** Frames written out by hand from the tables of protocol reference 2.1 and 2.2, tag by tag. */
class GoldenBytesTest {
  private static final String H1 = "11".repeat(32);
  private static final String H2 = "22".repeat(32);

  private static void golden(KaspadMessage message, String hex)
      throws InvalidProtocolBufferException {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(HexFormat.of().formatHex(message.toByteArray()))
        .isEqualTo(HexFormat.of().formatHex(bytes));
    assertThat(KaspadMessage.parseFrom(bytes)).isEqualTo(message);
  }

  @Test
  void anInvIsPayload14WithAHashInField1() throws InvalidProtocolBufferException {
    golden(
        KaspadMessage.newBuilder()
            .setInvRelayBlock(
                InvRelayBlockMessage.newBuilder().setHash(Hashes.toWire(Hash.fromHex(H1))))
            .build(),
        "72 24 0a22 0a20" + H1);
  }

  @Test
  void idsAreFields101And102() throws InvalidProtocolBufferException {
    golden(
        KaspadMessage.newBuilder()
            .setReady(ReadyMessage.getDefaultInstance())
            .setResponseId(1)
            .setRequestId(300)
            .build(),
        "9203 00 a806 01 b006 ac02");
  }

  @Test
  void antipastIsPayload55AndTheLastCredit63() throws InvalidProtocolBufferException {
    golden(
        KaspadMessage.newBuilder()
            .setRequestAntipast(
                RequestAntipastMessage.newBuilder()
                    .setBlockHash(Hashes.toWire(Hash.fromHex(H1)))
                    .setContextHash(Hashes.toWire(Hash.fromHex(H2))))
            .build(),
        "ba03 48 0a22 0a20" + H1 + "1222 0a20" + H2);
    golden(
        KaspadMessage.newBuilder()
            .setRequestNextPruningPointSmtChunk(
                RequestNextPruningPointSmtChunkMessage.getDefaultInstance())
            .build(),
        "fa03 00");
  }

  @Test
  void aVersionHasItsFieldsWhereTheNetworkHasThem()
      throws InvalidProtocolBufferException, UnknownHostException {
    VersionInfo version =
        new VersionInfo(
            11,
            0,
            1_000,
            new NetAddress(InetAddress.getByName("1.2.3.4"), 16_511),
            PeerId.of(HexFormat.of().parseHex("00112233445566778899aabbccddeeff")),
            "/k:1/",
            true,
            null,
            "kaspa-simnet");
    golden(
        KaspadMessage.newBuilder().setVersion(version.toWire()).build(),
        "a201 3a"
            + "08 0b 18 e807 220a 1a04 01020304 20 ff8001".replace(" ", "")
            + "2a10 00112233445566778899aabbccddeeff 3205 2f6b3a312f 4001"
            + "520c 6b617370612d73696d6e6574");
  }

  @Test
  void aBlockHasHeaderAndTransactionsWhereTheNetworkHasThem()
      throws InvalidProtocolBufferException {
    Header header =
        new Header(
            2,
            new ParentsByLevel(List.of(new ParentsByLevel.Run(3, List.of(Hash.fromHex(H1))))),
            Hash.fromHex(H1),
            Hash.fromHex(H2),
            Hash.fromHex(H1),
            5,
            6,
            7,
            8,
            BlueWork.of(0x0102),
            9,
            Hash.fromHex(H2));
    Transaction transaction =
        new Transaction(
            1,
            List.of(
                new Transaction.Input(
                    new Transaction.Outpoint(Hash.fromHex(H2), 1), new byte[] {0x51}, 2, 3)),
            List.of(
                new Transaction.Output(
                    4,
                    new Transaction.ScriptPublicKey(0, new byte[] {0x52}),
                    new Transaction.Covenant(5, Hash.fromHex(H1)))),
            0,
            SubnetworkId.NATIVE,
            0,
            new byte[] {0x53},
            10);
    String hash1 = "0a20" + H1;
    String hash2 = "0a20" + H2;
    String wireHeader =
        "0802"
            + ("1a22" + hash1 + "2222" + hash2 + "2a22" + hash1)
            + "3005 3806 4007 4808 5202 0102"
            + ("6226 0a22" + hash1 + "1003")
            + "6809"
            + ("7222" + hash2);
    String input = "0a26 0a22" + hash2 + "1001 1201 51 1802 2003";
    String output = "0804 1203 0a01 52 1a26 0805 1222" + hash1;
    String wireTransaction =
        "0801"
            + "12"
            + length(input)
            + input
            + "1a"
            + length(output)
            + output
            + "2a16 0a14"
            + "00".repeat(20)
            + "4201 53 480a";
    String block =
        "0a" + length(wireHeader) + wireHeader + "12" + length(wireTransaction) + wireTransaction;
    golden(
        KaspadMessage.newBuilder()
            .setBlock(Blocks.toWire(new Block(header, List.of(transaction))))
            .build(),
        "12" + length(block) + block);
  }

  /** A length of up to 16,383 as a number of one or two bytes. */
  private static String length(String hex) {
    int length = hex.replace(" ", "").length() / 2;
    return length < 128
        ? "%02x".formatted(length)
        : "%02x%02x".formatted(length & 0x7F | 0x80, length >>> 7);
  }
}
