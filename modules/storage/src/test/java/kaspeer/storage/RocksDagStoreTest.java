package kaspeer.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kaspeer.consensus.DagStore.Change;
import kaspeer.consensus.DagStore.StoredHeader;
import kaspeer.primitives.Hash;
import kaspeer.storage.StoreException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksDagStoreTest {
  @TempDir Path directory;

  private RocksDagStore open() {
    return RocksDagStore.open(StoreOptions.of(directory, TestData.params()));
  }

  private static List<StoredHeader> all(RocksDagStore store) {
    List<StoredHeader> found = new ArrayList<>();
    store.forEachHeader(found::add);
    return found;
  }

  @Test
  void aNewStoreIsEmpty() {
    try (RocksDagStore store = open()) {
      assertThat(all(store)).isEmpty();
      assertThat(store.invalidHashes()).isEmpty();
      assertThat(store.body(0)).isNull();
      assertThat(store.headerCount()).isZero();
    }
  }

  @Test
  void whatWasCommittedIsThereAfterReopening() {
    Hash neverAdded = Hash.ofWords(9, 9, 9, 9);
    try (RocksDagStore store = open()) {
      store.commit(TestData.headers(0, 300));
      store.commit(List.of(TestData.bodyAdded(0), TestData.bodyAdded(257)));
      store.commit(
          List.of(
              new Change.Invalidated(neverAdded, -1),
              new Change.Invalidated(TestData.header(5).hash(), 5)));
    }
    try (RocksDagStore store = open()) {
      List<StoredHeader> headers = all(store);
      assertThat(headers).hasSize(300);
      for (int id = 0; id < 300; id++) {
        StoredHeader stored = headers.get(id);
        assertThat(stored.id()).isEqualTo(id);
        assertThat(TestData.fields(stored.header()))
            .isEqualTo(TestData.fields(TestData.header(id)));
        assertThat(stored.dagData()).isEqualTo(TestData.dagData(id));
        assertThat(stored.hasBody()).isEqualTo(id == 0 || id == 257);
      }
      assertThat(TestData.fields(store.header(299)))
          .isEqualTo(TestData.fields(TestData.header(299)));
      assertThat(store.body(257))
          .satisfies(
              b -> assertThat(TestData.fields(b)).isEqualTo(TestData.fields(TestData.body(257))));
      assertThat(store.body(256)).isNull();
      assertThat(store.invalidHashes())
          .containsExactlyInAnyOrder(neverAdded, TestData.header(5).hash());
      assertThat(store.headerCount()).isEqualTo(300);
    }
  }

  @Test
  void aCommitThatWouldLeaveAGapChangesNothing() {
    try (RocksDagStore store = open()) {
      store.commit(TestData.headers(0, 2));
      List<Change> gap =
          List.of(TestData.headerAdded(2), TestData.bodyAdded(1), TestData.headerAdded(4));
      assertThatThrownBy(() -> store.commit(gap))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("header 4 where 3 must come");
      assertThat(all(store)).hasSize(2);
      assertThat(store.body(1)).isNull();
      store.commit(TestData.headers(2, 3));
      assertThat(all(store)).hasSize(3);
    }
  }

  @Test
  void aBodyNeedsItsHeader() {
    try (RocksDagStore store = open()) {
      store.commit(TestData.headers(0, 1));
      assertThatThrownBy(() -> store.commit(List.of(TestData.bodyAdded(1))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("body 1 without a header, there are 1");
      store.commit(List.of(TestData.headerAdded(1), TestData.bodyAdded(1)));
      assertThat(store.body(1)).isNotNull();
    }
  }

  @Test
  void anIdThatWasNeverCommittedHasNoHeader() {
    try (RocksDagStore store = open()) {
      store.commit(TestData.headers(0, 1));
      assertThatThrownBy(() -> store.header(1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.header(-1)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void headersAreReadFromDiskWhenTheCacheHasNoRoom() {
    StoreOptions noCache = new StoreOptions(directory, TestData.params(), 1 << 20, 1 << 20, 0);
    try (RocksDagStore store = RocksDagStore.open(noCache)) {
      store.commit(TestData.headers(0, 50));
      for (int id = 49; id >= 0; id--) {
        assertThat(TestData.fields(store.header(id)))
            .isEqualTo(TestData.fields(TestData.header(id)));
      }
    }
  }

  @Test
  void aStoreOfMoreThanItsBuffersIsWhole() {
    StoreOptions small = new StoreOptions(directory, TestData.params(), 1 << 20, 1 << 20, 0);
    int headers = 6000;
    try (RocksDagStore store = RocksDagStore.open(small)) {
      for (int id = 0; id < headers; id += 500) {
        store.commit(TestData.headers(id, id + 500));
      }
    }
    try (RocksDagStore store = RocksDagStore.open(small)) {
      assertThat(all(store)).hasSize(headers);
    }
  }

  @Test
  void aClosedStoreSaysSo() {
    RocksDagStore store = open();
    store.commit(TestData.headers(0, 1));
    KeyValueStore area = store.keyValues("area");
    store.close();
    store.close();
    List<Runnable> calls =
        List.of(
            () -> store.commit(TestData.headers(1, 2)),
            () -> store.body(0),
            () -> store.forEachHeader(h -> {}),
            store::invalidHashes,
            () -> area.put(new byte[1], new byte[1]),
            () -> area.get(new byte[1]));
    for (Runnable call : calls) {
      assertThatThrownBy(call::run)
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
    }
  }

  @Test
  void readersSeeWholeCommitsWhileTheWriterGoesOn() throws Exception {
    try (RocksDagStore store = open()) {
      store.commit(List.of(TestData.headerAdded(0), TestData.bodyAdded(0)));
      List<Integer> broken = new ArrayList<>();
      Thread reader =
          Thread.ofPlatform()
              .start(
                  () -> {
                    int seen;
                    do {
                      seen = store.headerCount();
                      // Header and body of a block were committed together.
                      if (store.header(seen - 1) == null || store.body(seen - 1) == null) {
                        broken.add(seen);
                      }
                    } while (seen < 400);
                  });
      for (int id = 1; id < 400; id++) {
        store.commit(List.of(TestData.headerAdded(id), TestData.bodyAdded(id)));
      }
      reader.join();
      assertThat(broken).isEmpty();
    }
  }
}
