package kaspeer.engine;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Forgets everything when the process ends: for tests and for nodes that are to leave no trace. */
public final class InMemoryPersistence implements Persistence {
  private final ConcurrentSkipListMap<String, byte[]> entries = new ConcurrentSkipListMap<>();

  @Override
  public Optional<byte[]> get(String key) {
    return Optional.ofNullable(entries.get(key)).map(byte[]::clone);
  }

  @Override
  public void put(String key, byte[] value) {
    entries.put(key, value.clone());
  }

  @Override
  public void delete(String key) {
    entries.remove(key);
  }

  @Override
  public void scan(String prefix, Visitor visitor) {
    for (Map.Entry<String, byte[]> entry : entries.tailMap(prefix).entrySet()) {
      if (!entry.getKey().startsWith(prefix)) {
        return;
      }
      visitor.visit(entry.getKey(), entry.getValue().clone());
    }
  }
}
