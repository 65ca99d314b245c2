package kaspeer.engine;

import java.util.Optional;

/**
 * Where the engine keeps what must outlive the process besides the DAG: bans, addresses, the last
 * good peers. Calls are safe from any thread and may block; what {@link #put} and {@link #delete}
 * did survives the death of the process (not of the machine).
 */
public interface Persistence {
  Optional<byte[]> get(String key);

  void put(String key, byte[] value);

  void delete(String key);

  /** Visits all entries whose key starts with {@code prefix}, in no order that matters. */
  void scan(String prefix, Visitor visitor);

  /** Receives the entries of a scan. */
  interface Visitor {
    void visit(String key, byte[] value);
  }
}
