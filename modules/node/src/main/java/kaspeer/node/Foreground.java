package kaspeer.node;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import kaspeer.consensus.DagCapacityException;
import kaspeer.crypto.signature.Secp256k1;
import kaspeer.node.config.NodeConfig;
import kaspeer.node.log.Console;
import kaspeer.node.log.Logging;
import kaspeer.node.log.SyncProgress;
import kaspeer.primitives.Network;
import kaspeer.primitives.natives.NativeFolder;
import kaspeer.storage.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node as the work of the whole process, until a signal or a failure ends it. */
public final class Foreground {
  private static final Logger LOG = LoggerFactory.getLogger(Foreground.class);

  private Foreground() {}

  /**
   * Runs a node. Does not return: SIGINT and SIGTERM stop the node and the process, with exit code
   * 0.
   *
   * @throws StartException if the node cannot start, or had to end by itself
   */
  public static void run(NodeConfig config) throws StartException {
    Console console = Console.standard();
    Logging.setUp(config.logLevel(), console);
    LOG.info(
        "Kaspeer {} on {}, data in {}",
        Version.current(),
        config.network().optionName(),
        config.dataDir());
    shortcoming(config.network()).ifPresent(LOG::warn);
    NativeFolder.useIfNoneIsNamed(config.dataDir().resolve("native"));
    Termination termination = Termination.install();
    try (Node node = Node.start(config);
        SyncProgress progress = watch(config, console, node)) {
      termination.onSignal(() -> end(progress, node));
      LOG.info(
          "admin endpoint and page at http://{}/", AdminAddressFile.reach(node.adminAddress()));
      requireSignatures();
      Throwable cause = await(node.failure());
      throw new StartException("the node cannot go on: " + reason(cause), cause);
    } finally {
      termination.disarm();
    }
  }

  /** What this version cannot do on a network, before somebody waits for it. */
  static Optional<String> shortcoming(Network network) {
    return switch (network) {
      case MAINNET, TESTNET_10 ->
          Optional.of(
              "this version cannot join a network whose history has been pruned, as that of "
                  + network.optionName()
                  + " has: it finds peers, but cannot sync from them");
      case DEVNET, SIMNET -> Optional.empty();
    };
  }

  /** A node that cannot check signatures says so now, and not at the first block. */
  private static void requireSignatures() throws StartException {
    try {
      Secp256k1.load();
    } catch (IllegalStateException e) {
      throw new StartException("signatures cannot be checked: " + e.getMessage(), e);
    }
  }

  /**
   * In the words of an operator where there are some: of the store and of a DAG that is full, which
   * gave them with advice. Of all else the log has the trace.
   */
  private static String reason(Throwable cause) {
    if (cause instanceof StoreException || cause instanceof DagCapacityException) {
      return String.valueOf(cause.getMessage());
    }
    LOG.error("the node cannot go on", cause);
    return cause.toString();
  }

  private static void end(SyncProgress progress, Node node) {
    progress.close();
    node.close();
  }

  private static SyncProgress watch(NodeConfig config, Console console, Node node) {
    Console shown = config.quiet() ? Console.plain() : console;
    return SyncProgress.start(shown, node.engine()::syncStatus, node.engine()::dagSnapshot);
  }

  private static Throwable await(CompletableFuture<Throwable> failure) {
    try {
      return failure.get();
    } catch (ExecutionException | InterruptedException e) {
      return e;
    }
  }
}
