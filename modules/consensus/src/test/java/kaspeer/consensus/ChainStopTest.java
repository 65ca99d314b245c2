package kaspeer.consensus;

import static kaspeer.consensus.UtxoFixture.ANYONE;
import static kaspeer.consensus.UtxoFixture.GENESIS;
import static kaspeer.consensus.UtxoFixture.NOBODY;
import static kaspeer.consensus.UtxoFixture.PARAMS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Bytes;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The selected chain ends below a block with a script that this version cannot run, a
 * zero-knowledge proof, as long as nothing else says what becomes of the block.
 */
@Timeout(60)
class ChainStopTest {
  /** Pushes the tag of a Groth16 proof, and has one checked. */
  private static final ScriptPublicKey PROOF =
      new ScriptPublicKey(0, new byte[] {0x01, 0x20, (byte) 0xa6});

  /** Compute budget that pays for a proof. */
  private static final int BUDGET = 1500;

  private final MemoryDagStore store = new MemoryDagStore();
  private UtxoFixture fixture = new UtxoFixture(store);
  private Hash tip = GENESIS;
  private Transaction locked = PARAMS.genesis().transactions().getFirst();

  @BeforeEach
  void lockCoinsBehindProofs() {
    Hash paid = fixture.chain(GENESIS, 2);
    fixture.chain(paid, 11);
    Outpoint coinbase = fixture.coinbaseOf(paid);
    locked =
        new Spending(PARAMS)
            .input(coinbase, fixture.entry(coinbase))
            .split(PROOF, PROOF, NOBODY, ANYONE)
            .make();
    tip = fixture.mine(fixture.mine(fixture.sink(), locked));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void reopen() {
    fixture.close();
    fixture = new UtxoFixture(store);
  }

  /** Spends some of the locked outputs. */
  private Transaction unlock(int... outputs) {
    Spending spending = new Spending(PARAMS).version(1);
    for (int output : outputs) {
      Outpoint outpoint = new Outpoint(locked.id(), output);
      spending.input(outpoint, fixture.entry(outpoint), new byte[0], -1, BUDGET);
    }
    return spending.split(ANYONE).make();
  }

  private Block with(Hash parent, Transaction... transactions) {
    return UtxoFixture.withBody(
        fixture.make(List.of(parent)),
        body -> {
          body.addAll(List.of(transactions));
          return body;
        });
  }

  private List<Hash> stops() {
    fixture.close();
    return fixture.eventsOf(ConsensusEvent.ChainStopped.class).stream()
        .map(ConsensusEvent.ChainStopped::hash)
        .toList();
  }

  private void isStoppedAt(Hash block) {
    assertThat(fixture.sink()).isEqualTo(tip);
    assertThat(fixture.status(block)).isEqualTo(BlockStatus.BODY);
    assertThat(fixture.consensus.state().stopped())
        .isNotNull()
        .satisfies(
            stop -> {
              assertThat(stop.block()).isEqualTo(block);
              assertThat(stop.why()).contains("zero-knowledge");
            });
  }

  /** The virtual block, and so a template, is on the sink and merges nothing else. */
  private void isAlone(Hash sink) {
    assertThat(fixture.consensus.state().virtualParents()).containsExactly(sink);
    BlockTemplate template = fixture.consensus.blockTemplate(ANYONE, new byte[] {7}, List.of());
    assertThat(template.block().header().directParents()).containsExactly(sink);
  }

  @Test
  void aProofInABlocksOwnTransactionStopsTheChainBelowIt() {
    assertThat(fixture.consensus.state().stopped()).isNull();
    Hash stopping = fixture.add(with(tip, unlock(0)));
    isStoppedAt(stopping);
    isAlone(tip);
    Hash aside = fixture.mine(fixture.chain(GENESIS, 1));
    isStoppedAt(stopping);
    assertThat(fixture.status(aside).hasBody()).isTrue();
    assertThat(stops()).containsExactly(stopping);
  }

  @Test
  void afterARestartItIsStoppedThereAgainAndSaysSoOnce() {
    Hash stopping = fixture.add(with(tip, unlock(0)));
    reopen();
    isStoppedAt(stopping);
    isAlone(tip);
    fixture.add(UtxoFixture.withWrongCommitment(fixture.make(List.of(GENESIS))));
    fixture.add(UtxoFixture.withWrongCommitment(fixture.make(List.of(GENESIS))));
    isStoppedAt(stopping);
    assertThat(stops()).containsExactly(stopping);
  }

  @Test
  void anotherBranchGoesOnAndDoesNotMergeIt() {
    Hash stopping = fixture.add(with(tip, unlock(0)));
    tip = fixture.chain(tip, 2);
    assertThat(fixture.sink()).isEqualTo(tip);
    assertThat(fixture.consensus.state().stopped()).isNull();
    assertThat(fixture.consensus.state().tips()).contains(stopping);
    isAlone(tip);
    reopen();
    assertThat(fixture.sink()).isEqualTo(tip);
    isAlone(tip);
  }

  @Test
  void aProofInAMergedTransactionStopsTheChainBelowTheBlockThatMergesIt() {
    Hash aside = fixture.add(with(tip, unlock(0)));
    tip = fixture.chain(tip, 2);
    Hash merging = fixture.add(onAnyState(List.of(tip, aside)));
    isStoppedAt(merging);
    isAlone(tip);
    reopen();
    isStoppedAt(merging);
    isAlone(tip);
    tip = fixture.chain(tip, 3);
    assertThat(fixture.sink()).isEqualTo(tip);
    assertThat(fixture.consensus.state().stopped()).isNull();
  }

  /** A block on parents for which there is no template; what it commits to is anything. */
  private Block onAnyState(List<Hash> parents) {
    HeaderTemplate template = fixture.consensus.template(parents);
    Block other = fixture.make(List.of(tip));
    Header h = other.header();
    Header header =
        template.header(
            h.hashMerkleRoot(), h.acceptedIdMerkleRoot(), h.utxoCommitment(), h.timestamp(), 0);
    return UtxoFixture.withBody(
        new Block(header, other.transactions()),
        body -> {
          Transaction coinbase = body.getFirst();
          byte[] payload = coinbase.payload().clone();
          Bytes.putLongLe(payload, 0, template.blueScore());
          body.set(
              0,
              new Transaction(
                  1, List.of(), coinbase.outputs(), 0, SubnetworkId.COINBASE, 0, payload, 0));
          return body;
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTransactionThatFailsForCertainIsLeftOutWhateverElseItProves(boolean proofFirst) {
    Transaction failing = proofFirst ? unlock(0, 2) : unlock(2, 0);
    Transaction fine = unlock(3);
    Hash aside = fixture.add(with(tip, failing, fine));
    assertThat(fixture.status(aside)).isEqualTo(BlockStatus.DISQUALIFIED_FROM_CHAIN);
    Hash main = fixture.chain(tip, 2);
    Hash merging = fixture.mine(List.of(main, aside));
    assertThat(fixture.sink()).isEqualTo(merging);
    assertThat(Objects.requireNonNull(fixture.consensus.acceptance(merging)).merged())
        .contains(new BlockAcceptance.Merged(aside, List.of(fine.id())));
    assertThat(fixture.consensus.state().stopped()).isNull();
    assertThat(stops()).isEmpty();
  }

  @Test
  void aBlockWithATransactionThatFailsForCertainIsDisqualifiedWhateverElseItProves() {
    Hash bad = fixture.add(with(tip, unlock(0), unlock(2)));
    assertThat(fixture.status(bad)).isEqualTo(BlockStatus.DISQUALIFIED_FROM_CHAIN);
    assertThat(fixture.consensus.state().stopped()).isNull();
    assertThat(fixture.sink()).isEqualTo(tip);
    assertThat(stops()).isEmpty();
  }
}
