package kaspeer.testkit.kill;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.testkit.Folders;
import kaspeer.testkit.kaspad.RecordedDag;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.node.KaspeerNode;
import org.jspecify.annotations.Nullable;

/**
 * Kill -9 in the middle of everything: first syncs, reorganisations, floods of transactions. What a
 * kill leaves on disk has to be sound in itself, nothing that was there may be gone after the next
 * start, and what comes of it has to be what a twin has that was never killed.
 *
 * <p>Kills come when so many blocks or transactions have arrived, not after so much time: a slow
 * machine only takes longer. All failures are {@link AssertionError}s.
 */
public final class KillLoop implements AutoCloseable {
  private static final Params PARAMS = Params.of(Network.SIMNET);
  private static final Duration SYNC_LIMIT = Duration.ofMinutes(4);
  private static final Duration FLOOD_LIMIT = Duration.ofSeconds(60);

  /** Size of the DAG with payments from which it starts. */
  private static final int RECORDED_BLOCKS = 3_000;

  private static final int RECORDED_PAYMENTS = 4_000;
  private static final int KILLS_PER_SYNC = 7;
  private static final int MAX_BLOCKS = 15;
  private static final int MAX_TRANSACTIONS = 150;

  /**
   * How often a node is killed.
   *
   * @param inSync in the middle of a first sync
   * @param inReorg while it goes over to another chain
   * @param inFlood while transactions and blocks come in
   */
  public record Plan(int inSync, int inReorg, int inFlood) {
    /** A third, a quarter, and the rest for reorganisations. */
    public static Plan of(int kills) {
      int inSync = kills / 3;
      int inFlood = kills / 4;
      return new Plan(inSync, kills - inSync - inFlood, inFlood);
    }
  }

  private final Path folder;
  private final SplittableRandom random;
  private final Consumer<String> report;
  private final KillSource a;
  private final KillSource b;
  private final KaspeerNode twin;

  /** Where the node lives that is killed. */
  private Path victim;

  /** Started last; it may have been killed since. */
  private @Nullable KaspeerNode running;

  private KillLoop(Path folder, Path binary, SplittableRandom random, Consumer<String> report) {
    this.folder = folder;
    this.random = random;
    this.report = report;
    this.victim = folder.resolve("sync-0");
    a = KillSource.start(binary, recorded("a", binary), random);
    b = KillSource.start(binary, recorded("b", binary), random);
    twin = KaspeerNode.startAlone(folder.resolve("twin"));
  }

  private Path recorded(String name, Path binary) {
    return RecordedDag.copyTo(folder.resolve(name), binary, RECORDED_BLOCKS, RECORDED_PAYMENTS);
  }

  /**
   * Kills as planned.
   *
   * @param folder an empty one for the data of all nodes
   * @param binary of kaspad, which makes the blocks
   * @param report hears a line on each part that passed
   */
  public static void run(
      Plan plan, Path folder, Path binary, SplittableRandom random, Consumer<String> report) {
    Path victim;
    try (KillLoop loop = new KillLoop(folder, binary, random, report)) {
      loop.twin.connect(loop.a.address());
      loop.a.mineOne();
      await("the twin is synced", () -> loop.a.sink().equals(loop.twin.sink()), loop.twin);
      loop.killInSyncs(plan.inSync);
      loop.killInReorgs(plan.inReorg);
      loop.killInFloods(plan.inFlood, plan.inReorg % 2 == 0 ? loop.a : loop.b);
      victim = loop.victim;
    }
    same(
        "what is on disk in the end",
        StateDigest.of(victim, PARAMS).assertSound(),
        StateDigest.of(folder.resolve("twin"), PARAMS).assertSound());
  }

  @Override
  public void close() {
    if (running != null) {
      running.close();
    }
    twin.close();
    a.close();
    b.close();
  }

  private KaspeerNode restart(KillSource source) {
    KaspeerNode node = KaspeerNode.startAlone(victim);
    running = node;
    node.connect(source.address());
    return node;
  }

  /** Kills a node and looks at what that left. */
  private StateDigest kill(KaspeerNode node) {
    holds("alive before it is killed: " + node.logTail(), node.handle().isAlive());
    node.kill();
    return StateDigest.of(victim, PARAMS).assertSound();
  }

  // --- first syncs ------------------------------------------------------------------------------

  private void killInSyncs(int kills) {
    long start = System.nanoTime();
    int done = 0;
    int syncs = 0;
    while (done < kills) {
      holds("kills come in the middle of syncs", syncs <= kills);
      if (syncs > 0) {
        Folders.delete(victim);
      }
      victim = folder.resolve("sync-" + syncs++);
      done += killInSync(Math.min(KILLS_PER_SYNC, kills - done));
    }
    tell("first sync", done, start, syncs + " whole syncs");
  }

  /**
   * One first sync with restarts.
   *
   * @return how many kills came before it was over
   */
  private int killInSync(int kills) {
    long all = arrived(twin);
    long[] moments = random.longs(kills, all / 20, all * 17 / 20).sorted().toArray();
    long kept = 0;
    int inside = 0;
    for (long moment : moments) {
      KaspeerNode node = restart(a);
      long first = arrived(node);
      holds(first + " headers and bodies of " + kept + " are left", first >= kept);
      awaitArrived(node, moment);
      kept = arrived(node);
      if (node.get("dag").get("blockCount").asLong() > 0) {
        String sink = kill(node).sink();
        holds(
            "the sink on disk, " + sink + ", is on the twin's chain",
            twin.get("blocks/" + sink).get("isChainBlock").asBoolean());
        if (sink.equals(twin.sink())) {
          break;
        }
      } else {
        node.kill(); // Headers come first, and have no UTXO state.
      }
      inside++;
    }
    try (KaspeerNode node = restart(a)) {
      awaitTwins(node, a);
    }
    return inside;
  }

  /** Headers and bodies. */
  private static long arrived(KaspeerNode node) {
    JsonNode dag = node.get("dag");
    return dag.get("headerCount").asLong() + dag.get("blockCount").asLong();
  }

  private static void awaitArrived(KaspeerNode node, long count) {
    await(count + " headers and bodies", () -> arrived(node) >= count, node);
  }

  // --- reorganisations --------------------------------------------------------------------------

  /**
   * Two kaspads that do not know of each other outdo each other in turn, and the node goes over to
   * the one that leads.
   */
  private void killInReorgs(int kills) {
    long start = System.nanoTime();
    KaspeerNode node = restart(a);
    int reorgs = 0;
    try {
      for (int kill = 1; kill <= kills; kill++) {
        KillSource leader = kill % 2 == 0 ? a : b;
        String before = twin.sink();
        for (KaspeerNode each : List.of(node, twin)) {
          each.disconnectAll();
          each.connect(leader.address());
        }
        long had = arrived(node);
        long behind = behind(leader);
        CompletableFuture<Void> mining =
            CompletableFuture.runAsync(
                () -> leader.minePayments((int) behind + 2 * MAX_BLOCKS),
                Thread::startVirtualThread);
        awaitArrived(node, had + 2 * (behind + random.nextInt(MAX_BLOCKS)));
        kill(node);
        mining.join();
        node = restart(leader);
        awaitTwins(node, leader);
        reorgs += twin.get("blocks/" + before).get("isChainBlock").asBoolean() ? 0 : 1;
      }
    } finally {
      node.close();
    }
    // Not each time: through the node a kaspad may have heard of the other's blocks, and merge
    // them.
    holds("reorganisations in " + kills + " kills", kills == 0 || reorgs > 0);
    tell("reorganisation", kills, start, reorgs + " changes of the chain");
  }

  /** How many blocks a chain has to grow by to lead. */
  private long behind(KillSource source) {
    return Math.max(0, twin.get("dag").get("sinkBlueScore").asLong() - source.sinkBlueScore());
  }

  // --- floods of transactions -------------------------------------------------------------------

  private void killInFloods(int kills, KillSource source) {
    long start = System.nanoTime();
    long taken = 0;
    for (int kill = 1; kill <= kills; kill++) {
      taken += killInFlood(source);
    }
    tell("mempool load", kills, start, taken + " transactions handed in");
  }

  private int killInFlood(KillSource source) {
    KaspeerNode node = restart(source);
    String before = source.sink();
    List<String> payments = source.payments(2 * MAX_TRANSACTIONS);
    AtomicInteger taken = new AtomicInteger();
    CompletableFuture<Void> flooding =
        CompletableFuture.runAsync(
            () -> {
              while (true) { // only the kill ends it
                node.post("transactions", payments.get(taken.get() % payments.size()));
                taken.incrementAndGet();
              }
            },
            Thread::startVirtualThread);
    CompletableFuture<Void> mining =
        CompletableFuture.runAsync(() -> source.mineBusily(MAX_BLOCKS), Thread::startVirtualThread);
    int enough = random.nextInt(1, MAX_TRANSACTIONS);
    Await.until(enough + " transactions", FLOOD_LIMIT, () -> taken.get() >= enough, node::logTail);
    kill(node);
    Throwable cut = flooding.handle((done, failure) -> failure).join();
    holds(
        "the flood was cut off by the kill and by nothing else, not by " + cut,
        cut instanceof CompletionException && cut.getCause() instanceof UncheckedIOException);
    mining.join();
    holds("blocks came during the flood", !source.sink().equals(before));
    try (KaspeerNode again = restart(source)) {
      awaitTwins(again, source);
    }
    return taken.get();
  }

  // --- comparing --------------------------------------------------------------------------------

  /** Until the node has what the twin has, both at the kaspad's sink. */
  private void awaitTwins(KaspeerNode node, KillSource source) {
    source.mineOne();
    Await.until(
        "the twin's state",
        SYNC_LIMIT,
        () -> source.sink().equals(twin.sink()) && NodeState.of(node).equals(NodeState.of(twin)),
        () -> NodeState.of(node) + "\ntwin: " + NodeState.of(twin) + "\n" + node.logTail());
    String sink = twin.sink();
    same("block " + sink, node.get("blocks/" + sink), twin.get("blocks/" + sink));
  }

  private static void await(String what, BooleanSupplier holds, KaspeerNode node) {
    Await.until(what, SYNC_LIMIT, holds, node::logTail);
  }

  private static void holds(String what, boolean holds) {
    if (!holds) {
      throw new AssertionError("does not hold: " + what);
    }
  }

  private static void same(String what, Object killed, Object twin) {
    if (!killed.equals(twin)) {
      throw new AssertionError(what + ": " + killed + "\nof the twin: " + twin);
    }
  }

  private void tell(String part, int kills, long start, String what) {
    report.accept(
        String.format(
            Locale.ROOT,
            "%-15s %d kills, %s, %.0f s: each state is the twin's",
            part + ":",
            kills,
            what,
            (System.nanoTime() - start) / 1e9));
  }
}
