package kaspeer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import kaspeer.engine.metrics.Counter;
import kaspeer.engine.metrics.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WriteBehindTest {
  private final List<String> written = new ArrayList<>();
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final Counter failures = new Metrics().counter("failures", "Help.");
  private final WriteBehind writer = new WriteBehind(new Recorder(), tasks::add, failures);

  private final class Recorder implements Persistence {
    @Override
    public Optional<byte[]> get(String key) {
      return Optional.empty();
    }

    @Override
    public void put(String key, byte[] value) {
      switch (key) {
        case "bad" -> throw new IllegalStateException("disk full");
        case "worse" -> throw new InternalError("a fault in mapped memory");
        case "worst" -> throw sneaky(new IOException("undeclared"));
        default -> {}
      }
      written.add(key + "=" + new String(value, StandardCharsets.US_ASCII));
    }

    @Override
    public void delete(String key) {
      written.add("-" + key);
    }

    @Override
    public void scan(String prefix, Visitor visitor) {
      throw new UnsupportedOperationException();
    }
  }

  @SuppressWarnings("unchecked") // So that it can be thrown where it is not declared.
  private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
    throw (T) thrown;
  }

  private void put(String key, String value) {
    writer.put(key, value.getBytes(StandardCharsets.US_ASCII));
  }

  private void runAll() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }

  @Test
  void onlyTheLastChangeOfAKeyIsWritten() {
    put("a", "1");
    put("b", "1");
    put("a", "2");
    writer.delete("b");
    assertThat(written).isEmpty();
    runAll();
    assertThat(written).containsExactly("a=2", "-b");
  }

  @Test
  void flushingWaitsForWhatIsUnderWay() {
    assertThat(writer.flush().toCompletableFuture()).isCompleted();
    put("a", "1");
    CompletionStage<Void> flushed = writer.flush();
    assertThat(flushed.toCompletableFuture()).isNotCompleted();
    runAll();
    assertThat(flushed.toCompletableFuture()).isCompleted();
    assertThat(written).containsExactly("a=1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bad", "worse"})
  void aWriteThatFailsIsCountedAndTheOthersGoOn(String failing) {
    put(failing, "1");
    put("a", "1");
    runAll();
    put("b", "1");
    runAll();
    assertThat(failures.value()).isEqualTo(1);
    assertThat(written).containsExactly("a=1", "b=1");
  }

  @Test
  void whateverEndsADrainTheNextChangeBeginsAnotherAndNobodyWaitsForEver() {
    put("worst", "1");
    CompletionStage<Void> flushed = writer.flush();
    assertThatThrownBy(this::runAll).isInstanceOf(IOException.class);
    assertThat(flushed.toCompletableFuture()).isCompleted();
    put("a", "1");
    runAll();
    assertThat(written).containsExactly("a=1");
  }
}
