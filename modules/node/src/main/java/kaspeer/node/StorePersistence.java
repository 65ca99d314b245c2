package kaspeer.node;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import kaspeer.engine.Persistence;
import kaspeer.storage.KeyValueStore;

/** The engine's small entries in the node's store. */
final class StorePersistence implements Persistence {
  private final KeyValueStore store;

  StorePersistence(KeyValueStore store) {
    this.store = store;
  }

  @Override
  public Optional<byte[]> get(String key) {
    return Optional.ofNullable(store.get(bytes(key)));
  }

  @Override
  public void put(String key, byte[] value) {
    store.put(bytes(key), value);
  }

  @Override
  public void delete(String key) {
    store.delete(bytes(key));
  }

  @Override
  public void scan(String prefix, Visitor visitor) {
    store.forEach(
        bytes(prefix),
        (key, value) -> visitor.visit(new String(key, StandardCharsets.UTF_8), value));
  }

  private static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }
}
