package kaspeer.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.node.config.NodeConfig.LogLevel;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import org.junit.jupiter.api.Test;

class SyncProgressTest {
  private static final SyncStatus HALF =
      new SyncStatus(SyncStatus.State.SYNCING, 7L, "headers", 0.5, 1300.4, 0, 0);
  private static final String LINE =
      "sync: headers 50.0 %, 20 headers (1300/s), 10 blocks (0/s), from peer 7";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private volatile SyncStatus status = HALF;

  @Test
  void onATerminalTheLineChangesInPlaceAndGoesAwayInTheEnd() {
    Console console = new Console(out, true);
    Logging.setUp(LogLevel.INFO, console);
    try (SyncProgress progress = SyncProgress.start(console, this::status, SyncProgressTest::dag)) {
      progress.show();
      assertThat(bytes.toString(StandardCharsets.UTF_8)).contains(LINE).doesNotContain("\n");
      status = new SyncStatus(SyncStatus.State.SYNCED, null, "", 0, 0, 0, 0);
      progress.show();
      assertThat(bytes.toString(StandardCharsets.UTF_8))
          .contains("synced: 10 blocks, sink " + Hash.ZERO);
    }
  }

  @Test
  void elsewhereItIsLogLines() {
    Console console = new Console(out, false);
    Logging.setUp(LogLevel.INFO, console);
    try (SyncProgress progress = SyncProgress.start(console, this::status, SyncProgressTest::dag)) {
      progress.show();
      progress.show();
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .hasSize(2)
        .allMatch(line -> line.endsWith(LINE));
  }

  @Test
  void itIsSaidOnceThatTheNodeIsSynced() {
    Console console = new Console(out, false);
    Logging.setUp(LogLevel.INFO, console);
    status = new SyncStatus(SyncStatus.State.SYNCED, null, "", 0, 0, 0, 0);
    try (SyncProgress progress = SyncProgress.start(console, this::status, SyncProgressTest::dag)) {
      progress.show();
      progress.show();
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
  }

  private SyncStatus status() {
    return status;
  }

  private static DagSnapshot dag() {
    DagSnapshot.Tip tip = new DagSnapshot.Tip(Hash.ZERO, 1, BlueWork.ZERO, 1, 1);
    return new DagSnapshot(
        20,
        10,
        List.of(Hash.ZERO),
        tip,
        tip,
        List.of(Hash.ZERO),
        2,
        0,
        0,
        Hash.ZERO,
        BlueWork.ZERO);
  }
}
