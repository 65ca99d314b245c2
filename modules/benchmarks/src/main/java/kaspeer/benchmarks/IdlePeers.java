package kaspeer.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import kaspeer.testkit.kaspad.KaspadBinary;
import kaspeer.testkit.peer.PeerLab;

/**
 * Memory of a thousand idle peers, each through its handshake with every flow running: RSS of both
 * nodes, heap of ours.
 */
public final class IdlePeers {
  private static final int PEERS = 1_000;
  private static final int WARM_UP = 50;

  private IdlePeers() {}

  public static void main(String[] args) throws IOException {
    Path binary = KaspadBinary.require();
    Path folder = Files.createTempDirectory("kaspeer-idle");
    try (Target kaspad = Target.kaspad(binary, folder.resolve("kaspad"), PEERS + 2 * WARM_UP)) {
      measure(kaspad, false);
    }
    try (Target kaspeer = Target.kaspeer(folder.resolve("kaspeer"), PEERS + 2 * WARM_UP)) {
      measure(kaspeer, true);
    }
  }

  private static void measure(Target target, boolean jvm) {
    try (PeerLab lab = new PeerLab()) {
      // The first peers load classes and warm caches, which is no cost of a peer.
      join(lab, target, WARM_UP);
      settle();
      long heapBefore = jvm ? liveHeapBytes(target.pid()) : 0;
      long rssBefore = ProcessUse.rssKiB(target.pid());
      join(lab, target, PEERS);
      settle();
      long heapAfter = jvm ? liveHeapBytes(target.pid()) : 0;
      long rssAfter = ProcessUse.rssKiB(target.pid());
      System.out.printf(
          Locale.ROOT,
          "%-8s %,d idle peers: RSS %,d -> %,d KiB, %.1f KiB each%n",
          target.name(),
          PEERS,
          rssBefore,
          rssAfter,
          (rssAfter - rssBefore) / (double) PEERS);
      if (jvm) {
        System.out.printf(
            Locale.ROOT,
            "%-8s live heap %,d -> %,d KiB, %.1f KiB each%n",
            target.name(),
            heapBefore / 1024,
            heapAfter / 1024,
            (heapAfter - heapBefore) / 1024.0 / PEERS);
      }
    }
  }

  static void join(PeerLab lab, Target target, int peers) {
    for (int i = 0; i < peers; i++) {
      lab.join(target.address());
    }
  }

  /** Waits until what was done for joining is over. */
  static void settle() {
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(8));
  }

  /** What is live in another JVM's heap, after a collection that this causes. */
  private static long liveHeapBytes(long pid) {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    try {
      Process process =
          new ProcessBuilder(jcmd.toString(), String.valueOf(pid), "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String[] total = text.strip().lines().reduce("", (first, last) -> last).strip().split("\\s+");
      return Long.parseLong(total[2]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
