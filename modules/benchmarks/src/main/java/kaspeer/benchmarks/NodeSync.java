package kaspeer.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.KaspadBinary;
import kaspeer.testkit.kaspad.RecordedDag;
import kaspeer.testkit.node.KaspeerNode;

/**
 * The first sync of a simnet DAG of 20,000 blocks, 3 to 6 wide, from one kaspad: by a fresh kaspad,
 * then by a fresh Kaspeer, in turns. Both start when their process does; the headers stage is timed
 * from the first header seen to the last, the bodies from the last header to the last body.
 */
public final class NodeSync {
  private static final int BLOCKS = 20_000;
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private NodeSync() {}

  private record Stages(
      double headersPerSecond, double bodiesPerSecond, double wholeSeconds, long peakRssKiB) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%,.0f headers/s, %,.0f bodies/s, %.1f s in all, %,d KiB peak RSS",
          headersPerSecond,
          bodiesPerSecond,
          wholeSeconds,
          peakRssKiB);
    }
  }

  /**
   * @param args how often to take turns; 3 by default
   */
  public static void main(String[] args) throws IOException {
    int turns = args.length > 0 ? Integer.parseInt(args[0]) : 3;
    Path binary =
        KaspadBinary.find().orElseThrow(() -> new IllegalStateException(KaspadBinary.INSTALL));
    Path folder = Files.createTempDirectory("kaspeer-sync");
    try (Kaspad source =
        Kaspad.start(
            binary, RecordedDag.copyTo(folder.resolve("source"), binary, BLOCKS), List.of())) {
      long expected = source.rpc().dag().get("blockCount").asLong();
      for (int turn = 0; turn < turns; turn++) {
        Stages theirs = kaspad(binary, folder.resolve("kaspad-" + turn), source, expected);
        Stages ours = kaspeer(folder.resolve("kaspeer-" + turn), source, expected);
        System.out.println("kaspad:  " + theirs);
        System.out.println("kaspeer: " + ours);
        System.out.printf(
            Locale.ROOT,
            "ratio:   headers %.2f, bodies %.2f, whole %.2f%n",
            ours.headersPerSecond / theirs.headersPerSecond,
            ours.bodiesPerSecond / theirs.bodiesPerSecond,
            ours.wholeSeconds / theirs.wholeSeconds);
      }
    }
  }

  private static Stages kaspad(Path binary, Path data, Kaspad source, long expected) {
    long start = System.nanoTime();
    try (Kaspad fresh = Kaspad.start(binary, data, List.of(source.p2pAddress()))) {
      return time(
          start,
          expected,
          () -> fresh.rpc().dag().get("headerCount").asLong(),
          () -> fresh.rpc().dag().get("blockCount").asLong(),
          fresh.handle());
    }
  }

  private static Stages kaspeer(Path data, Kaspad source, long expected) {
    long start = System.nanoTime();
    String address = source.p2pAddress().getHostString() + ":" + source.p2pAddress().getPort();
    try (KaspeerNode fresh = KaspeerNode.start(data, "--connect", address)) {
      return time(
          start,
          expected,
          () -> fresh.get("dag").get("headerCount").asLong(),
          () -> fresh.get("dag").get("blockCount").asLong(),
          fresh.handle());
    }
  }

  private static Stages time(
      long start, long expected, LongSupplier headers, LongSupplier bodies, ProcessHandle process) {
    await(headers, 1);
    long first = System.nanoTime();
    await(headers, expected);
    long allHeaders = System.nanoTime();
    await(bodies, expected);
    long allBodies = System.nanoTime();
    return new Stages(
        expected / seconds(first, allHeaders),
        expected / seconds(allHeaders, allBodies),
        seconds(start, allBodies),
        ProcessMemory.peakRssKiB(process.pid()));
  }

  private static void await(LongSupplier count, long expected) {
    while (count.getAsLong() < expected) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private static double seconds(long from, long to) {
    return (to - from) / 1e9;
  }
}
