package kaspeer.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kaspeer.storage.KeyValueStore.Write;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyValueStoreTest {
  @TempDir Path directory;
  private RocksDagStore store;

  @BeforeEach
  void open() {
    store = RocksDagStore.open(StoreOptions.of(directory, TestData.params()));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static Map<String, String> entries(KeyValueStore area, String prefix) {
    Map<String, String> found = new LinkedHashMap<>();
    area.forEach(bytes(prefix), (k, v) -> found.put(new String(k, UTF_8), new String(v, UTF_8)));
    return found;
  }

  @Test
  void aValueIsThereUntilItIsDeleted() {
    KeyValueStore bans = store.keyValues("bans");
    bans.put(bytes("10.0.0.1"), bytes("spam"));
    bans.put(bytes("10.0.0.1"), bytes("more spam"));
    assertThat(bans.get(bytes("10.0.0.1"))).isEqualTo(bytes("more spam"));
    bans.delete(bytes("10.0.0.1"));
    assertThat(bans.get(bytes("10.0.0.1"))).isNull();
    bans.delete(bytes("never there"));
    assertThat(entries(bans, "")).isEmpty();
  }

  @Test
  void areasDoNotSeeEachOther() {
    KeyValueStore bans = store.keyValues("ban");
    KeyValueStore others = store.keyValues("bans");
    bans.put(bytes("s1"), bytes("1"));
    others.put(bytes("1"), bytes("2"));
    assertThat(entries(bans, "")).containsExactly(entry("s1", "1"));
    assertThat(entries(others, "")).containsExactly(entry("1", "2"));
    assertThat(entries(store.keyValues("ban"), "s")).containsExactly(entry("s1", "1"));
  }

  @Test
  void iterationByPrefixIsInOrderOfUnsignedBytes() {
    KeyValueStore area = store.keyValues("area");
    for (String key : List.of("bb", "b", "a", "bé", "c", "ba")) {
      area.put(bytes(key), bytes(key));
    }
    assertThat(entries(area, "b").keySet()).containsExactly("b", "ba", "bb", "bé");
  }

  @Test
  void aBatchIsMadeInOrderAndSurvivesReopening() {
    KeyValueStore area = store.keyValues("area");
    area.put(bytes("old"), bytes("1"));
    area.write(
        List.of(
            new Write.Put(bytes("a"), bytes("1")),
            new Write.Delete(bytes("old")),
            new Write.Put(bytes("a"), bytes("2")),
            new Write.Put(new byte[0], new byte[0])));
    store.close();
    open();
    assertThat(entries(store.keyValues("area"), ""))
        .containsExactly(entry("", ""), entry("a", "2"));
  }

  @Test
  void anAreaNeedsAName() {
    assertThatThrownBy(() -> store.keyValues("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.keyValues("a\0b")).isInstanceOf(IllegalArgumentException.class);
  }
}
