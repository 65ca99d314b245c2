package kaspeer.storage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import kaspeer.storage.Database.Family;
import org.jspecify.annotations.Nullable;

/** One area; its keys are kept with the area's name, and a zero byte, before them. */
final class RocksKeyValueStore implements KeyValueStore {
  private final Database database;
  private final byte[] area;

  /**
   * @throws IllegalArgumentException if the name is empty or holds a zero byte
   */
  RocksKeyValueStore(Database database, String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("an area needs a name without zero bytes");
    }
    this.database = database;
    this.area = (name + '\0').getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return database.get(Family.VALUES, inArea(key));
  }

  @Override
  public void forEach(byte[] prefix, BiConsumer<byte[], byte[]> visitor) {
    byte[] start = inArea(prefix);
    database.scan(
        Family.VALUES,
        start,
        (key, value) -> {
          if (!startsWith(key, start)) {
            return false;
          }
          visitor.accept(Arrays.copyOfRange(key, area.length, key.length), value);
          return true;
        });
  }

  @Override
  public void write(List<Write> changes) {
    database.write(
        batch -> {
          for (Write change : changes) {
            switch (change) {
              case Write.Put(byte[] key, byte[] value) ->
                  batch.put(Family.VALUES, inArea(key), value);
              case Write.Delete(byte[] key) -> batch.delete(Family.VALUES, inArea(key));
            }
          }
        });
  }

  private byte[] inArea(byte[] key) {
    byte[] full = Arrays.copyOf(area, area.length + key.length);
    System.arraycopy(key, 0, full, area.length, key.length);
    return full;
  }

  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.mismatch(prefix, 0, prefix.length, key, 0, prefix.length) < 0;
  }
}
