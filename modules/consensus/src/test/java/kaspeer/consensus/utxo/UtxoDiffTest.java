package kaspeer.consensus.utxo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The algebra of UTXO diffs (consensus reference 6.9). */
class UtxoDiffTest {
  private static final Outpoint OUTPOINT = Entries.outpoint(1);

  /** Reads {@code +0-1}: adds the outpoint with DAA score 0, removes it with DAA score 1. */
  private static UtxoDiff diff(String text) {
    UtxoDiff added = new UtxoDiff();
    UtxoDiff removed = new UtxoDiff();
    for (int i = 0; i < text.length(); i += 2) {
      UtxoEntry entry = Entries.entry(text.charAt(i + 1) - '0');
      (text.charAt(i) == '+' ? added : removed).add(OUTPOINT, entry);
    }
    return UtxoDiff.of(added, removed);
  }

  @ParameterizedTest(name = "{0} then {1} is {2}")
  @CsvSource({
    "+0, +0, added twice",
    "+0, +1, added twice",
    "+0, -0, ''",
    "+0, -1, +0-1",
    "+0, +0-1, added twice",
    "+0, +1-0, +1",
    "+0, '', +0",
    "-0, +0, ''",
    "-0, +1, +1-0",
    "-0, -0, removed twice",
    "-0, -1, removed twice",
    "-0, +0-1, removed twice",
    "-0, +1-0, removed twice",
    "-0, '', -0",
    "+0-1, +0, added twice",
    "+0-1, +1, added twice",
    "+0-1, -0, -1",
    "+0-1, -1, removed twice",
    "+0-1, +0-1, removed twice",
    "+0-1, +1-0, ''",
    "+0-1, '', +0-1",
    "'', +0, +0",
    "'', -0, -0",
    "'', +0-1, +0-1",
    "'', '', ''"
  })
  void oneDiffAfterTheOther(String first, String second, String expected) {
    UtxoDiff result = diff(first);
    if (expected.endsWith("twice")) {
      assertThatThrownBy(() -> result.then(diff(second)))
          .isInstanceOf(UtxoConflictException.class)
          .hasMessageStartingWith(expected);
    } else {
      result.then(diff(second));
      assertThat(Entries.text(result)).isEqualTo(Entries.text(diff(expected)));
    }
  }

  @Test
  void aViewAfterADiffShowsWhatItAddsAndWhatItLeaves() {
    UtxoView base = outpoint -> outpoint.index() == 0 ? Entries.entry(5) : null;
    UtxoDiff diff = new UtxoDiff();
    UtxoView view = base.after(diff);
    Outpoint there = Entries.outpoint(3);
    Outpoint absent = Entries.outpoint(1);
    assertThat(view.get(there)).isEqualTo(Entries.entry(5));
    assertThat(view.get(absent)).isNull();
    diff.remove(there, Entries.entry(5));
    diff.add(absent, Entries.entry(7));
    assertThat(view.get(there)).isNull();
    assertThat(view.get(absent)).isEqualTo(Entries.entry(7));
    diff.add(there, Entries.entry(8));
    assertThat(view.get(there)).isEqualTo(Entries.entry(8));
    assertThat(view.get(Entries.outpoint(6))).isEqualTo(Entries.entry(5));
  }

  /** A UTXO set as a plain map, and diffs that are recorded while it changes. */
  private static final class Naive {
    final Map<Outpoint, UtxoEntry> set = new HashMap<>();
    final List<UtxoDiff> diffs = new ArrayList<>();

    /** Spends and makes some outputs, as one block would. */
    void step(Random random, int outpoints) {
      UtxoDiff diff = new UtxoDiff();
      for (int i = 0; i < 6; i++) {
        Outpoint outpoint = Entries.outpoint(random.nextInt(outpoints));
        UtxoEntry present = set.remove(outpoint);
        if (present != null) {
          diff.remove(outpoint, present);
        } else {
          UtxoEntry made = Entries.entry(random.nextInt(3));
          set.put(outpoint, made);
          diff.add(outpoint, made);
        }
      }
      diffs.add(diff);
    }

    static void apply(Map<Outpoint, UtxoEntry> set, UtxoDiff diff) {
      diff.forEachRemoved((outpoint, entry) -> assertThat(set.remove(outpoint)).isEqualTo(entry));
      diff.forEachAdded((outpoint, entry) -> assertThat(set.put(outpoint, entry)).isNull());
    }
  }

  @Property(tries = 300)
  void diffsInARowDoWhatTheirCompositionDoes(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 8) int steps) {
    Naive naive = new Naive();
    naive.step(random, 9);
    naive.step(random, 9);
    Map<Outpoint, UtxoEntry> base = new HashMap<>(naive.set);
    naive.diffs.clear();
    for (int i = 0; i < steps; i++) {
      naive.step(random, 9);
    }
    UtxoDiff whole = new UtxoDiff();
    naive.diffs.forEach(whole::then);
    Map<Outpoint, UtxoEntry> set = new HashMap<>(base);
    Naive.apply(set, whole);
    assertThat(set).isEqualTo(naive.set);
    for (Outpoint outpoint : List.copyOf(naive.set.keySet())) {
      UtxoView view = base::get;
      assertThat(view.after(whole).get(outpoint)).isEqualTo(naive.set.get(outpoint));
    }
    Naive.apply(set, whole.reversed());
    assertThat(set).isEqualTo(base);
    naive.diffs.reversed().forEach(diff -> whole.then(diff.reversed()));
    assertThat(whole.isEmpty()).isTrue();
  }

  @Property(tries = 300)
  void compositionIsAssociative(@ForAll Random random) {
    Naive naive = new Naive();
    for (int i = 0; i < 4; i++) {
      naive.step(random, 6);
    }
    UtxoDiff left = new UtxoDiff();
    naive.diffs.subList(1, 4).forEach(left::then);
    UtxoDiff tail = new UtxoDiff();
    naive.diffs.subList(2, 4).forEach(tail::then);
    UtxoDiff right = new UtxoDiff();
    right.then(naive.diffs.get(1));
    right.then(tail);
    assertThat(Entries.text(right)).isEqualTo(Entries.text(left));
  }
}
