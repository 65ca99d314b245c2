package kaspeer.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import kaspeer.primitives.Block;
import kaspeer.testkit.kaspad.AnyoneCanSpendWallet;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.KaspadBinary;
import kaspeer.testkit.kaspad.RecordedDag;
import kaspeer.testkit.kaspad.SimnetMiner;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.ScriptedPeer;

/**
 * From the inv of a new block at one connection to its inv at another, through the whole node:
 * request, block, checks, commit. One peer offers valid blocks, ten a second; another one only
 * listens. Before that each node has synced a DAG of 3,000 blocks and relayed for two and a half
 * minutes: a node that relays has been up for longer, and a JVM goes on compiling until then.
 * kaspad and Kaspeer in turns.
 */
public final class RelayLatency {
  private static final int SYNCED_BLOCKS = 3_000;
  private static final int SYNCED_PAYMENTS = 4_000;
  private static final int WARM_UP = 1_500;
  private static final int MEASURED = 300;
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Target target;
  private final Kaspad source;
  private final int warmUp;
  private final PeerLab lab = new PeerLab();

  private RelayLatency(Target target, Kaspad source, int warmUp) {
    this.target = target;
    this.source = source;
    this.warmUp = warmUp;
  }

  /**
   * @param args how often to take turns, 2 by default; blocks relayed before those that are
   *     measured, 1,500 by default
   */
  public static void main(String[] args) throws IOException {
    int turns = args.length > 0 ? Integer.parseInt(args[0]) : 2;
    int warmUp = args.length > 1 ? Integer.parseInt(args[1]) : WARM_UP;
    Path binary = KaspadBinary.require();
    Path folder = Files.createTempDirectory("kaspeer-relay");
    for (int turn = 0; turn < turns; turn++) {
      try (Target kaspad = Target.kaspad(binary, folder.resolve("kaspad-" + turn), 128)) {
        measure(kaspad, kaspad.address(), binary, folder.resolve("source-a-" + turn), warmUp);
      }
      try (Target kaspeer = Target.kaspeer(folder.resolve("kaspeer-" + turn), 128)) {
        measure(kaspeer, kaspeer.address(), binary, folder.resolve("source-b-" + turn), warmUp);
      }
    }
  }

  /**
   * Measures, and says what came out.
   *
   * @param home where the target's DAG is, to sync it
   * @return milliseconds, ascending
   */
  static double[] measure(Target target, InetSocketAddress home, Path binary, Path data) {
    return measure(target, home, binary, data, WARM_UP);
  }

  private static double[] measure(
      Target target, InetSocketAddress home, Path binary, Path data, int warmUp) {
    Path recorded = RecordedDag.copyTo(data, binary, SYNCED_BLOCKS, SYNCED_PAYMENTS);
    try (Kaspad source = Kaspad.start(binary, recorded, List.of(home))) {
      double[] millis = new RelayLatency(target, source, warmUp).run();
      Arrays.sort(millis);
      System.out.printf(
          Locale.ROOT,
          "%-8s inv to inv: p50 %.2f ms, p99 %.2f ms, max %.2f ms%n",
          target.name(),
          millis[millis.length / 2],
          millis[millis.length * 99 / 100],
          millis[millis.length - 1]);
      return millis;
    }
  }

  private double[] run() {
    SimnetMiner miner =
        new SimnetMiner(source.rpc(), AnyoneCanSpendWallet.ADDRESS, new SplittableRandom(7));
    // A block that comes during the sync is not asked for again: the next one brings it.
    do {
      miner.mineOne();
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
    } while (!target.sink().equals(source.rpc().sink()));
    long synced = source.rpc().dag().get("blockCount").asLong();
    try (lab;
        ScriptedPeer giver = lab.join(target.address());
        ScriptedPeer listener = lab.join(target.address())) {
      Offer offer = new Offer(giver, listener);
      double[] millis = new double[MEASURED];
      long next = System.nanoTime();
      for (int i = -warmUp; i < MEASURED; i++) {
        Block block = miner.unsubmitted();
        CompletableFuture<Long> arrival = offer.awaits(block);
        next += INTERVAL_NANOS;
        LockSupport.parkNanos(next - System.nanoTime());
        long start = System.nanoTime();
        offer.announce(block);
        long end = arrival.orTimeout(30, TimeUnit.SECONDS).join();
        if (i >= 0) {
          millis[i] = (end - start) / 1e6;
        }
        awaitAtSource(synced + i + warmUp + 1L);
      }
      return millis;
    }
  }

  /**
   * The next block must stand on this one: the source hears of it from the target, as any peer
   * does.
   */
  private void awaitAtSource(long blocks) {
    while (source.rpc().dag().get("blockCount").asLong() < blocks) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
