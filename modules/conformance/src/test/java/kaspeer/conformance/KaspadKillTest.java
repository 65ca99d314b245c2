package kaspeer.conformance;

import java.nio.file.Path;
import kaspeer.testkit.kill.KillLoop;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kill -9 in the middle of a first sync, of reorganisations and of a flood of transactions: after
 * each restart the state is that of a twin that was never killed.
 */
@Tag("kaspad")
class KaspadKillTest {
  private static final int KILLS = Integer.getInteger("kaspeer.kills", 20);

  @TempDir private Path folder = Path.of("");

  @Test
  void comesBackToTheStateOfATwinThatWasNeverKilled() {
    Path kaspad = Nodes.kaspad();
    KillLoop.run(
        KillLoop.Plan.of(KILLS),
        folder,
        kaspad,
        Nodes.random("kills"),
        line -> System.getLogger("kills").log(System.Logger.Level.INFO, line));
  }
}
