package kaspeer.consensus.dag;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The pooled structures against the collections they stand for. */
class IntStructuresPropertiesTest {
  @Property(tries = 100)
  void listsHoldWhatWasInserted(@ForAll long seed) {
    Random random = new Random(seed);
    IntLists lists = new IntLists();
    int ids = 1 + random.nextInt(20);
    lists.ensure(ids);
    List<List<Integer>> expected = new ArrayList<>();
    for (int i = 0; i < ids; i++) {
      expected.add(new ArrayList<>());
    }
    for (int i = 0; i < 2000; i++) {
      int id = random.nextInt(1 + random.nextInt(ids));
      int index = random.nextInt(expected.get(id).size() + 1);
      expected.get(id).add(index, i);
      lists.insert(id, index, i);
    }
    for (int id = 0; id < ids; id++) {
      assertThat(lists.toArray(id))
          .containsExactly(expected.get(id).stream().mapToInt(Integer::intValue).toArray());
      assertThat(lists.size(id)).isEqualTo(expected.get(id).size());
      for (int i = 0; i < lists.size(id); i++) {
        assertThat(lists.get(id, i)).isEqualTo(expected.get(id).get(i));
      }
    }
  }

  @Example
  void aListMayBeLongerThanAChunkOfThePool() {
    IntLists lists = new IntLists();
    lists.ensure(2);
    for (int i = 0; i < 100_000; i++) {
      lists.add(i & 1, i);
    }
    assertThat(lists.get(0, 49_999)).isEqualTo(99_998);
    assertThat(lists.last(1)).isEqualTo(99_999);
  }

  @Property(tries = 100)
  void mapsHoldWhatWasPutAndNothingAfterClearing(@ForAll long seed) {
    Random random = new Random(seed);
    IntMap map = new IntMap();
    for (int round = 0; round < 10; round++) {
      Map<Integer, Integer> expected = new LinkedHashMap<>();
      int keys = 1 + random.nextInt(300);
      for (int i = random.nextInt(300); i > 0; i--) {
        int key = random.nextInt(keys);
        assertThat(map.put(key, i)).isEqualTo(expected.put(key, i) == null);
      }
      List<Integer> order = new ArrayList<>(expected.keySet());
      assertThat(map.size()).isEqualTo(order.size());
      for (int i = 0; i < order.size(); i++) {
        assertThat(map.key(i)).isEqualTo(order.get(i));
        assertThat(map.value(i)).isEqualTo(expected.get(order.get(i)));
      }
      for (int key = 0; key < keys; key++) {
        assertThat(map.get(key)).isEqualTo(expected.getOrDefault(key, IntMap.ABSENT));
      }
      map.clear();
      assertThat(map.get(random.nextInt(keys))).isEqualTo(IntMap.ABSENT);
    }
  }
}
