package kaspeer.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.CompactTarget;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParentsByLevel;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ProofOfWorkTest {
  /** A header whose value an independent implementation has computed. */
  private static final Header HEADER =
      new Header(
          2,
          new ParentsByLevel(
              List.of(
                  new ParentsByLevel.Run(1, List.of(hash(1), hash(2))),
                  new ParentsByLevel.Run(251, List.of(hash(3))))),
          hash(4),
          hash(5),
          hash(6),
          0xFEDCBA9876543210L,
          0x1e7fffff,
          -1,
          123_456_789,
          BlueWork.of(new BigInteger("abcdef0123456789abcdef", 16)),
          987_654_321,
          hash(7));

  private static final BigInteger VALUE =
      new BigInteger("b2df2434a08d80fa9547d10e41ce120e9110ea111eb951f4b30429332b14e814", 16);

  private static Hash hash(int fill) {
    long word = fill * 0x0101010101010101L;
    return Hash.ofWords(word, word, word, word);
  }

  private static Header withParents(ParentsByLevel parents) {
    return new Header(
        HEADER.version(),
        parents,
        HEADER.hashMerkleRoot(),
        HEADER.acceptedIdMerkleRoot(),
        HEADER.utxoCommitment(),
        HEADER.timestamp(),
        HEADER.bits(),
        HEADER.nonce(),
        HEADER.daaScore(),
        HEADER.blueWork(),
        HEADER.blueScore(),
        HEADER.pruningPoint());
  }

  @Test
  void onlyAHeaderWithoutAnyLevelHasTheMaximalOne() {
    ParentsByLevel noDirectOnes =
        new ParentsByLevel(
            List.of(
                new ParentsByLevel.Run(1, List.of()), new ParentsByLevel.Run(2, List.of(hash(3)))));
    assertThat(ProofOfWork.of(withParents(ParentsByLevel.NONE)).level(250)).isEqualTo(250);
    assertThat(ProofOfWork.of(withParents(noDirectOnes)).level(250)).isZero();
  }

  @Test
  void theValueIsThatOfTheOracle() {
    assertThat(ProofOfWork.of(HEADER).value()).isEqualTo(VALUE);
  }

  @Test
  void aSeedServesAnyTimestampAndNonce() {
    ProofOfWork.Seed seed = ProofOfWork.Seed.of(HEADER.prePowHash());
    ProofOfWork.Result other = seed.value(1, 2);
    assertThat(other.value()).isNotEqualTo(VALUE);
    assertThat(seed.value(HEADER.timestamp(), HEADER.nonce())).isEqualTo(ProofOfWork.of(HEADER));
    assertThat(seed.value(1, 2)).isEqualTo(other);
  }

  @Property
  void aValuePassesUpToTheTarget(
      @ForAll long w3, @ForAll long w2, @ForAll long w1, @ForAll long w0, @ForAll int bits) {
    ProofOfWork.Result result = new ProofOfWork.Result(w3, w2, w1, w0, false);
    assertThat(result.passes(bits))
        .isEqualTo(result.value().compareTo(CompactTarget.target(bits)) <= 0);
  }

  @Test
  void theTargetItselfPassesAndOneMoreDoesNot() {
    assertThat(new ProofOfWork.Result(0, 0, 0, 0x7fffff, false).passes(0x037fffff)).isTrue();
    assertThat(new ProofOfWork.Result(0, 0, 0, 0x800000, false).passes(0x037fffff)).isFalse();
    assertThat(new ProofOfWork.Result(0x7fffff0000000000L, 0, 0, 0, false).passes(0x207fffff))
        .isTrue();
    assertThat(new ProofOfWork.Result(0x7fffff0000000000L, 0, 0, 1, false).passes(0x207fffff))
        .isFalse();
    assertThat(new ProofOfWork.Result(-1, -1, -1, -1, false).passes(0x207fffff)).isFalse();
  }

  @Property
  void theLevelIsHowMuchShorterTheValueIs(
      @ForAll long w3, @ForAll long w2, @ForAll long w1, @ForAll long w0) {
    for (ProofOfWork.Result result :
        List.of(
            new ProofOfWork.Result(w3, w2, w1, w0, false),
            new ProofOfWork.Result(0, w2, w1, w0, false),
            new ProofOfWork.Result(0, 0, w1, w0, false),
            new ProofOfWork.Result(0, 0, 0, w0, false),
            new ProofOfWork.Result(0, 0, 0, 0, false))) {
      for (int max : new int[] {225, 250, 254}) {
        assertThat(result.level(max)).isEqualTo(Math.max(0, max - result.value().bitLength()));
      }
    }
  }

  @Test
  void aHeaderWithoutParentsHasTheHighestLevel() {
    for (Network network : Network.values()) {
      Params params = Params.of(network);
      assertThat(ProofOfWork.of(params.genesis().header()).level(params.maxBlockLevel()))
          .isEqualTo(params.maxBlockLevel());
    }
  }

  /** So says the oracle; nobody checks the proof of work of a genesis block. */
  @Test
  void theGenesisBlocksOfTwoNetworksMeetTheirTargets() {
    for (Network network : Network.values()) {
      Header genesis = Params.of(network).genesis().header();
      assertThat(ProofOfWork.of(genesis).passes(genesis.bits()))
          .isEqualTo(network == Network.TESTNET_10 || network == Network.SIMNET);
    }
  }
}
