package kaspeer.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import kaspeer.testkit.kaspad.AnyoneCanSpendWallet;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.KaspadBinary;
import kaspeer.testkit.kaspad.RecordedDag;
import kaspeer.testkit.kaspad.SimnetMiner;
import kaspeer.testkit.node.KaspeerNode;

/**
 * The first sync of a simnet DAG of 20,000 blocks, 3 to 6 wide, from one kaspad: by a fresh kaspad,
 * then by a fresh Kaspeer, in turns. The whole is timed from the start of the process; headers from
 * the start of the sync to the last header, bodies from there to the last body. Bodies include the
 * UTXO state.
 */
public final class NodeSync {
  private static final int BLOCKS = 20_000;
  private static final String COMPLETED = "completed successfully";
  private static final DateTimeFormatter KASPAD_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSxxx", Locale.ROOT);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private NodeSync() {}

  private record Stages(
      double headersPerSecond,
      double bodiesPerSecond,
      double wholeSeconds,
      double cpuSeconds,
      double sourceCpuSeconds,
      long peakRssKiB) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%,.0f headers/s, %,.0f bodies/s, %.1f s in all, %.1f s of CPU (the source %.1f s), %,d KiB peak"
              + " RSS",
          headersPerSecond,
          bodiesPerSecond,
          wholeSeconds,
          cpuSeconds,
          sourceCpuSeconds,
          peakRssKiB);
    }
  }

  /**
   * @param args how often to take turns, 3 by default; how many signed payments the DAG holds, none
   *     by default; how many blocks it has, 20,000 by default
   */
  public static void main(String[] args) throws IOException {
    int turns = args.length > 0 ? Integer.parseInt(args[0]) : 3;
    int payments = args.length > 1 ? Integer.parseInt(args[1]) : 0;
    int blocks = args.length > 2 ? Integer.parseInt(args[2]) : BLOCKS;
    Path binary = KaspadBinary.require();
    Path folder = Files.createTempDirectory("kaspeer-sync");
    Path data = folder.resolve("source");
    Path recorded =
        payments == 0
            ? RecordedDag.copyTo(data, binary, blocks)
            : RecordedDag.copyTo(data, binary, blocks, payments);
    try (Kaspad source = Kaspad.start(binary, recorded, List.of())) {
      // A sync brings the past of the sink, so one block has to merge the tips beside it.
      new SimnetMiner(source.rpc(), AnyoneCanSpendWallet.ADDRESS, new SplittableRandom(2))
          .mineOne();
      long expected = source.rpc().dag().get("blockCount").asLong();
      for (int turn = 0; turn < turns; turn++) {
        Stages theirs = kaspad(binary, folder.resolve("kaspad-" + turn), source, expected);
        Stages ours = kaspeer(folder.resolve("kaspeer-" + turn), source, expected);
        System.out.println("kaspad:  " + theirs);
        System.out.println("kaspeer: " + ours);
        System.out.printf(
            Locale.ROOT,
            "ratio:   headers/s %.2f, bodies/s %.2f, time of the whole %.2f, CPU %.2f, peak RSS"
                + " %.2f%n",
            ours.headersPerSecond / theirs.headersPerSecond,
            ours.bodiesPerSecond / theirs.bodiesPerSecond,
            ours.wholeSeconds / theirs.wholeSeconds,
            ours.cpuSeconds / theirs.cpuSeconds,
            ours.peakRssKiB / (double) theirs.peakRssKiB);
      }
    }
  }

  private static Stages kaspad(Path binary, Path data, Kaspad source, long expected) {
    double before = ProcessUse.cpuSeconds(source.handle());
    long start = System.nanoTime();
    try (Kaspad fresh = Kaspad.startPlain(binary, data, List.of(source.p2pAddress()))) {
      await(() -> fresh.rpc().dag().get("blockCount").asLong(), expected);
      double whole = seconds(start, System.nanoTime());
      // Its counters lag behind its stages, its log does not.
      while (!fresh.log().contains(COMPLETED)) {
        LockSupport.parkNanos(POLL_NANOS);
      }
      String log = fresh.log();
      Instant began = logged(log, "IBD started with peer");
      Instant headers = logged(log, "block headers (100%)");
      Instant bodies = logged(log, COMPLETED);
      return new Stages(
          expected / seconds(began, headers),
          expected / seconds(headers, bodies),
          whole,
          ProcessUse.cpuSeconds(fresh.handle()),
          ProcessUse.cpuSeconds(source.handle()) - before,
          ProcessUse.peakRssKiB(fresh.handle().pid()));
    }
  }

  /** When kaspad logged its first line with these words. */
  private static Instant logged(String log, String words) {
    String line = log.lines().filter(each -> each.contains(words)).findFirst().orElseThrow();
    return OffsetDateTime.parse(line.substring(0, 29), KASPAD_TIME).toInstant();
  }

  private static Stages kaspeer(Path data, Kaspad source, long expected) {
    double before = ProcessUse.cpuSeconds(source.handle());
    long start = System.nanoTime();
    String address = source.p2pAddress().getHostString() + ":" + source.p2pAddress().getPort();
    try (KaspeerNode fresh = KaspeerNode.start(data, "--connect", address)) {
      while (fresh.get("node").get("sync").get("state").asText().equals("waiting")) {
        LockSupport.parkNanos(POLL_NANOS);
      }
      long began = System.nanoTime();
      await(() -> fresh.get("dag").get("headerCount").asLong(), expected);
      long headers = System.nanoTime();
      await(() -> fresh.get("dag").get("blockCount").asLong(), expected);
      long bodies = System.nanoTime();
      return new Stages(
          expected / seconds(began, headers),
          expected / seconds(headers, bodies),
          seconds(start, bodies),
          ProcessUse.cpuSeconds(fresh.handle()),
          ProcessUse.cpuSeconds(source.handle()) - before,
          ProcessUse.peakRssKiB(fresh.handle().pid()));
    }
  }

  private static void await(LongSupplier count, long expected) {
    while (count.getAsLong() < expected) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1e3;
  }

  private static double seconds(long from, long to) {
    return (to - from) / 1e9;
  }
}
