package kaspeer.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.hashing.Blake2bDomain;
import kaspeer.primitives.hashing.Blake3Domain;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MerkleTest {
  @Test
  void noLeavesGiveZeroAndOneItself() {
    Hash leaf = Hash.of(TestBytes.message(32));
    assertThat(Merkle.root(List.of())).isEqualTo(Hash.ZERO);
    assertThat(Merkle.root(List.of(leaf))).isEqualTo(leaf);
    assertThat(Merkle.sequencingRoot(List.of())).isEqualTo(Hash.ZERO);
    assertThat(Merkle.sequencingRoot(List.of(leaf))).isEqualTo(leaf);
  }

  @Property(tries = 130)
  void theTreeIsPaddedToAPowerOfTwo(@ForAll @IntRange(min = 1, max = 130) int count) {
    List<Hash> leaves = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      leaves.add(Hash.ofWords(i, 0, 0, i));
    }
    int width = 1;
    while (width < count) {
      width *= 2;
    }
    assertThat(Merkle.root(leaves))
        .isEqualTo(node(leaves, 0, width, Blake2bDomain.MERKLE_BRANCH::hash));
    assertThat(Merkle.sequencingRoot(leaves))
        .isEqualTo(node(leaves, 0, width, Blake3Domain.SEQ_COMMIT_MERKLE_BRANCH::hash));
  }

  /** The node above the leaves from {@code start} on, by the definition. */
  private static @Nullable Hash node(
      List<Hash> leaves, int start, int width, Function<byte[], Hash> branch) {
    if (width == 1) {
      return start < leaves.size() ? leaves.get(start) : null;
    }
    Hash left = node(leaves, start, width / 2, branch);
    Hash right = node(leaves, start + width / 2, width / 2, branch);
    if (left == null) {
      return null;
    }
    byte[] both = new byte[2 * Hash.SIZE];
    left.write(both, 0);
    (right == null ? Hash.ZERO : right).write(both, Hash.SIZE);
    return branch.apply(both);
  }

  @Test
  void theRootOfEveryGenesisIsRight() {
    for (Network network : Network.values()) {
      var genesis = Params.of(network).genesis();
      assertThat(Merkle.root(List.of(genesis.transactions().getFirst().hash())))
          .isEqualTo(genesis.header().hashMerkleRoot());
    }
  }
}
