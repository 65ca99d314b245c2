package kaspeer.node.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
import kaspeer.node.mining.Miner;
import kaspeer.primitives.Block;
import kaspeer.wire.Transactions;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes in a chain: A mines, B dials A, C dials B. First B, then C sync what A has; then
 * blocks cross from A to C, which A does not know, and payments from whichever node they are handed
 * to.
 */
public final class Demo implements AutoCloseable {
  private static final int NODES = 3;
  private static final int MAX_SIBLINGS = 3;
  private static final long POLL_MILLIS = 50;

  /** Between two payments. */
  private static final long PAYMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  private static final int SHORT_HASH = 12;

  private final PrintWriter out;
  private final Path home;
  private final SplittableRandom random = new SplittableRandom();
  private final Wallet wallet = new Wallet(DemoParams.params(), random);
  private final List<DemoNode> nodes = new ArrayList<>();
  private final Crossings crossings;
  private final Crossings acceptances;
  private final ExecutorService watchers = Executors.newVirtualThreadPerTaskExecutor();
  private @Nullable Miner miner;
  private volatile boolean closed;

  private Demo(PrintWriter out, Path home) {
    this.out = out;
    this.home = home;
    this.crossings = new Crossings(NODES, this::say);
    this.acceptances = new Crossings(NODES, this::say);
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

  private void run(int blocks, double rate) throws StartException, IOException {
    try {
      start(blocks, rate);
      pay();
    } catch (ClientException | RuntimeException e) {
      // A node that is being stopped answers nobody.
      if (!closed) {
        throw new StartException("a node of the demo failed: " + e.getMessage(), e);
      }
    }
  }

  private void start(int blocks, double rate) throws StartException, ClientException, IOException {
    say("three nodes on a simnet of their own; their data is in " + home + " until the demo ends");
    Path params = DemoParams.write(home);
    DemoNode first = add("A", params, null);
    grow(first, blocks);
    say("A has made " + first.blockCount() + " blocks");
    DemoNode second = add("B", params, first);
    awaitSync(second, first);
    DemoNode third = add("C", params, second);
    awaitSync(third, second);
    for (int i = 0; i < nodes.size(); i++) {
      watch(i);
    }
    say("new blocks from A by way of B to C, payments from any to all; Ctrl-C ends it");
    mine(first, rate);
  }

  private DemoNode add(String name, Path params, @Nullable DemoNode dials) throws StartException {
    DemoNode node = DemoNode.start(name, home, params, dials);
    synchronized (nodes) {
      nodes.add(node);
    }
    String part = dials == null ? "mines" : "dials " + dials.name();
    say(name + "  page and admin endpoint  http://" + node.admin() + "/  " + part);
    return node;
  }

  /** Gives the first node a past: rounds of one to three siblings. */
  private void grow(DemoNode node, int blocks) {
    try (Miner past = node.miner(wallet.miner(), block -> {})) {
      for (int made = 0; made < blocks && !closed; ) {
        int siblings = Math.min(1 + random.nextInt(MAX_SIBLINGS), blocks - made);
        past.mine(siblings);
        made += siblings;
      }
    }
  }

  private void mine(DemoNode node, double rate) {
    synchronized (nodes) {
      if (!closed) {
        miner = node.miner(wallet.miner(), this::mined);
        miner.start(rate);
      }
    }
  }

  private void mined(Block block) {
    String hash = block.hash().toString();
    String what =
        "block %s…, blue score %d, %d transactions"
            .formatted(
                hash.substring(0, SHORT_HASH),
                block.header().blueScore(),
                block.transactions().size());
    crossings.started(hash, what, 0, System.nanoTime());
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
            node.watch(event -> happened(index, event));
          } catch (ClientException e) {
            if (!closed) {
              say(node.name() + " no longer tells its events: " + e.getMessage());
            }
          }
        });
  }

  private void happened(int node, JsonNode event) {
    long now = System.nanoTime();
    if (event.path("type").asText().equals("blockAdded")) {
      crossings.arrived(event.path("hash").asText(), node, now);
    }
    for (JsonNode block : event.path("acceptedTransactionIds")) {
      for (JsonNode id : block.path("acceptedTransactionIds")) {
        // One that is in a block before it was announced has come with that.
        crossings.arrived(id.asText(), node, now);
        acceptances.arrived(id.asText(), node, now);
      }
    }
  }

  private void pay() throws ClientException {
    long next = System.nanoTime();
    for (int turn = 0; !closed; turn++) {
      next += PAYMENT_NANOS;
      pay(turn % NODES);
      while (!closed && System.nanoTime() < next) {
        lookForPayments();
        pause(POLL_MILLIS);
      }
    }
  }

  /** Hands a payment to a node, if there is a coin that it knows. */
  private void pay(int index) throws ClientException {
    DemoNode node = nodes.get(index);
    wallet.look(nodes.getFirst().consensus());
    Optional<Wallet.Payment> payment = wallet.pay(node.consensus());
    if (payment.isPresent()) {
      String id = payment.get().transaction().id().toString();
      String what =
          "payment %s… of %.2f KAS"
              .formatted(
                  id.substring(0, SHORT_HASH), payment.get().amount() / (double) Wallet.SOMPI);
      crossings.started(id, what, index, System.nanoTime());
      acceptances.started(id, what + ", accepted", Crossings.NOWHERE, System.nanoTime());
      node.submitTransaction(Transactions.toWire(payment.get().transaction()).toByteArray());
    }
  }

  private void lookForPayments() {
    for (int i = 0; i < nodes.size(); i++) {
      for (String awaited : acceptances.awaitedAt(i)) {
        if (crossings.awaitedAt(i).contains(awaited) && nodes.get(i).holds(awaited)) {
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
    Miner mining;
    synchronized (nodes) {
      if (closed) {
        return;
      }
      closed = true;
      running = List.copyOf(nodes);
      mining = miner;
    }
    say("stopping");
    if (mining != null) {
      mining.close();
    }
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
