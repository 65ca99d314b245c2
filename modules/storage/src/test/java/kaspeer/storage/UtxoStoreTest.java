package kaspeer.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import kaspeer.consensus.DagStore.ChainBlock;
import kaspeer.consensus.DagStore.Change;
import kaspeer.consensus.DagStore.Position;
import kaspeer.consensus.DagStore.StoredHeader;
import kaspeer.consensus.DagStore.StoredLane;
import kaspeer.consensus.utxo.UtxoDiff;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The UTXO set and what goes with it. */
class UtxoStoreTest {
  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(11);

  private RocksDagStore open() {
    return RocksDagStore.open(
        new StoreOptions(directory, TestData.params(), 1 << 20, 1 << 20, 1 << 20));
  }

  private Outpoint outpoint() {
    return new Outpoint(TestData.hash(random), random.nextInt());
  }

  private UtxoEntry entry() {
    byte[] script = new byte[random.nextInt(3) == 0 ? random.nextInt(200) : 34];
    random.nextBytes(script);
    if (script.length == 34 && random.nextBoolean()) {
      script[0] = 0x20;
      script[33] = (byte) 0xac;
    }
    return new UtxoEntry(
        random.nextLong(),
        new ScriptPublicKey(random.nextInt(5) == 0 ? 0xFFFF : 0, script),
        random.nextLong(),
        random.nextBoolean(),
        random.nextInt(4) == 0 ? TestData.hash(random) : null);
  }

  private static String text(UtxoEntry entry) {
    return entry.amount()
        + " "
        + entry.blockDaaScore()
        + " "
        + entry.coinbase()
        + " "
        + entry.covenantId()
        + " "
        + entry.scriptPublicKey().version()
        + Arrays.toString(entry.scriptPublicKey().script());
  }

  private static Map<Outpoint, String> all(RocksDagStore store) {
    Map<Outpoint, String> found = new HashMap<>();
    store.forEachUtxo((outpoint, entry) -> found.put(outpoint, text(entry)));
    return found;
  }

  private static Change.Moved moved(UtxoDiff diff) {
    return new Change.Moved(new Position(1, 0), diff, List.of(), List.of());
  }

  @Test
  void anEntryIsReadAsItWasWritten() {
    for (int i = 0; i < 2000; i++) {
      UtxoEntry entry = entry();
      assertThat(text(UtxoCodec.decode(UtxoCodec.encode(entry)))).isEqualTo(text(entry));
      Outpoint outpoint = outpoint();
      assertThat(UtxoCodec.outpoint(UtxoCodec.key(outpoint))).isEqualTo(outpoint);
    }
  }

  @Test
  void aDamagedEntryIsRefused() {
    for (int i = 0; i < 300; i++) {
      byte[] bytes = UtxoCodec.encode(entry());
      byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      assertThatThrownBy(() -> UtxoCodec.decode(cut)).isInstanceOf(Damage.class);
    }
  }

  @Test
  void theSetIsWhatTheDiffsMakeOfItAlsoAfterReopening() {
    Map<Outpoint, UtxoEntry> expected = new HashMap<>();
    for (int round = 0; round < 6; round++) {
      try (RocksDagStore store = open()) {
        for (int batch = 0; batch < 5; batch++) {
          UtxoDiff diff = new UtxoDiff();
          for (Outpoint spent : expected.keySet().stream().limit(40).toList()) {
            UtxoEntry old = Objects.requireNonNull(expected.remove(spent));
            diff.remove(spent, old);
            if (random.nextInt(4) == 0) { // accepted again, by another block
              UtxoEntry again =
                  new UtxoEntry(
                      old.amount(),
                      old.scriptPublicKey(),
                      old.blockDaaScore() + 1,
                      old.coinbase(),
                      old.covenantId());
              diff.add(spent, again);
              expected.put(spent, again);
            }
          }
          for (int i = 0; i < 100; i++) {
            Outpoint made = outpoint();
            UtxoEntry entry = entry();
            diff.add(made, entry);
            expected.put(made, entry);
          }
          store.commit(List.of(moved(diff)));
        }
        Map<Outpoint, String> texts = new HashMap<>();
        expected.forEach((outpoint, entry) -> texts.put(outpoint, text(entry)));
        assertThat(all(store)).isEqualTo(texts);
      }
    }
  }

  @Test
  void entriesAreFoundOneByOneAndTogetherAndAbsentOnesAreNot() {
    try (RocksDagStore store = open()) {
      UtxoDiff diff = new UtxoDiff();
      List<Outpoint> asked = new ArrayList<>();
      Map<Outpoint, String> texts = new HashMap<>();
      for (int i = 0; i < 300; i++) {
        Outpoint outpoint = outpoint();
        asked.add(outpoint);
        if (i % 3 != 0) {
          UtxoEntry entry = entry();
          diff.add(outpoint, entry);
          texts.put(outpoint, text(entry));
        }
      }
      store.commit(List.of(moved(diff)));
      var found = store.utxos(asked);
      for (int i = 0; i < asked.size(); i++) {
        UtxoEntry one = store.utxo(asked.get(i));
        UtxoEntry together = found.get(i);
        String expected = texts.get(asked.get(i));
        assertThat(one == null ? null : text(one)).isEqualTo(expected);
        assertThat(together == null ? null : text(together)).isEqualTo(expected);
      }
      assertThat(store.utxos(List.of())).isEmpty();
    }
  }

  @Test
  void whatQualifiedAndWhatDidNotIsThereAfterReopening() {
    byte[] delta = {1, 2, 3};
    byte[] multiset = {4};
    byte[] acceptance = {5, 6};
    StoredLane touched = new StoredLane(TestData.hash(random), TestData.hash(random), 77);
    StoredLane expired = new StoredLane(TestData.hash(random), TestData.hash(random), 1);
    try (RocksDagStore store = open()) {
      assertThat(store.position()).isNull();
      store.commit(TestData.headers(0, 5));
      store.commit(
          List.of(
              TestData.bodyAdded(1),
              TestData.bodyAdded(2),
              TestData.bodyAdded(3),
              new Change.Qualified(1, new ChainBlock(delta, multiset, acceptance)),
              new Change.Disqualified(2),
              new Change.Moved(
                  new Position(1, 0), new UtxoDiff(), List.of(touched, expired), List.of())));
      store.commit(
          List.of(
              new Change.Moved(
                  new Position(4, 1), new UtxoDiff(), List.of(), List.of(expired.key()))));
    }
    try (RocksDagStore store = open()) {
      assertThat(store.position()).isEqualTo(new Position(4, 1));
      assertThat(store.delta(1)).isEqualTo(delta);
      assertThat(store.multiset(1)).isEqualTo(multiset);
      assertThat(store.acceptance(1)).isEqualTo(acceptance);
      assertThat(store.delta(2)).isNull();
      List<BlockStatus> statuses = new ArrayList<>();
      store.forEachHeader(stored -> statuses.add(stored.status()));
      assertThat(statuses)
          .containsExactly(
              BlockStatus.HEADER_ONLY,
              BlockStatus.UTXO_VALID,
              BlockStatus.DISQUALIFIED_FROM_CHAIN,
              BlockStatus.BODY,
              BlockStatus.HEADER_ONLY);
      List<StoredLane> lanes = new ArrayList<>();
      store.forEachLane(lanes::add);
      assertThat(lanes).containsExactly(touched);
    }
  }

  @Test
  void aDirectoryOfFormat1IsTakenOver() throws IOException {
    try (RocksDagStore store = open()) {
      store.commit(TestData.headers(0, 2));
      store.commit(List.of(TestData.bodyAdded(1)));
    }
    Path format = directory.resolve("FORMAT");
    String text = Files.readString(format);
    Files.writeString(format, text.replace("kaspeer-store 2\n", "kaspeer-store 1\n"));
    try (RocksDagStore store = open()) {
      List<StoredHeader> headers = new ArrayList<>();
      store.forEachHeader(headers::add);
      assertThat(headers.get(1).hasBody()).isTrue();
      assertThat(store.position()).isNull();
      assertThat(store.utxo(new Outpoint(Hash.ZERO, 0))).isNull();
    }
    assertThat(format).content().isEqualTo(text);
  }
}
