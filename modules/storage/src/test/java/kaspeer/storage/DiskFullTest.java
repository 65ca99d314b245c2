package kaspeer.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.ConsensusEvent;
import kaspeer.consensus.ConsensusOptions;
import kaspeer.consensus.ConsensusUnavailableException;
import kaspeer.consensus.DagStore;
import kaspeer.consensus.DagStore.StoredLane;
import kaspeer.consensus.MemoryDagStore;
import kaspeer.crypto.MuHash;
import kaspeer.crypto.UtxoElement;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.storage.StoreException.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file system of its own that is really full, under blocks that change the UTXO set. */
@Timeout(120)
class DiskFullTest {
  private static final int BLOCKS = 200;
  private static final int OUTPUTS = 40;

  /** What is left on the disk when blocks begin to come. */
  private static final int ROOM = 64 << 10;

  @TempDir Path temp;
  private Path disk = Path.of("");
  private boolean mounted;

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    // Once in a JVM, and kept open: were it unpacked beside the store, the disk would stay in use.
    NativeLibrary.load(temp.resolve("natives"));
    disk = Files.createDirectory(temp.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.toString()),
        "needs a Linux on which this user may mount a tmpfs");
    mounted = true;
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    if (mounted) {
      assertThat(run("umount", disk.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false; // there is no such command here
    }
  }

  private RocksDagStore open() {
    return RocksDagStore.open(
        new StoreOptions(disk.resolve("store"), Chains.PARAMS, 1 << 20, 1 << 20, 1 << 20));
  }

  /** A chain in which each block spends a coinbase to many outputs. */
  private static List<Block> blocks(MemoryDagStore twin) {
    List<Block> blocks = new ArrayList<>();
    try (Consensus consensus = Chains.open(twin)) {
      List<Hash> chain = new ArrayList<>(List.of(Chains.PARAMS.genesis().hash()));
      for (int i = 1; i <= BLOCKS; i++) {
        List<Transaction> spends = new ArrayList<>();
        int mature = i - Chains.MATURITY - 2;
        if (mature > 1) {
          spends.add(
              Chains.spend(consensus, Chains.coinbaseOf(consensus, chain.get(mature)), OUTPUTS));
        }
        Block block =
            Chains.make(consensus, List.of(chain.getLast()), spends.toArray(Transaction[]::new));
        assertThat(block.transactions()).hasSize(1 + spends.size());
        assertThat(consensus.submitBlock(block).join().isHere()).isTrue();
        blocks.add(block);
        chain.add(block.hash());
      }
    }
    return blocks;
  }

  private void fill(Path ballast) throws IOException {
    try (OutputStream out = Files.newOutputStream(ballast)) {
      byte[] piece = new byte[4 << 10];
      while (Files.getFileStore(disk).getUsableSpace() > ROOM) {
        out.write(piece);
      }
    }
  }

  /** Hands in blocks until the disk is full; answers those that were acknowledged. */
  private List<Block> feedUntilFull(List<Block> blocks) throws Exception {
    BlockingQueue<ConsensusEvent> events = new LinkedBlockingQueue<>();
    List<Block> acknowledged = new ArrayList<>();
    try (RocksDagStore store = open();
        Consensus consensus =
            Chains.open(store, ConsensusOptions.defaults().withListener(events::addAll))) {
      fill(disk.resolve("ballast"));
      try {
        for (Block block : blocks) {
          assertThat(consensus.submitBlock(block).join().isHere()).isTrue();
          acknowledged.add(block);
        }
      } catch (CompletionException refused) {
        assertThat(refused).hasCauseInstanceOf(ConsensusUnavailableException.class);
      }
      assertThat(acknowledged.size()).isBetween(Chains.MATURITY + 5, BLOCKS - 1);
      ConsensusEvent event = events.poll(20, TimeUnit.SECONDS);
      while (event != null && !(event instanceof ConsensusEvent.Failed)) {
        event = events.poll(20, TimeUnit.SECONDS);
      }
      Throwable cause = ((ConsensusEvent.Failed) Objects.requireNonNull(event)).cause();
      assertThat(cause)
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DISK_FULL))
          .hasMessageContaining("the disk is full");
    }
    return acknowledged;
  }

  @Test
  void whatWasAcknowledgedIsThereAndWithRoomItGoesOn() throws Exception {
    MemoryDagStore twin = new MemoryDagStore();
    List<Block> blocks = blocks(twin);
    List<Block> acknowledged = feedUntilFull(blocks);
    Files.delete(disk.resolve("ballast"));
    try (RocksDagStore store = open()) {
      requireSound(store);
      try (Consensus consensus = Chains.open(store)) {
        for (Block block : acknowledged) {
          assertThat(consensus.status(block.hash())).isEqualTo(BlockStatus.UTXO_VALID);
        }
        for (Block block : blocks) {
          assertThat(consensus.submitBlock(block).join().isHere()).isTrue();
        }
        assertThat(consensus.state().sink().hash()).isEqualTo(blocks.getLast().hash());
      }
      requireSound(store);
      assertThat(lanes(store)).isEqualTo(lanes(twin));
    }
  }

  /** The set, the multiset that goes with it and the header of its block say the same. */
  private static void requireSound(DagStore store) {
    int position = Objects.requireNonNull(store.position()).block();
    MuHash table = new MuHash();
    store.forEachUtxo((outpoint, entry) -> table.add(UtxoElement.bytes(outpoint, entry)));
    Hash commitment = store.header(position).utxoCommitment();
    assertThat(table.hash()).isEqualTo(commitment);
    assertThat(MuHash.decode(Objects.requireNonNull(store.multiset(position))).hash())
        .isEqualTo(commitment);
  }

  private static Map<Hash, StoredLane> lanes(DagStore store) {
    Map<Hash, StoredLane> lanes = new HashMap<>();
    store.forEachLane(lane -> lanes.put(lane.key(), lane));
    return lanes;
  }
}
