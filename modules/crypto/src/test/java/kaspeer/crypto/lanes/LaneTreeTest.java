package kaspeer.crypto.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import kaspeer.primitives.Bytes;
import kaspeer.primitives.Hash;
import kaspeer.primitives.SubnetworkId;
import org.junit.jupiter.api.Test;

/** The roots are those that the reference implementation's tree gives for the same changes. */
class LaneTreeTest {
  private static final Hash ZERO_KEY = Hash.ZERO;

  /** Part at the last bit but one of 256, at the last one, and at the first. */
  private static final Hash KEY_2 = Hash.ofWords(0, 0, 0, 2);

  private static final Hash KEY_3 = Hash.ofWords(0, 0, 0, 3);
  private static final Hash KEY_HIGH = Hash.ofWords(Long.MIN_VALUE, 0, 0, 0);
  private static final Hash KEY_ONES = Hash.ofWords(-1, -1, -1, -1);

  @Test
  void noLanesAreTheEmptySubtreeOf256Levels() {
    assertRoot(LaneTree.EMPTY, "613077bbf7297f3c5d488617df574debac4ac9e6adddde1df0074b376e66e13d");
    assertThat(LaneTree.EMPTY.size()).isZero();
    assertThat(LaneTree.EMPTY.get(ZERO_KEY)).isNull();
  }

  @Test
  void aSingleLaneIsCollapsedAtTheRoot() {
    LaneTree one = LaneTree.EMPTY.with(ZERO_KEY, lane(1, 100));
    assertRoot(one, "dcc40f9063ee7b412b25101c624ad4eef8b89aaa0eb88cebe19f840e74b0338b");
    assertThat(one.size()).isEqualTo(1);
    assertThat(one.get(ZERO_KEY)).isEqualTo(lane(1, 100));
    assertThat(one.get(KEY_2)).isNull();
  }

  @Test
  void keysMayPartAtTheVeryLastBit() {
    LaneTree two =
        LaneTree.EMPTY.with(ZERO_KEY, lane(1, 100)).with(Hash.ofWords(0, 0, 0, 1), lane(2, 200));
    assertRoot(two, "09e1eb7cdc1fb8a392a074c31cfe40b1bc3b0783e4c4699c5290b179f421a634");
    assertRoot(
        two.with(KEY_HIGH, lane(3, 300)),
        "4e596401ca7e3e7a33dcecb33858ddd050f587cb80c757933eada8d8fc85dac9");
  }

  @Test
  void lanesComeAndGo() {
    LaneTree tree = LaneTree.EMPTY.with(ZERO_KEY, lane(1, 100)).with(KEY_2, lane(2, 200));
    assertRoot(tree, "066a06c21e1b90d19ca6aade6412edb0bc95a9c6189ae1c992616f6188527b21");
    tree = tree.with(KEY_3, lane(9, 900));
    assertRoot(tree, "cd3cf019a468b3269329dcb2e7ca8662ffe0b5cc0cf764abcfe71f966d8b646c");
    tree = tree.with(KEY_HIGH, lane(3, 300));
    assertRoot(tree, "d90a918335895567d3f1f9ae6999f4fa7dcc73444f05274509f6c934e689b313");
    tree = tree.without(ZERO_KEY);
    assertRoot(tree, "d43b326ed53fb7fa0aa3ddfe2e363a0ee310f9331a469f55b42d8c53f0470252");
    tree = tree.with(ZERO_KEY, lane(1, 100)).with(KEY_ONES, lane(4, 400));
    assertRoot(tree, "445b861986bba7fa8c9871ec3106494484a6c96e035e7da40b2c5f8314bc558a");
    tree = tree.without(KEY_HIGH);
    assertRoot(tree, "9878de4c89098061f783957a50807ba10e52ca937b694cde0a722f34e6c78fb8");
  }

  @Test
  void aLaneLeftAloneMovesUpAsFarAsItCan() {
    LaneTree three =
        LaneTree.EMPTY
            .with(ZERO_KEY, lane(1, 100))
            .with(KEY_2, lane(2, 200))
            .with(KEY_HIGH, lane(3, 300));
    assertRoot(three, "77e8bf6a3366b1434dcf90161f1cc8b2c28a4a1ec4a77f34e6b255b75d85600a");
    LaneTree two = three.without(KEY_2);
    assertRoot(two, "4042f9b12f6d88b5e7e72799fe470c3d9dc124d3ffb4eef07a16781727444ee5");
    LaneTree one = two.without(KEY_HIGH);
    assertRoot(one, "dcc40f9063ee7b412b25101c624ad4eef8b89aaa0eb88cebe19f840e74b0338b");
    assertThat(one.without(ZERO_KEY)).isSameAs(LaneTree.EMPTY);
  }

  @Test
  void twoHundredLanes() {
    LaneTree tree = LaneTree.EMPTY;
    for (int i = 0; i < 200; i++) {
      tree = tree.with(key(i), lane(i, 1000 + i));
    }
    assertRoot(tree, "4d4922c983db62219b3b95c9240ae14fcacf75d4510d8b4486e10fbfc0a9503b");
    for (int i = 0; i < 200; i += 3) {
      tree = tree.without(key(i));
    }
    assertRoot(tree, "0132429539d2fe989a6948387e95a787e9bcc90f517e315bc1cb3bc895e4168c");
    assertThat(tree.size()).isEqualTo(133);
  }

  @Test
  void whatChangesNothingGivesTheSameTree() {
    LaneTree tree = LaneTree.EMPTY.with(ZERO_KEY, lane(1, 100)).with(KEY_HIGH, lane(3, 300));
    assertThat(tree.with(ZERO_KEY, lane(1, 100))).isSameAs(tree);
    assertThat(tree.without(KEY_2)).isSameAs(tree);
    assertThat(tree.without(KEY_ONES)).isSameAs(tree);
    assertThat(tree.withoutTouchedBefore(100)).isSameAs(tree);
    assertThat(tree.with(Map.of(), List.of(KEY_2))).isSameAs(tree);
    assertThat(tree.with(Map.of(ZERO_KEY, lane(1, 100)), List.of())).isSameAs(tree);
    assertThat(LaneTree.EMPTY.without(ZERO_KEY)).isSameAs(LaneTree.EMPTY);
  }

  @Test
  void aLaneBothRemovedAndChangedIsThere() {
    LaneTree tree = LaneTree.EMPTY.with(ZERO_KEY, lane(1, 100)).with(KEY_2, lane(2, 200));
    LaneTree changed = tree.with(Map.of(ZERO_KEY, lane(5, 500)), List.of(ZERO_KEY, KEY_2));
    assertThat(changed.size()).isEqualTo(1);
    assertThat(changed.get(ZERO_KEY)).isEqualTo(lane(5, 500));
  }

  @Test
  void aLaneTouchedAtTheBoundIsAliveAndScoresAreUnsigned() {
    LaneTree tree =
        LaneTree.EMPTY
            .with(ZERO_KEY, lane(1, 100))
            .with(KEY_2, lane(2, 101))
            .with(KEY_HIGH, lane(3, -1));
    assertThat(tree.touchedBefore(100)).isEmpty();
    assertThat(tree.touchedBefore(101)).containsExactly(ZERO_KEY);
    assertThat(tree.touchedBefore(-1)).containsExactly(ZERO_KEY, KEY_2);
    assertThat(tree.withoutTouchedBefore(101).get(KEY_2)).isEqualTo(lane(2, 101));
    assertThat(tree.withoutTouchedBefore(101).size()).isEqualTo(2);
    assertThat(tree.withoutTouchedBefore(-1).root())
        .isEqualTo(LaneTree.EMPTY.with(KEY_HIGH, lane(3, -1)).root());
  }

  private static void assertRoot(LaneTree tree, String root) {
    assertThat(tree.root()).hasToString(root);
  }

  private static Hash key(int i) {
    byte[] id = new byte[SubnetworkId.SIZE];
    Bytes.putIntLe(id, 0, i * 0x01000193);
    return SequencingCommitment.laneKey(SubnetworkId.of(id));
  }

  private static Lane lane(int fill, long touchBlueScore) {
    byte[] tip = new byte[Hash.SIZE];
    Arrays.fill(tip, (byte) fill);
    return new Lane(Hash.of(tip), touchBlueScore);
  }
}
