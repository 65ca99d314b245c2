package kaspeer.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.ConsensusEvent;
import kaspeer.consensus.ConsensusOptions;
import kaspeer.consensus.ConsensusUnavailableException;
import kaspeer.consensus.DagStore;
import kaspeer.consensus.Verdict;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.storage.Database.Family;
import kaspeer.storage.StoreException.Reason;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damage to the records of the UTXO state, of a chain of blocks with ids 1 to 8. */
@Timeout(60)
class StateDamageTest {
  private static final int LENGTH = 8;
  private static final int FORK = 5;
  private static final byte[] GARBLED = {77, 1, 2};

  @TempDir Path directory;
  private final List<Hash> chain = new ArrayList<>(List.of(Chains.PARAMS.genesis().hash()));

  private RocksDagStore open() {
    return RocksDagStore.open(
        new StoreOptions(directory, Chains.PARAMS, 1 << 20, 1 << 20, 1 << 20));
  }

  @BeforeEach
  void fill() {
    try (RocksDagStore store = open();
        Consensus consensus = Chains.open(store)) {
      for (int i = 0; i < LENGTH; i++) {
        chain.add(Chains.chain(consensus, chain.getLast(), 1));
      }
    }
  }

  private void change(Database.Changes changes) {
    StoreOptions options = StoreOptions.of(directory, Chains.PARAMS);
    try (Database database =
        Database.open(directory.resolve("db"), directory.resolve("native"), options)) {
      database.write(changes);
    }
  }

  private void openAndClose() {
    try (RocksDagStore store = open()) {
      Chains.open(store).close();
    }
  }

  private static void isDamage(ThrowingCallable action, String what) {
    assertThatThrownBy(action).satisfies(thrown -> requireDamage(thrown, what));
  }

  private static void requireDamage(Throwable thrown, String what) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT))
        .hasMessageContaining("damaged")
        .hasMessageContaining(what)
        .message()
        .doesNotContain("\n");
  }

  // --- when it is opened ----------------------------------------------------------------------

  /** The header itself is read well; what was computed for it is not. */
  @Test
  void garbledDataOfAHeaderIsToldWithAdvice() {
    Header header;
    try (RocksDagStore store = open()) {
      header = store.header(LENGTH - 1);
    }
    change(
        batch ->
            batch.put(Family.HEADERS, Ids.key(LENGTH - 1), HeaderCodec.encode(header, GARBLED)));
    isDamage(this::openAndClose, "header 7");
    isDamage(this::openAndClose, "remove the data directory to sync again");
  }

  @Test
  void aMissingMultisetIsToldWithAdvice() {
    change(batch -> batch.delete(Family.MULTISETS, Ids.key(LENGTH)));
    isDamage(this::openAndClose, "the multiset of block 8 is missing");
    isDamage(this::openAndClose, "remove the data directory to sync again");
  }

  @Test
  void aMissingBodyIsToldWithAdvice() {
    change(batch -> batch.delete(Family.BODIES, Ids.key(LENGTH - 1)));
    isDamage(this::openAndClose, "the body of block 7 is missing");
  }

  @Test
  void aGarbledMultiset() {
    change(batch -> batch.put(Family.MULTISETS, Ids.key(LENGTH), GARBLED));
    isDamage(this::openAndClose, "the multiset of block 8");
  }

  @Test
  void aMissingOrGarbledDeltaOnTheWayToTheSink() {
    // Blocks beside the chain that outweigh it, taken without looking at the UTXO state.
    addBranch(branch());
    change(batch -> batch.delete(Family.DELTAS, Ids.key(LENGTH)));
    isDamage(this::openAndClose, "the change of block 8 is missing");
    change(batch -> batch.put(Family.DELTAS, Ids.key(LENGTH), GARBLED));
    isDamage(this::openAndClose, "the change of block 8");
  }

  private void addBranch(List<Block> branch) {
    try (RocksDagStore store = open();
        Consensus consensus =
            Chains.open(store, ConsensusOptions.defaults().withUtxoValidation(false))) {
      for (Block block : branch) {
        assertThat(consensus.submitBlock(block).join().isHere()).isTrue();
      }
    }
  }

  /** From block 5 on, longer than the chain; made on another store. */
  private List<Block> branch() {
    List<Block> branch = new ArrayList<>();
    try (DagStore other = new kaspeer.consensus.MemoryDagStore();
        RocksDagStore store = open();
        Consensus consensus = Chains.open(other)) {
      for (int id = 1; id <= FORK; id++) {
        Block block = new Block(store.header(id), Objects.requireNonNull(store.body(id)));
        assertThat(consensus.submitBlock(block).join().isHere()).isTrue();
      }
      Hash tip = chain.get(FORK);
      for (int i = 0; i < LENGTH; i++) {
        Block block =
            consensus
                .blockTemplate(List.of(tip), Chains.ANYONE, new byte[] {1}, List.of())
                .join()
                .block();
        assertThat(consensus.submitBlock(block).join().isHere()).isTrue();
        branch.add(block);
        tip = block.hash();
      }
    }
    return branch;
  }

  @Test
  void aMissingOrGarbledPosition() {
    change(batch -> batch.delete(Family.POSITION, ChangeWriter.POSITION_KEY));
    isDamage(this::openAndClose, "the position of the UTXO set is missing");
    change(batch -> batch.put(Family.POSITION, ChangeWriter.POSITION_KEY, new byte[] {1}));
    isDamage(this::openAndClose, "position");
    change(
        batch ->
            batch.put(
                Family.POSITION,
                ChangeWriter.POSITION_KEY,
                UtxoCodec.encode(new DagStore.Position(LENGTH + 1, 0))));
    isDamage(this::openAndClose, "no block that qualified");
  }

  @Test
  void aGarbledLane() {
    byte[] key = new byte[Hash.SIZE];
    change(batch -> batch.put(Family.LANES, key, GARBLED));
    isDamage(this::openAndClose, "lane");
  }

  /** A good block would look wrong with it, and the next template be wrong. */
  @Test
  void aLostLaneIsDamageAndNoBlockIsDisqualifiedForIt() {
    List<byte[]> keys = new ArrayList<>();
    try (RocksDagStore store = open()) {
      store.forEachLane(lane -> keys.add(lane.key().toBytes()));
    }
    assertThat(keys).isNotEmpty();
    change(batch -> batch.delete(Family.LANES, keys.getFirst()));
    isDamage(this::openAndClose, "the lanes after block " + chain.getLast());
    isDamage(this::openAndClose, "remove the data directory to sync again");
    try (RocksDagStore store = open()) {
      store.forEachHeader(
          stored -> assertThat(stored.status()).isNotEqualTo(BlockStatus.DISQUALIFIED_FROM_CHAIN));
    }
  }

  @Test
  void aLaneTooManyAndAChangedOneAreDamage() {
    List<DagStore.StoredLane> lanes = new ArrayList<>();
    try (RocksDagStore store = open()) {
      store.forEachLane(lanes::add);
    }
    DagStore.StoredLane lane = lanes.getFirst();
    Hash other = Hash.ofWords(1, 2, 3, 4);
    change(
        batch ->
            batch.put(
                Family.LANES,
                other.toBytes(),
                UtxoCodec.encode(new DagStore.StoredLane(other, lane.tip(), lane.blueScore()))));
    isDamage(this::openAndClose, "the lanes after block");
    change(
        batch -> {
          batch.delete(Family.LANES, other.toBytes());
          batch.put(
              Family.LANES,
              lane.key().toBytes(),
              UtxoCodec.encode(new DagStore.StoredLane(lane.key(), other, lane.blueScore())));
        });
    isDamage(this::openAndClose, "the lanes after block");
  }

  // --- while it runs --------------------------------------------------------------------------

  @Test
  void aGarbledAcceptanceIsDamageForWhoAsks() {
    change(batch -> batch.put(Family.ACCEPTANCE, Ids.key(4), GARBLED));
    try (RocksDagStore store = open();
        Consensus consensus = Chains.open(store)) {
      isDamage(() -> consensus.acceptance(chain.get(4)), "the acceptance of block 4");
      assertThat(consensus.acceptance(chain.get(5))).isNotNull();
    }
  }

  @Test
  void aMissingDeltaStopsTheConsensusAndThatIsTheReasonTold() throws Exception {
    List<Block> branch = branch();
    change(batch -> batch.delete(Family.DELTAS, Ids.key(LENGTH)));
    stopsWith(branch, "the change of block 8 is missing");
  }

  @Test
  void aMissingAcceptanceStopsTheConsensusWhenItsBlockComesBackToTheChain() throws Exception {
    List<Block> branch = branch();
    addBranch(branch);
    openAndClose(); // on the branch now
    try (RocksDagStore store = open();
        Consensus consensus = Chains.open(store)) {
      assertThat(consensus.state().sink().hash()).isEqualTo(branch.getLast().hash());
    }
    change(batch -> batch.delete(Family.ACCEPTANCE, Ids.key(LENGTH)));
    List<Block> longer = new ArrayList<>();
    try (RocksDagStore store = open();
        DagStore other = new kaspeer.consensus.MemoryDagStore();
        Consensus consensus = Chains.open(other)) {
      for (int id = 1; id <= LENGTH; id++) {
        Block back = new Block(store.header(id), Objects.requireNonNull(store.body(id)));
        assertThat(consensus.submitBlock(back).join().isHere()).isTrue();
      }
      Hash tip = chain.getLast();
      for (int i = 0; i < LENGTH; i++) {
        Block block = Chains.make(consensus, List.of(tip));
        assertThat(consensus.submitBlock(block).join().isHere()).isTrue();
        longer.add(block);
        tip = block.hash();
      }
    }
    stopsWith(longer, "the acceptance of block 8 is missing");
  }

  /** Hands in blocks until the consensus stops, which is for this reason. */
  private void stopsWith(List<Block> blocks, String what) throws Exception {
    BlockingQueue<ConsensusEvent> events = new LinkedBlockingQueue<>();
    try (RocksDagStore store = open();
        Consensus consensus =
            Chains.open(store, ConsensusOptions.defaults().withListener(events::addAll))) {
      List<CompletableFuture<Verdict>> verdicts =
          blocks.stream().map(consensus::submitBlock).toList();
      assertThatThrownBy(verdicts.getLast()::join)
          .hasCauseInstanceOf(ConsensusUnavailableException.class);
      ConsensusEvent event = events.poll(20, TimeUnit.SECONDS);
      while (event != null && !(event instanceof ConsensusEvent.Failed)) {
        event = events.poll(20, TimeUnit.SECONDS);
      }
      assertThat(event)
          .isInstanceOfSatisfying(
              ConsensusEvent.Failed.class, failed -> requireDamage(failed.cause(), what));
    }
  }

  /** Whoever spends it looks wrong then; but no good block is disqualified for it. */
  @Test
  void aLostEntryIsFoundBeforeABlockIsDisqualifiedForIt() throws Exception {
    Block spending;
    Outpoint spent;
    try (RocksDagStore store = open();
        Consensus consensus = Chains.open(store)) {
      spent = Chains.coinbaseOf(consensus, chain.get(3));
      Transaction spend = Chains.spend(consensus, spent, 2);
      spending = Chains.make(consensus, List.of(chain.getLast()), spend);
      assertThat(spending.transactions()).hasSize(2);
    }
    change(batch -> batch.delete(Family.UTXOS, UtxoCodec.key(spent)));
    stopsWith(List.of(spending), "the UTXO set after block " + chain.getLast());
    try (RocksDagStore store = open()) {
      store.forEachHeader(
          stored -> assertThat(stored.status()).isNotEqualTo(BlockStatus.DISQUALIFIED_FROM_CHAIN));
    }
  }
}
