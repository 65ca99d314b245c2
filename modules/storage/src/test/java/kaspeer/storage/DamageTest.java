package kaspeer.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import kaspeer.storage.Database.Family;
import kaspeer.storage.StoreException.Reason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

class DamageTest {
  private static final int HEADERS = 2000;

  @TempDir Path temp;
  private Path directory = Path.of("");

  @BeforeEach
  void fill() {
    directory = temp.resolve("store");
    StoreOptions small = new StoreOptions(directory, TestData.params(), 1 << 20, 1 << 20, 0);
    try (RocksDagStore store = RocksDagStore.open(small)) {
      for (int id = 0; id < HEADERS; id += 100) {
        store.commit(TestData.headers(id, id + 100));
      }
    }
  }

  private List<Path> files(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("db"))) {
      return files
          .filter(file -> file.toString().endsWith(suffix))
          .sorted(Comparator.comparingLong((Path file) -> file.toFile().length()).reversed())
          .toList();
    }
  }

  private static void cut(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private void readAll() {
    try (RocksDagStore store = RocksDagStore.open(StoreOptions.of(directory, TestData.params()))) {
      store.forEachHeader(h -> {});
    }
  }

  private void isDamaged() {
    assertThatThrownBy(this::readAll)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT))
        .hasMessageContaining("damaged")
        .hasMessageStartingWith("the database in " + directory)
        .hasMessageContaining(" is damaged; remove the data directory to sync again: ")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void aTruncatedFileIsDamage() throws IOException {
    Path file = files(".sst").getFirst();
    cut(file, Files.size(file) / 2);
    isDamaged();
  }

  @Test
  void aMissingFileIsDamage() throws IOException {
    Files.delete(files(".sst").getFirst());
    isDamaged();
  }

  @Test
  void aFlippedByteIsDamage() throws IOException {
    Path file = files(".sst").getFirst();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 3] ^= 1;
    Files.write(file, bytes);
    isDamaged();
  }

  @Test
  void aFlippedByteAmidTheWriteAheadLogIsDamage() throws IOException {
    Path log = writeAheadLog();
    byte[] bytes = Files.readAllBytes(log);
    bytes[bytes.length / 3] ^= 1;
    Files.write(log, bytes);
    isDamaged();
  }

  @Test
  void aTornLastRecordOfTheWriteAheadLogIsLetGoOf() throws IOException {
    Path log = writeAheadLog();
    cut(log, Files.size(log) - 7);
    AtomicInteger headers = new AtomicInteger();
    try (RocksDagStore store = RocksDagStore.open(StoreOptions.of(directory, TestData.params()))) {
      store.forEachHeader(h -> headers.incrementAndGet());
    }
    assertThat(headers).hasValue(200);
  }

  /** Of a new store with three batches of a hundred headers that were never written elsewhere. */
  private Path writeAheadLog() throws IOException {
    directory = temp.resolve("young");
    try (RocksDagStore store = RocksDagStore.open(StoreOptions.of(directory, TestData.params()))) {
      for (int id = 0; id < 300; id += 100) {
        store.commit(TestData.headers(id, id + 100));
      }
    }
    return files(".log").getFirst();
  }

  @Test
  void aMissingCurrentFileIsDamageAndNotANewStore() throws IOException {
    Files.delete(directory.resolve("db/CURRENT"));
    isDamaged();
  }

  /** Whatever is read, an operator is told the same. */
  @Test
  void aDamagedBodyIsToldWithItsPlaceAndAdvice() {
    change(batch -> batch.put(Family.BODIES, Ids.key(3), new byte[] {9}));
    try (RocksDagStore store = RocksDagStore.open(StoreOptions.of(directory, TestData.params()))) {
      assertThatThrownBy(() -> store.body(3))
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT))
          .hasMessageStartingWith(
              "the database in "
                  + directory.resolve("db")
                  + " is damaged; remove the data directory to sync again: body 3, byte ");
    }
  }

  private void change(Database.Changes changes) {
    StoreOptions options = StoreOptions.of(directory, TestData.params());
    try (Database database =
        Database.open(directory.resolve("db"), directory.resolve("native"), options)) {
      database.write(changes);
    }
  }

  @Test
  void aRecordThatIsNoHeaderIsDamage() {
    change(batch -> batch.put(Family.HEADERS, Ids.key(1500), new byte[] {1, 2, 3}));
    isDamaged();
    assertThatThrownBy(this::readAll).hasMessageContaining("header 1500");
  }

  @Test
  void aMissingRecordIsDamage() {
    change(batch -> batch.delete(Family.HEADERS, Ids.key(17)));
    isDamaged();
    assertThatThrownBy(this::readAll).hasMessageContaining("header 17 is missing");
  }

  @Test
  void aBodyWithoutItsHeaderIsDamage() {
    change(batch -> batch.put(Family.BODY_IDS, Ids.key(HEADERS), new byte[0]));
    isDamaged();
    assertThatThrownBy(this::readAll).hasMessageContaining("header " + HEADERS + " is missing");
  }

  @Test
  void aKeyThatIsNoIdIsDamage() {
    change(batch -> batch.put(Family.HEADERS, new byte[] {1}, new byte[0]));
    isDamaged();
    change(batch -> batch.delete(Family.HEADERS, new byte[] {1}));
    change(batch -> batch.put(Family.INVALID, new byte[] {1}, new byte[0]));
    StoreOptions options = StoreOptions.of(directory, TestData.params());
    try (RocksDagStore store = RocksDagStore.open(options)) {
      assertThatThrownBy(store::invalidHashes)
          .isInstanceOf(StoreException.class)
          .hasMessage(
              "the database in "
                  + directory.resolve("db")
                  + " is damaged; remove the data directory to sync again: a hash of 1 bytes");
    }
  }

  @Test
  void afterDamageTheDirectoryIsNotLeftLocked() throws IOException {
    Path file = files(".sst").getFirst();
    byte[] whole = Files.readAllBytes(file);
    cut(file, 100);
    isDamaged();
    Files.write(file, whole);
    readAll();
    assertThat(Files.size(file)).isEqualTo(whole.length);
  }

  @Test
  void aLogThatLostItsEndLosesWholeCommitsFromTheEndOnly() throws IOException {
    Path directory2 = temp.resolve("cut-log");
    List<Integer> found = new ArrayList<>();
    try (RocksDagStore store = RocksDagStore.open(StoreOptions.of(directory2, TestData.params()))) {
      for (int id = 0; id < 60; id += 10) {
        store.commit(TestData.headers(id, id + 10));
      }
    }
    // The store was closed without a flush, as after a kill: all of it is in the log.
    try (Stream<Path> logs = Files.list(directory2.resolve("db"))) {
      Path log =
          logs.filter(file -> file.toString().endsWith(".log"))
              .max(Comparator.comparingLong(file -> file.toFile().length()))
              .orElseThrow();
      assertThat(Files.size(log)).isPositive();
      cut(log, Files.size(log) * 3 / 4);
    }
    try (RocksDagStore store = RocksDagStore.open(StoreOptions.of(directory2, TestData.params()))) {
      store.forEachHeader(h -> found.add(h.id()));
      assertThat(found).hasSizeBetween(10, 50);
      assertThat(found.size() % 10).isZero();
      store.commit(TestData.headers(found.size(), found.size() + 1));
    }
  }

  @Test
  void aFullDiskIsNamed() {
    Status noSpace =
        new Status(Status.Code.IOError, Status.SubCode.NoSpace, "No space left on device");
    StoreException error =
        StoreErrors.atUse(
            directory,
            "cannot write to the database",
            new RocksDBException("x: No space\nleft", noSpace));
    assertThat(error.reason()).isEqualTo(Reason.DISK_FULL);
    assertThat(error)
        .hasMessage("cannot write to the database, the disk is full: x: No space; left");
    assertThat(StoreErrors.atOpen(directory, new RocksDBException(noSpace)).reason())
        .isEqualTo(Reason.DISK_FULL);
  }
}
