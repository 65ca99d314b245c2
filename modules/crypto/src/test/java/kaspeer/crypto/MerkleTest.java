package kaspeer.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
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

  /**
   * The root of the block in kaspad's own test (kaspa-consensus-core 2.1.0, merkle.rs). A line is a
   * transaction: subnetwork, payload, inputs (transaction, index, script), outputs (value, script).
   */
  @Test
  void theRootOfABlockIsTheOneOfKaspadsTest() throws IOException {
    try (InputStream in = MerkleTest.class.getResourceAsStream("/kaspad/merkle-block.txt")) {
      List<Hash> hashes =
          new String(Objects.requireNonNull(in).readAllBytes(), US_ASCII)
              .lines()
              .map(line -> transaction(line).hash())
              .toList();
      assertThat(hashes).hasSize(5);
      assertThat(Merkle.root(hashes))
          .hasToString("46ecf45be3baca349dfe8a78deaf053b0aa6d538974da50fd6efb4d266bc8d21");
    }
  }

  private static Transaction transaction(String line) {
    String[] parts = line.split("\\|", -1);
    List<Transaction.Input> inputs = new ArrayList<>();
    for (String input : split(parts[2])) {
      String[] words = input.split(":", -1);
      inputs.add(
          new Transaction.Input(
              new Transaction.Outpoint(Hash.fromHex(words[0]), Integer.parseUnsignedInt(words[1])),
              HexFormat.of().parseHex(words[2]),
              -1,
              0));
    }
    List<Transaction.Output> outputs = new ArrayList<>();
    for (String output : split(parts[3])) {
      String[] words = output.split(":", -1);
      outputs.add(
          new Transaction.Output(
              Long.parseLong(words[0]),
              new Transaction.ScriptPublicKey(0, HexFormat.of().parseHex(words[1])),
              null));
    }
    SubnetworkId subnetwork =
        parts[0].equals("coinbase") ? SubnetworkId.COINBASE : SubnetworkId.NATIVE;
    byte[] payload = HexFormat.of().parseHex(parts[1]);
    return new Transaction(0, inputs, outputs, 0, subnetwork, 0, payload, 0);
  }

  private static List<String> split(String list) {
    return list.isEmpty() ? List.of() : List.of(list.split(","));
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
