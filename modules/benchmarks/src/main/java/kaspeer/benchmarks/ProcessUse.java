package kaspeer.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the system says of a process's use of memory (Linux) and processors. */
final class ProcessUse {
  private ProcessUse() {}

  static long peakRssKiB(long pid) {
    return field(pid, "VmHWM:");
  }

  static long rssKiB(long pid) {
    return field(pid, "VmRSS:");
  }

  /** Time on all processors together, so far. */
  static double cpuSeconds(ProcessHandle process) {
    return process.info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
  }

  private static long field(long pid, String name) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith(name)) {
          return Long.parseLong(line.substring(name.length()).replace("kB", "").strip());
        }
      }
      throw new IllegalStateException("no " + name + " for process " + pid);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
