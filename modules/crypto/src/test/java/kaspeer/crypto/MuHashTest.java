package kaspeer.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Literal values are those of the reference implementation's own tests. */
class MuHashTest {
  /** Three elements, the hash of each alone, and that of it with those before it. */
  private static final String[][] VECTORS = {
    {
      "982051fd1e4ba744bbbe680e1fee14677ba1a3c3540bf7b1cdb606e857233e0e00000000010000000100f2052a"
          + "0100000043410496b538e853519c726a2c91e61ec11600ae1390813a627c66fb8be7947be63c52da758937"
          + "9515d4e0a604f8141781e62294721166bf621e73a82cbf2342c858eeac",
      "2c379620fdf4ec0ac253cbe4ba82c2bbdc0fedac7fe0e452957d93757bbff5c1",
      "2c379620fdf4ec0ac253cbe4ba82c2bbdc0fedac7fe0e452957d93757bbff5c1"
    },
    {
      "d5fdcc541e25de1c7a5addedf24858b8bb665c9f36ef744ee42c316022c90f9b00000000020000000100f2052a"
          + "010000004341047211a824f55b505228e4c3d5194c1fcfaa15a456abdf37f9b9d97a4040afc073dee6c890"
          + "64984f03385237d92167c13e236446b417ab79a0fcae412ae3316b77ac",
      "668bb292ef152c54db0f5714bf45ff8da7b1d41c0c5026ad655b2f9e1be67e21",
      "b15bd1124a6b52e64eda3c3023c587e455a79e748c8c954dd7411d0dbd973863"
    },
    {
      "44f672226090d85db9a9f2fbfe5f0f9609b387af7be5b7fbb7a1767c831c9e9900000000030000000100f2052a"
          + "0100000043410494b9d3e76c5b1629ecf97fff95d7a4bbdac87cc26099ada28066c6ff1eb9191223cd8971"
          + "94a08d0c2726c5747f1db49e8cf90e75dc3e3550ae9b30086f3cd5aaac",
      "f40b20bdc43ef2f01a173b767cb9c6b8db5602eb535fcb9827385f9b0e3afaf4",
      "e69c6e050410761648ce6276a81c8044b9efb1715ea6f6fb9f8cf7a8c1e80396"
    }
  };

  /** What the genesis block of a new network commits to. */
  private static final Hash EMPTY = Params.of(Network.SIMNET).genesis().header().utxoCommitment();

  @Test
  void theEmptySetHasItsKnownHash() {
    assertThat(new MuHash().hash()).isEqualTo(EMPTY);
  }

  @Test
  void eachElementAlone() {
    for (String[] vector : VECTORS) {
      MuHash muHash = new MuHash();
      muHash.add(hex(vector[0]));
      assertThat(muHash.hash()).isEqualTo(Hash.fromHex(vector[1]));
    }
  }

  @Test
  void elementsComeAndGo() {
    MuHash muHash = new MuHash();
    for (String[] vector : VECTORS) {
      muHash.add(hex(vector[0]));
      assertThat(muHash.hash()).isEqualTo(Hash.fromHex(vector[2]));
    }
    for (int i = VECTORS.length - 1; i >= 0; i--) {
      muHash.remove(hex(VECTORS[i][0]));
      assertThat(muHash.hash()).isEqualTo(i == 0 ? EMPTY : Hash.fromHex(VECTORS[i - 1][2]));
    }
  }

  @Test
  void twoAddedAndAnotherRemoved() {
    MuHash muHash = new MuHash();
    muHash.add(element(0));
    muHash.add(element(1));
    muHash.remove(element(2));
    assertThat(muHash.hash())
        .isEqualTo(
            Hash.fromHex("b557f7cfc13cf9abc31374832715e7bff2cf5859897523337a0ead9dde012974"));
  }

  @Test
  void theEncodingIsTheFraction() {
    MuHash muHash = new MuHash();
    muHash.add(element(1));
    muHash.add(element(2));
    byte[] encoded = muHash.encode();
    assertThat(encoded)
        .startsWith(hex("320549a6c6d21fca2540dbde399e795943bcd349d9fbfab287c427fa7aca38e4"))
        .endsWith(hex("8ce9155cd34f0144d9832513056b33db8d6d9bc4b7941071e38dcad7bf32f1f4"))
        .hasSize(MuHash.ENCODED_SIZE);
    assertThat(MuHash.decode(encoded).hash()).isEqualTo(muHash.hash());
    assertThat(MuHash.decode(encoded).encode()).isEqualTo(encoded);
  }

  @Test
  void foreignBytesAreRefused() {
    byte[] tooLarge = new byte[MuHash.ENCODED_SIZE];
    Arrays.fill(tooLarge, (byte) 0xFF);
    assertThatThrownBy(() -> MuHash.decode(tooLarge)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MuHash.decode(new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void combiningAddsBothSides() {
    MuHash added = new MuHash();
    MuHash removed = new MuHash();
    for (String[] vector : VECTORS) {
      added.add(hex(vector[0]));
      removed.remove(hex(vector[0]));
    }
    MuHash all = added.copy();
    added.combine(removed);
    removed.combine(all);
    assertThat(added.hash()).isEqualTo(EMPTY);
    assertThat(removed.hash()).isEqualTo(EMPTY);
    assertThat(all.hash()).isEqualTo(Hash.fromHex(VECTORS[2][2]));
  }

  @Test
  void combiningWithItselfDoubles() {
    MuHash twice = new MuHash();
    twice.add(element(1));
    twice.remove(element(2));
    twice.combine(twice);
    MuHash expected = new MuHash();
    for (int i = 0; i < 2; i++) {
      expected.add(element(1));
      expected.remove(element(2));
    }
    assertThat(twice.hash()).isEqualTo(expected.hash());
  }

  /** One change: an element and whether it is added. */
  private record Change(int element, boolean added) {
    void apply(MuHash muHash) {
      if (added) {
        muHash.add(MuHashTest.element(element));
      } else {
        muHash.remove(MuHashTest.element(element));
      }
    }
  }

  private static List<Change> changes(List<Byte> bytes) {
    return bytes.stream().map(b -> new Change(b & 7, b < 0)).toList();
  }

  @Property(tries = 100)
  void orderAndGroupingDoNotMatter(
      @ForAll @Size(max = 12) List<Byte> first, @ForAll @Size(max = 12) List<Byte> second) {
    MuHash inOrder = new MuHash();
    changes(first).forEach(change -> change.apply(inOrder));
    changes(second).forEach(change -> change.apply(inOrder));

    MuHash backwards = new MuHash();
    changes(second).reversed().forEach(change -> change.apply(backwards));
    // In the middle, what was gathered is written down and read back.
    MuHash stored = MuHash.decode(backwards.encode());
    changes(first).reversed().forEach(change -> change.apply(stored));

    MuHash firstOnly = new MuHash();
    changes(first).forEach(change -> change.apply(firstOnly));
    MuHash grouped = new MuHash();
    changes(second).forEach(change -> change.apply(grouped));
    grouped.combine(firstOnly);

    assertThat(stored.hash()).isEqualTo(inOrder.hash());
    assertThat(grouped.hash()).isEqualTo(inOrder.hash());
  }

  @Property(tries = 50)
  void normalizingTogetherChangesNoHash(
      @ForAll @Size(max = 8) List<@Size(max = 4) List<Byte>> all) {
    List<MuHash> together = new ArrayList<>();
    List<Hash> alone = new ArrayList<>();
    for (List<Byte> bytes : all) {
      MuHash muHash = new MuHash();
      changes(bytes).forEach(change -> change.apply(muHash));
      alone.add(muHash.copy().hash());
      together.add(muHash);
    }
    together.addAll(List.copyOf(together));
    MuHash.normalizeAll(together);
    assertThat(together.stream().map(MuHash::hash).limit(all.size())).isEqualTo(alone);
    // It can go on from there.
    for (int i = 0; i < all.size(); i++) {
      MuHash muHash = together.get(i);
      changes(all.get(i)).forEach(c -> new Change(c.element, !c.added).apply(muHash));
      assertThat(muHash.hash()).isEqualTo(EMPTY);
    }
  }

  private static byte[] element(int first) {
    byte[] element = new byte[32];
    element[0] = (byte) first;
    return element;
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
