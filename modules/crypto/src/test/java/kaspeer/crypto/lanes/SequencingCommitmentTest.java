package kaspeer.crypto.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import org.junit.jupiter.api.Test;

class SequencingCommitmentTest {
  /** Literals of the reference implementation's own tests. */
  @Test
  void eachHashIsThatOfTheReference() {
    byte[] lane = new byte[SubnetworkId.SIZE];
    Arrays.fill(lane, (byte) 0x42);
    assertThat(SequencingCommitment.laneKey(SubnetworkId.of(lane)))
        .hasToString("57c7e52c7602b366b3f662addc36129677d4844b840468ccaa9631106bea8897");
    assertThat(SequencingCommitment.laneKey(SubnetworkId.COINBASE))
        .hasToString("8aa78027db66a16cb69692ee0af5cb76738ef80ad14c9d13920d7fa3cc40b9e4");
    assertThat(SequencingCommitment.activityLeaf(first(1), 0, 0))
        .hasToString("4ef43f316ecf616c6934b566ae41055e9712f1089b914f33186cdc9d55191121");
    Arrays.fill(lane, (byte) 0x55);
    assertThat(
            SequencingCommitment.laneTip(
                first(1), SequencingCommitment.laneKey(SubnetworkId.of(lane)), first(2), first(3)))
        .hasToString("38793576d545d2952df31b7c57193a492f9c5b8c09ddaeb2274e4e23edbc3f43");
    assertThat(
            SequencingCommitment.minerPayloadLeaf(
                first(1), BlueWork.of(0x0123), ascii("coinbase data")))
        .hasToString("ec32629cbcf2f6cfeebc34ca1374fe6f365793b8023ead3bfe5edae0d815d8ba");
    assertThat(
            SequencingCommitment.stateRoot(
                first(1), SequencingCommitment.payloadAndContext(first(2), first(3))))
        .hasToString("20d135775a39be49fe34709a55b0c7eb3905f5c9be27d1dc1150b8af239e56d9");
    assertThat(SequencingCommitment.commit(first(1), first(2)))
        .hasToString("7e9e797699567ab5cbccc5a7e720c627099df83186e1d1e1cae88d8646c063df");
  }

  @Test
  void theNativeLaneIsHashedLikeAnyOther() {
    assertThat(SequencingCommitment.laneKey(SubnetworkId.NATIVE))
        .isEqualTo(SequencingCommitment.laneKey(SubnetworkId.of(new byte[SubnetworkId.SIZE])))
        .isNotEqualTo(SequencingCommitment.laneKey(SubnetworkId.COINBASE));
  }

  /**
   * A block that merges two, with three transactions in an active lane and one in a new lane: the
   * scenario of the reference implementation's example, the values are the oracle's.
   */
  @Test
  void aWholeCommitment() {
    SubnetworkId laneA = lane(10);
    SubnetworkId laneB = lane(20);
    Hash keyA = SequencingCommitment.laneKey(laneA);
    Hash keyB = SequencingCommitment.laneKey(laneB);
    Hash parentCommit = filled(0xAA);
    Lane before = new Lane(filled(0xDD), 49_990);
    LaneTree tree = LaneTree.EMPTY.with(keyA, before);
    assertThat(tree.root())
        .hasToString("73d37a46396f5381b39493c96388ec58e02b039de31e4a1d4591bda515a77686");

    List<Hash> inA = List.of(leaf(laneA, 0), leaf(laneA, 1, 1, 2, 3), leaf(laneA, 2, 4));
    Hash context = SequencingCommitment.mergesetContext(1_700_000_000, 100_000, 50_000);
    assertThat(context)
        .hasToString("09fd1bf6f97b0c6c94962f9313a316cb33d6676bc3f4752f237bc1f89fcad58f");
    Hash tipA =
        SequencingCommitment.laneTip(
            before.tip(), keyA, SequencingCommitment.activityDigest(inA), context);
    Hash tipB =
        SequencingCommitment.laneTip(
            parentCommit,
            keyB,
            SequencingCommitment.activityDigest(List.of(leaf(laneB, 3, 5, 6))),
            context);
    assertThat(tipA)
        .hasToString("ee217934f38e933e1937a7d4573334f93b3719cd7488d690200677259bb36f1f");
    assertThat(tipB)
        .hasToString("2c27f4d3dd60f31d4ae8fdd15d5fed192be6477776986d587a7a69f9708f82a5");

    Hash lanesRoot =
        tree.with(Map.of(keyA, new Lane(tipA, 50_000), keyB, new Lane(tipB, 50_000)), List.of())
            .root();
    assertThat(lanesRoot)
        .hasToString("38af3f91ff9c64bb7f9732fc14b0d7bb1d0372709d8720bd185b4a442ae45918");

    Hash payloadRoot =
        SequencingCommitment.payloadRoot(
            List.of(
                SequencingCommitment.minerPayloadLeaf(
                    filled(0x11), BlueWork.of(40_000), ascii("pool-alpha")),
                SequencingCommitment.minerPayloadLeaf(
                    filled(0x22), BlueWork.of(41_000), ascii("pool-beta"))));
    Hash payloadAndContext = SequencingCommitment.payloadAndContext(context, payloadRoot);
    assertThat(payloadAndContext)
        .hasToString("04fc48164d0a9b9f30757b4bda2fe602af9394dee5363e353f3d3b9ee9561b32");
    Hash activityRoot = SequencingCommitment.activityRoot(Hash.ZERO, lanesRoot);
    assertThat(activityRoot)
        .hasToString("4d749ef398d32ac19b5341b495130ef64a5a479beeac056ed905c9d87c61fe2c");
    assertThat(
            SequencingCommitment.commit(
                parentCommit, SequencingCommitment.stateRoot(activityRoot, payloadAndContext)))
        .hasToString("470cd87d3f3549c17aeaf2752bac041595f1ad0f8b7a367ff7911f0318f6a16f");
  }

  private static Hash leaf(SubnetworkId lane, int index, int... payload) {
    byte[] bytes = new byte[payload.length];
    for (int i = 0; i < payload.length; i++) {
      bytes[i] = (byte) payload[i];
    }
    Transaction transaction = new Transaction(0, List.of(), List.of(), 0, lane, 0, bytes, 0);
    return SequencingCommitment.activityLeaf(transaction.id(), 0, index);
  }

  private static SubnetworkId lane(int first) {
    byte[] bytes = new byte[SubnetworkId.SIZE];
    bytes[0] = (byte) first;
    return SubnetworkId.of(bytes);
  }

  /** The hash that begins with this byte and is 0 otherwise. */
  private static Hash first(int value) {
    return Hash.ofWords((long) value << 56, 0, 0, 0);
  }

  private static Hash filled(int value) {
    byte[] bytes = new byte[Hash.SIZE];
    Arrays.fill(bytes, (byte) value);
    return Hash.of(bytes);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
