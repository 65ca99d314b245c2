package kaspeer.storage;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import kaspeer.consensus.DagStore.Change;

/**
 * Fills a store until it is killed or the disk refuses, and says on standard output what was
 * committed. Every block's body comes one commit after its header.
 */
final class WriterProcess {
  private WriterProcess() {}

  /**
   * Starts one.
   *
   * @param before what its command is given to
   */
  static Process start(Path directory, long seed, int writeBuffer, List<String> before)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx64m",
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            WriterProcess.class.getName(),
            directory.toString(),
            Long.toString(seed),
            Integer.toString(writeBuffer)));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Directory, seed of the batch sizes, bytes of write buffers. */
  public static void main(String[] args) {
    PrintStream out = System.out;
    SplittableRandom random = new SplittableRandom(Long.parseLong(args[1]));
    StoreOptions options =
        new StoreOptions(Path.of(args[0]), TestData.params(), 1 << 20, Long.parseLong(args[2]), 0);
    try (RocksDagStore store = RocksDagStore.open(options)) {
      int next = store.headerCount();
      int bodies = next;
      while (store.headerCount() < Integer.MAX_VALUE) {
        List<Change> changes = new ArrayList<>();
        for (int id = bodies; id < next; id++) {
          changes.add(TestData.bodyAdded(id));
        }
        bodies = next;
        next += 1 + random.nextInt(40);
        changes.addAll(TestData.headers(bodies, next));
        store.commit(changes);
        out.println("committed " + next + " " + bodies);
        out.flush();
      }
    } catch (StoreException e) {
      out.println("refused " + e.reason() + " " + e.getMessage());
      out.flush();
    }
  }
}
