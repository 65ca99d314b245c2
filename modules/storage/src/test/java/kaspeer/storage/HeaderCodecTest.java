package kaspeer.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.ParentsByLevel;
import kaspeer.primitives.ParentsByLevel.Run;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class HeaderCodecTest {
  @Property(tries = 300)
  void everyHeaderComesBackAsItWas(@ForAll("headers") Header header, @ForAll byte[] dagData) {
    byte[] record = HeaderCodec.encode(header, dagData);
    HeaderCodec.Stored stored = HeaderCodec.decode(7, record);
    assertThat(TestData.fields(stored.header())).isEqualTo(TestData.fields(header));
    assertThat(stored.dagData()).isEqualTo(dagData);
    assertThat(TestData.fields(HeaderCodec.decodeHeader(7, record)))
        .isEqualTo(TestData.fields(header));
  }

  @Property(tries = 300)
  void aShorterRecordIsDamage(
      @ForAll("headers") Header header, @ForAll byte[] dagData, @ForAll int cut) {
    byte[] record = HeaderCodec.encode(header, dagData);
    byte[] shorter = Arrays.copyOf(record, Math.floorMod(cut, record.length));
    assertThatThrownBy(() -> HeaderCodec.decode(7, shorter))
        .isInstanceOf(Damage.class)
        .hasMessageContaining("header 7");
  }

  @Property(tries = 500)
  void aChangedByteIsReadOrIsDamage(
      @ForAll("headers") Header header, @ForAll int at, @ForAll byte change) {
    byte[] record = HeaderCodec.encode(header, new byte[3]);
    record[Math.floorMod(at, record.length)] ^= change;
    assertThat(outcome(record)).isIn("read", "damaged");
  }

  @Property(tries = 1000)
  void arbitraryBytesAreReadOrAreDamage(@ForAll byte[] bytes) {
    byte[] record = new byte[bytes.length + 1];
    record[0] = 1;
    System.arraycopy(bytes, 0, record, 1, bytes.length);
    assertThat(outcome(record)).isIn("read", "damaged");
  }

  @Example
  void anUnknownFormIsDamage() {
    byte[] record = HeaderCodec.encode(TestData.header(1), new byte[0]);
    record[0] = 2;
    assertThatThrownBy(() -> HeaderCodec.decode(1, record)).hasMessageContaining("unknown form 2");
  }

  @Example
  void aTrailingByteIsDamage() {
    byte[] record = HeaderCodec.encode(TestData.header(1), new byte[0]);
    assertThatThrownBy(() -> HeaderCodec.decode(1, Arrays.copyOf(record, record.length + 1)))
        .hasMessageContaining("1 bytes too many");
  }

  @Example
  void aParentThatRecursInAllRunsIsWrittenOnce() {
    Hash parent = Hash.ofWords(1, 2, 3, 4);
    List<Run> runs = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      runs.add(new Run(i, List.of(parent, Hash.ofWords(0, 0, 0, i % 2))));
    }
    Header header = with(new ParentsByLevel(runs));
    assertThat(HeaderCodec.encode(header, new byte[0])).hasSizeLessThan(400);
  }

  private static String outcome(byte[] record) {
    try {
      HeaderCodec.decode(7, record);
      return "read";
    } catch (Damage e) {
      return "damaged";
    }
  }

  private static Header with(ParentsByLevel parents) {
    Hash zero = Hash.ZERO;
    return new Header(0, parents, zero, zero, zero, 0, 0, 0, 0, BlueWork.ZERO, 0, zero);
  }

  @Provide
  Arbitrary<Header> headers() {
    Arbitrary<Long> longs = Arbitraries.longs();
    Arbitrary<Hash> hashes = Combinators.combine(longs, longs, longs, longs).as(Hash::ofWords);
    Arbitrary<BlueWork> works = Combinators.combine(longs, longs, longs).as(BlueWork::new);
    Arbitrary<long[]> numbers = longs.array(long[].class).ofSize(4);
    return Combinators.combine(
            Arbitraries.integers().between(0, 65_535),
            parents(),
            hashes.list().ofSize(4),
            numbers,
            Arbitraries.integers(),
            works)
        .as(
            (version, parents, four, n, bits, work) ->
                new Header(
                    version,
                    parents,
                    four.get(0),
                    four.get(1),
                    four.get(2),
                    n[0],
                    bits,
                    n[1],
                    n[2],
                    work,
                    n[3],
                    four.get(3)));
  }

  /** Few distinct hashes, so that runs share some. */
  private static Arbitrary<ParentsByLevel> parents() {
    Arbitrary<Hash> few = Arbitraries.integers().between(0, 9).map(i -> Hash.ofWords(i, 5, 6, 7));
    Arbitrary<Set<Integer>> levels = Arbitraries.integers().between(1, 255).set().ofMaxSize(9);
    return Combinators.combine(levels, few.list().ofMaxSize(6).list().ofSize(9))
        .as(
            (ends, lists) -> {
              List<Run> runs = new ArrayList<>();
              int i = 0;
              for (int end : new TreeSet<>(ends)) {
                List<Hash> list = new ArrayList<>(lists.get(i++));
                if (!runs.isEmpty() && runs.getLast().parents().equals(list)) {
                  list.add(Hash.ORIGIN);
                }
                runs.add(new Run(end, list));
              }
              return new ParentsByLevel(runs);
            });
  }
}
