package kaspeer.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import kaspeer.engine.metrics.Counter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to {@link Persistence} from actors: never blocks them, keeps the order of changes to a
 * key, and writes a key that changed twice only once. What waits is bounded by the number of keys
 * its writers have.
 */
public final class WriteBehind {
  private static final Logger LOG = LoggerFactory.getLogger(WriteBehind.class);

  private final Persistence persistence;
  private final Executor executor;
  private final Counter failures;
  private final Object lock = new Object();

  /** Value to put, or empty to delete, by key. Guarded by lock. */
  private Map<String, Optional<byte[]>> waiting = new LinkedHashMap<>();

  /** Completes when nothing waits any more; null unless somebody asked. Guarded by lock. */
  private @Nullable CompletableFuture<Void> idle;

  /** Whether a drain runs or is about to. Guarded by lock. */
  private boolean running;

  /**
   * @param executor may block
   */
  public WriteBehind(Persistence persistence, Executor executor, Counter failures) {
    this.persistence = persistence;
    this.executor = executor;
    this.failures = failures;
  }

  public void put(String key, byte[] value) {
    change(key, Optional.of(value));
  }

  public void delete(String key) {
    change(key, Optional.empty());
  }

  /** Completes when all that was handed in before is written, or could not be. */
  public CompletionStage<Void> flush() {
    synchronized (lock) {
      if (!running) {
        return CompletableFuture.completedFuture(null);
      }
      if (idle == null) {
        idle = new CompletableFuture<>();
      }
      return idle;
    }
  }

  private void change(String key, Optional<byte[]> value) {
    synchronized (lock) {
      waiting.put(key, value);
      if (running) {
        return;
      }
      running = true;
    }
    executor.execute(this::drain);
  }

  private void drain() {
    Map<String, Optional<byte[]>> batch = takeWaiting();
    try {
      while (!batch.isEmpty()) {
        batch.forEach(this::write);
        batch = takeWaiting();
      }
    } finally {
      if (!batch.isEmpty()) {
        giveUp();
      }
    }
  }

  /** What waits now; when that is nothing, the drain is over. */
  private Map<String, Optional<byte[]>> takeWaiting() {
    CompletableFuture<Void> finished;
    synchronized (lock) {
      Map<String, Optional<byte[]>> batch = waiting;
      if (!batch.isEmpty()) {
        waiting = new LinkedHashMap<>();
        return batch;
      }
      finished = over();
    }
    if (finished != null) {
      finished.complete(null);
    }
    return Map.of();
  }

  /** The drain failed: the next change begins another, and nobody waits for this one. */
  private void giveUp() {
    CompletableFuture<Void> finished;
    synchronized (lock) {
      finished = over();
    }
    if (finished != null) {
      finished.complete(null);
    }
  }

  /** The drain is over. Returns who is to be told of it. With the lock held. */
  private @Nullable CompletableFuture<Void> over() {
    CompletableFuture<Void> finished = idle;
    running = false;
    idle = null;
    return finished;
  }

  private void write(String key, Optional<byte[]> value) {
    try {
      value.ifPresentOrElse(bytes -> persistence.put(key, bytes), () -> persistence.delete(key));
    } catch (RuntimeException | Error refused) {
      // The node goes on with what it has in memory: losing an address or a ban at the next start
      // is the lesser evil.
      failures.increment();
      LOG.error("Could not store {}: {}", key, refused.toString());
    }
  }
}
