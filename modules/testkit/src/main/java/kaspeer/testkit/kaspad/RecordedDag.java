package kaspeer.testkit.kaspad;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import kaspeer.primitives.Network;
import kaspeer.testkit.Folders;

/**
 * Data folders of a kaspad that has mined a simnet DAG of a given size, 3 to 6 blocks wide, empty
 * or with payments. Mined once on a machine (about a hundred blocks a second), then kept in {@code
 * ~/.cache/kaspeer/dags}.
 */
public final class RecordedDag {
  private static final int BLOCKS_PER_ROUND = 20;

  private RecordedDag() {}

  /** Makes the data folder of a kaspad. */
  interface Recipe {
    void make(Path folder) throws IOException;
  }

  /** A copy of the DAG of {@code blocks} blocks in {@code target}, to start a kaspad on. */
  public static Path copyTo(Path target, Path binary, int blocks) {
    return copyTo(target, "simnet-" + blocks, folder -> mine(folder, binary, blocks));
  }

  /**
   * A copy of a DAG of about {@code blocks} blocks that hold about {@code payments} signed
   * transactions.
   */
  public static Path copyTo(Path target, Path binary, int blocks, int payments) {
    return copyTo(
        target,
        "simnet-" + blocks + "-payments-" + payments,
        folder -> mine(folder, binary, blocks, payments));
  }

  /** A copy of what a recipe made, once on this machine, under that name. */
  @SuppressWarnings("try") // the lock is held, not used
  static Path copyTo(Path target, String name, Recipe recipe) {
    Path original = Path.of(System.getProperty("user.home"), ".cache", "kaspeer", "dags", name);
    try {
      Files.createDirectories(original.getParent());
      Path lockFile = original.resolveSibling(name + ".lock");
      try (FileChannel channel =
              FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (!Files.exists(original.resolve("complete"))) {
          Folders.delete(original);
          recipe.make(original);
          Files.createFile(original.resolve("complete"));
        }
        copy(original, target);
        return target;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A wallet of the key to which the DAG with payments pays; its coins are still to be loaded. */
  public static SignedWallet wallet() {
    byte[] secret = new byte[32];
    secret[31] = 1;
    return new SignedWallet(Network.SIMNET, secret);
  }

  private static void mine(Path folder, Path binary, int blocks) {
    try (Kaspad kaspad = Kaspad.start(binary, folder, List.of())) {
      new SimnetMiner(kaspad.rpc(), AnyoneCanSpendWallet.ADDRESS, new SplittableRandom(1))
          .mine(blocks, 3, 6);
    }
  }

  /** A tenth of the blocks come first and earn the coins; the others hold the payments. */
  private static void mine(Path folder, Path binary, int blocks, int payments) {
    SignedWallet wallet = wallet();
    try (Kaspad kaspad = Kaspad.start(binary, folder, List.of())) {
      SimnetMiner miner = new SimnetMiner(kaspad.rpc(), wallet.address(), new SplittableRandom(1));
      int earning = Math.max(blocks / 10, (int) SignedWallet.MATURITY + 200);
      miner.mine(earning, 3, 6);
      wallet.load(kaspad.rpc());
      int rounds = (blocks - earning) / BLOCKS_PER_ROUND;
      for (int round = 0; round < rounds; round++) {
        List<CompletableFuture<JsonNode>> sent = new ArrayList<>();
        int due = (int) ((round + 1L) * payments / rounds - (long) round * payments / rounds);
        for (int i = 0; i < due; i++) {
          sent.add(SignedWallet.submit(kaspad.rpc(), wallet.pay()));
        }
        KaspadRpc.join(sent);
        miner.mine(BLOCKS_PER_ROUND, 3, 6);
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path copied = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copied);
        } else {
          Files.copy(file, copied);
        }
      }
    }
  }
}
