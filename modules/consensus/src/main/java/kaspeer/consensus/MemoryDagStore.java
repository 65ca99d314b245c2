package kaspeer.consensus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, for tests and tools. It keeps its content when closed, so that opening a
 * {@link Consensus} on it again is what a restart is elsewhere.
 */
public final class MemoryDagStore implements DagStore {
  private record Row(Header header, byte[] dagData) {}

  private final List<Row> headers = new ArrayList<>();
  private final Map<Integer, List<Transaction>> bodies = new HashMap<>();
  private final Set<Hash> invalid = new LinkedHashSet<>();

  /**
   * @throws IllegalArgumentException if ids do not follow upon each other, or a body has no header;
   *     nothing is applied
   */
  @Override
  public synchronized void commit(List<Change> changes) {
    int next = headers.size();
    for (Change change : changes) {
      if (change instanceof Change.HeaderAdded added && added.id() != next++) {
        throw new IllegalArgumentException(
            "header " + added.id() + " where " + (next - 1) + " is next");
      }
      if (change instanceof Change.BodyAdded added && (added.id() < 0 || added.id() >= next)) {
        throw new IllegalArgumentException("body " + added.id() + " without a header");
      }
    }
    for (Change change : changes) {
      switch (change) {
        case Change.HeaderAdded(int id, Header header, byte[] data) ->
            headers.add(new Row(header, data));
        case Change.BodyAdded(int id, List<Transaction> transactions) ->
            bodies.put(id, List.copyOf(transactions));
        case Change.Invalidated(Hash hash, int id) -> invalid.add(hash);
      }
    }
  }

  @Override
  public synchronized void forEachHeader(HeaderVisitor visitor) {
    for (int id = 0; id < headers.size(); id++) {
      Row row = headers.get(id);
      visitor.visit(new StoredHeader(id, row.header, row.dagData, bodies.containsKey(id)));
    }
  }

  @Override
  public synchronized List<Hash> invalidHashes() {
    return List.copyOf(invalid);
  }

  @Override
  public synchronized Header header(int id) {
    return headers.get(id).header;
  }

  @Override
  public synchronized @Nullable List<Transaction> body(int id) {
    return bodies.get(id);
  }

  @Override
  public void close() {
    // Its content is its memory; there is nothing to give back.
  }
}
