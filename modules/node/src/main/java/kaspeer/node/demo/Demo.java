package kaspeer.node.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import kaspeer.node.StartException;
import kaspeer.node.Termination;
import kaspeer.node.client.ClientException;
import kaspeer.node.config.NodeConfig.LogLevel;
import kaspeer.node.log.Console;
import kaspeer.node.log.Logging;
import kaspeer.primitives.Block;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.wire.Blocks;
import kaspeer.wire.Transactions;

/**
 * Three nodes in a chain: A makes blocks, B dials A, C dials B. First B and C sync what A has; then
 * blocks and transactions cross from A to C, which A does not know.
 */
public final class Demo implements AutoCloseable {
  /** Time that transactions have to cross before a block takes them. */
  private static final double CROSSING_SECONDS = 2.5;

  private static final int NODES = 3;

  /** Between the rounds of blocks that A begins with. */
  private static final long ROUND_MILLIS = 200;

  private static final long POLL_MILLIS = 50;
  private static final int SHORT_HASH = 12;
  private static final int MAX_TRANSACTIONS = 3;

  private final PrintWriter out;
  private final Path home;
  private final InstantSource clock = InstantSource.system();
  private final SplittableRandom random = new SplittableRandom();
  private final List<DemoNode> nodes = new ArrayList<>();
  private final Crossings crossings;
  private final ExecutorService watchers = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean closed;

  private Demo(PrintWriter out, Path home) {
    this.out = out;
    this.home = home;
    this.crossings = new Crossings(NODES, this::say);
  }

  /**
   * Runs the demo until a signal ends the process.
   *
   * @param blocks that A has before the others start
   * @param rate new blocks a second
   * @throws StartException if a node cannot start or fails
   */
  public static void run(int blocks, double rate, PrintWriter out) throws StartException {
    Logging.setUp(LogLevel.WARN, Console.plain());
    Termination termination = Termination.install();
    try (Demo demo = new Demo(out, Files.createTempDirectory("kaspeer-demo"))) {
      termination.onSignal(demo::close);
      demo.run(blocks, rate);
    } catch (IOException e) {
      throw new StartException("cannot make a directory for the demo: " + e.getMessage(), e);
    } finally {
      termination.disarm();
    }
  }

  private void run(int blocks, double rate) throws StartException {
    try {
      start(blocks);
      mine(rate);
    } catch (ClientException e) {
      // A node that is being stopped answers nobody.
      if (!closed) {
        throw new StartException("a node of the demo failed: " + e.getMessage(), e);
      }
    }
  }

  private void start(int blocks) throws StartException, ClientException {
    say("three nodes on a simnet of their own; their data is in " + home + " until the demo ends");
    DemoNode first = add("A", null);
    BlockMaker maker = maker(first);
    grow(first, maker, blocks);
    say("A has made " + first.blockCount() + " blocks");
    DemoNode second = add("B", first);
    DemoNode third = add("C", second);
    awaitSync(second, first);
    awaitSync(third, second);
    for (int i = 1; i < nodes.size(); i++) {
      watch(i);
    }
    say("new blocks and transactions, from A by way of B to C; Ctrl-C ends it");
  }

  private DemoNode add(String name, @org.jspecify.annotations.Nullable DemoNode dials)
      throws StartException {
    DemoNode node = DemoNode.start(name, home, dials);
    synchronized (nodes) {
      nodes.add(node);
    }
    String part = dials == null ? "makes blocks" : "dials " + dials.name();
    say(name + "  page and admin endpoint  http://" + node.admin() + "/  " + part);
    return node;
  }

  private BlockMaker maker(DemoNode node) {
    return new BlockMaker(node.consensus(), Params.of(Network.SIMNET), random);
  }

  /** Gives the first node a past: rounds of one to three siblings, up to now. */
  private void grow(DemoNode node, BlockMaker maker, int blocks) throws ClientException {
    long time = clock.millis() - blocks * ROUND_MILLIS / 2;
    int made = 0;
    while (made < blocks) {
      List<Block> round =
          maker.make(Math.min(1 + random.nextInt(3), blocks - made), List.of(), time);
      for (Block block : round) {
        node.submitBlock(Blocks.toWire(block).toByteArray());
      }
      made += round.size();
      time += ROUND_MILLIS;
    }
  }

  private void awaitSync(DemoNode node, DemoNode from) throws ClientException {
    long start = System.nanoTime();
    // Other tips than the sink are learnt of with the next block that has them as parents.
    while (!node.sink().equals(from.sink())) {
      pause(POLL_MILLIS);
    }
    say(
        "%s has synced %d blocks from %s in %.1f s"
            .formatted(
                node.name(), node.blockCount(), from.name(), (System.nanoTime() - start) / 1e9));
  }

  private void watch(int index) {
    DemoNode node = nodes.get(index);
    watchers.execute(
        () -> {
          try {
            node.watch(
                event -> crossings.arrived(event.get("hash").asText(), index, System.nanoTime()));
          } catch (ClientException e) {
            if (!closed) {
              say(node.name() + " no longer tells its events: " + e.getMessage());
            }
          }
        });
  }

  private void mine(double rate) throws ClientException {
    DemoNode first = nodes.getFirst();
    BlockMaker maker = maker(first);
    long interval = (long) (TimeUnit.SECONDS.toNanos(1) / rate);
    long next = System.nanoTime();
    // Announcements of transactions wait up to half a second at every node.
    int rounds = 1 + (int) Math.ceil(CROSSING_SECONDS * rate);
    Deque<List<Transaction>> crossing = new ArrayDeque<>();
    while (!closed) {
      List<Transaction> transactions = new ArrayList<>();
      for (int i = random.nextInt(MAX_TRANSACTIONS + 1); i > 0; i--) {
        transactions.add(submitTransaction(first, maker));
      }
      crossing.add(transactions);
      next += interval;
      while (!closed && System.nanoTime() < next) {
        lookForTransactions();
        pause(Math.min(POLL_MILLIS, Math.max(1, (next - System.nanoTime()) / 1_000_000)));
      }
      if (!closed) {
        // A block takes them once they had time to cross on their own.
        List<Transaction> crossed = crossing.size() > rounds ? crossing.remove() : List.of();
        submitBlock(first, maker.make(1, crossed, clock.millis()).getFirst());
      }
    }
  }

  private Transaction submitTransaction(DemoNode node, BlockMaker maker) throws ClientException {
    Transaction transaction = maker.transaction();
    String id = transaction.id().toString();
    crossings.started(
        "tx " + id, "transaction " + id.substring(0, SHORT_HASH) + "…", System.nanoTime());
    node.submitTransaction(Transactions.toWire(transaction).toByteArray());
    return transaction;
  }

  private void submitBlock(DemoNode node, Block block) throws ClientException {
    String hash = block.hash().toString();
    String what =
        "block %s…, blue score %d, %d transactions"
            .formatted(
                hash.substring(0, SHORT_HASH),
                block.header().blueScore(),
                block.transactions().size());
    crossings.started(hash, what, System.nanoTime());
    node.submitBlock(Blocks.toWire(block).toByteArray());
  }

  private void lookForTransactions() {
    for (int i = 1; i < nodes.size(); i++) {
      for (String awaited : crossings.awaitedAt(i)) {
        if (awaited.startsWith("tx ") && nodes.get(i).holds(awaited.substring(3))) {
          crossings.arrived(awaited, i, System.nanoTime());
        }
      }
    }
  }

  private static void pause(long millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private void say(String line) {
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }

  /** Stops all nodes at once and removes their data. */
  @Override
  public void close() {
    List<DemoNode> running;
    synchronized (nodes) {
      if (closed) {
        return;
      }
      closed = true;
      running = List.copyOf(nodes);
    }
    say("stopping");
    try (ExecutorService stoppers = Executors.newVirtualThreadPerTaskExecutor()) {
      running.forEach(node -> stoppers.execute(node::close));
    }
    watchers.shutdownNow();
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      say("could not remove all of " + home + ": " + e.getMessage());
    }
  }
}
