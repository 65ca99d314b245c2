package kaspeer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an engine that does not start says of it. */
final class EngineStartTest {
  private static Throwable causeOf(
      UnaryOperator<EngineConfig.Builder> change, Persistence persistence) {
    Throwable failed = catchThrowable(() -> TestEngine.start(change, persistence).close());
    assertThat(failed).hasCauseInstanceOf(RuntimeException.class);
    return Objects.requireNonNull(failed.getCause());
  }

  @Test
  void whatIsStoredAndCannotBeReadIsCalledSo() {
    assertThat(causeOf(builder -> builder, new Damaged()))
        .asInstanceOf(InstanceOfAssertFactories.type(EngineStartException.class))
        .satisfies(
            failed -> {
              assertThat(failed.reason()).isEqualTo(EngineStartException.Reason.BAD_STORE);
              assertThat(failed).hasMessageContaining("a bad sector");
            });
  }

  @Test
  void aFaultElsewhereIsNotBlamedOnWhatIsStored(@TempDir Path directory) throws IOException {
    Path gone;
    try (FileSystem zip =
        FileSystems.newFileSystem(directory.resolve("plugins.zip"), Map.of("create", "true"))) {
      gone = zip.getPath("/plugins");
    }
    assertThat(causeOf(builder -> builder.plugins(gone, Set.of()), new InMemoryPersistence()))
        .isInstanceOf(ClosedFileSystemException.class);
  }

  private static final class Damaged implements Persistence {
    @Override
    public Optional<byte[]> get(String key) {
      throw new IllegalArgumentException("a bad sector");
    }

    @Override
    public void put(String key, byte[] value) {}

    @Override
    public void delete(String key) {}

    @Override
    public void scan(String prefix, Visitor visitor) {}
  }
}
