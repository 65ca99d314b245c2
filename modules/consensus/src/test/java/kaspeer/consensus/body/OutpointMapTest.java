package kaspeer.consensus.body;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Outpoint;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Assertions;

class OutpointMapTest {
  /** Few different outpoints, so that the same ones come again and again. */
  private static Outpoint outpoint(int seed) {
    return new Outpoint(Hash.ofWords(0, 0, 0, (seed >>> 2) & 7), seed & 3);
  }

  @Property
  void itDoesWhatAnyMapDoes(@ForAll @Size(max = 200) List<Integer> operations) {
    OutpointMap<Integer> map = new OutpointMap<>(0);
    Map<Outpoint, Integer> expected = new HashMap<>();
    for (int i = 0; i < operations.size(); i++) {
      Outpoint key = outpoint(operations.get(i) >>> 2);
      switch (operations.get(i) & 3) {
        case 0, 1 -> assertThat(map.putIfAbsent(key, i)).isEqualTo(expected.putIfAbsent(key, i));
        case 2 -> assertThat(map.remove(key)).isEqualTo(expected.remove(key));
        default -> assertThat(map.get(key)).isEqualTo(expected.get(key));
      }
      assertThat(map.size()).isEqualTo(expected.size());
    }
    expected.forEach((key, value) -> assertThat(map.get(key)).isEqualTo(value));
  }

  @Example
  void itGrows() {
    OutpointMap<Integer> map = new OutpointMap<>(2);
    for (int i = 0; i < 10_000; i++) {
      assertThat(map.putIfAbsent(new Outpoint(Hash.ZERO, i), i)).isNull();
    }
    for (int i = 0; i < 10_000; i++) {
      assertThat(map.get(new Outpoint(Hash.ZERO, i))).isEqualTo(i);
    }
  }

  @Example
  void outpointsMadeToFallTogetherDoNot() {
    // All have the hash code of Outpoint in common; with it, this would take minutes.
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          OutpointMap<Integer> map = new OutpointMap<>(200_000);
          for (int i = 0; i < 200_000; i++) {
            assertThat(
                    map.putIfAbsent(new Outpoint(Hash.ofWords(i, (long) i << 32, 0, 0), 0), i)
                        == null)
                .isTrue();
          }
        });
  }
}
