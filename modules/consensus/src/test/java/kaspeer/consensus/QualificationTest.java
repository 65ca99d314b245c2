package kaspeer.consensus;

import static kaspeer.consensus.UtxoFixture.ANYONE;
import static kaspeer.consensus.UtxoFixture.GENESIS;
import static kaspeer.consensus.UtxoFixture.NOBODY;
import static kaspeer.consensus.UtxoFixture.spend;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.UtxoEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which blocks may be on the selected chain, and what becomes of the others (6.3, 6.4, 6.5). */
@Timeout(60)
class QualificationTest {
  private static final int MATURITY = 10;

  private final UtxoFixture fixture = new UtxoFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Block with(Block block, Hash accepted, Hash pruningPoint, List<Hash> direct) {
    Header h = block.header();
    List<List<Hash>> levels = new java.util.ArrayList<>(h.parents().toLevels());
    levels.set(0, direct);
    Header changed =
        new Header(
            h.version(),
            kaspeer.primitives.ParentsByLevel.ofLevels(levels),
            h.hashMerkleRoot(),
            accepted,
            h.utxoCommitment(),
            h.timestamp(),
            h.bits(),
            h.nonce(),
            h.daaScore(),
            h.blueWork(),
            h.blueScore(),
            pruningPoint);
    return new Block(changed, block.transactions());
  }

  /** Hands in a block that would be the sink, and is not for this rule. */
  private void isDisqualified(Block block, Rule rule) {
    Hash sink = fixture.sink();
    Hash hash = fixture.add(block);
    assertThat(fixture.status(hash)).isEqualTo(BlockStatus.DISQUALIFIED_FROM_CHAIN);
    assertThat(fixture.sink()).isEqualTo(sink);
    fixture.close();
    assertThat(fixture.eventsOf(ConsensusEvent.BlockDisqualified.class))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.hash()).isEqualTo(hash);
              assertThat(event.rule()).isEqualTo(rule);
              assertThat(event.detail()).isNotBlank();
            });
  }

  private Outpoint matureCoinbase() {
    Hash second = fixture.chain(GENESIS, 2);
    fixture.chain(second, MATURITY + 1);
    return fixture.coinbaseOf(second);
  }

  @Test
  void anotherUtxoCommitment() {
    Hash tip = fixture.chain(GENESIS, 3);
    isDisqualified(
        UtxoFixture.withWrongCommitment(fixture.make(List.of(tip))), Rule.BAD_UTXO_COMMITMENT);
  }

  @Test
  void anotherSequencingCommitment() {
    Hash tip = fixture.chain(GENESIS, 3);
    Block block = fixture.make(List.of(tip));
    isDisqualified(
        with(block, Hash.ofWords(1, 1, 1, 1), block.header().pruningPoint(), List.of(tip)),
        Rule.BAD_ACCEPTED_ID_MERKLE_ROOT);
  }

  @Test
  void aCoinbaseThatPaysMore() {
    Hash tip = fixture.chain(GENESIS, 3);
    Block block =
        UtxoFixture.withBody(
            fixture.make(List.of(tip)),
            body -> {
              Transaction coinbase = body.getFirst();
              Output paid = coinbase.outputs().getFirst();
              body.set(
                  0,
                  new Transaction(
                      coinbase.version(),
                      List.of(),
                      List.of(new Output(paid.value() + 1, paid.scriptPublicKey(), null)),
                      0,
                      SubnetworkId.COINBASE,
                      0,
                      coinbase.payload(),
                      0));
              return body;
            });
    isDisqualified(block, Rule.BAD_COINBASE_TRANSACTION);
  }

  @Test
  void anotherPruningPoint() {
    Hash first = fixture.chain(GENESIS, 1);
    Hash tip = fixture.chain(first, 2);
    Block block = fixture.make(List.of(tip));
    isDisqualified(
        with(block, block.header().acceptedIdMerkleRoot(), first, List.of(tip)),
        Rule.WRONG_HEADER_PRUNING_POINT);
  }

  @Test
  void aSelectedParentThatIsNotTheFirst() {
    Hash fork = fixture.chain(GENESIS, 2);
    List<Hash> parents = fixture.ordered(fixture.mine(fork), fixture.mine(fork));
    Block block = fixture.make(parents);
    isDisqualified(
        with(
            block,
            block.header().acceptedIdMerkleRoot(),
            block.header().pruningPoint(),
            parents.reversed()),
        Rule.WRONG_SELECTED_PARENT_ORDER);
  }

  @Test
  void aTransactionThatSpendsWhatIsNotThere() {
    Outpoint coinbase = matureCoinbase();
    UtxoEntry entry = fixture.entry(coinbase);
    Outpoint absent = new Outpoint(coinbase.transactionId(), 77);
    Block block =
        UtxoFixture.withBody(
            fixture.make(List.of(fixture.sink())),
            body -> {
              body.add(spend(absent, entry, 0, 1));
              return body;
            });
    isDisqualified(block, Rule.INVALID_TRANSACTIONS_IN_UTXO_CONTEXT);
  }

  @Test
  void aTransactionWhoseScriptFails() {
    Outpoint coinbase = matureCoinbase();
    Transaction lock = spend(coinbase, fixture.entry(coinbase), 0, List.of(NOBODY));
    fixture.mine(fixture.sink(), lock);
    fixture.mine(fixture.sink());
    Outpoint locked = new Outpoint(lock.id(), 0);
    Block block =
        UtxoFixture.withBody(
            fixture.make(List.of(fixture.sink())),
            body -> {
              body.add(spend(locked, fixture.entry(locked), 0, 1));
              return body;
            });
    isDisqualified(block, Rule.INVALID_TRANSACTIONS_IN_UTXO_CONTEXT);
  }

  @Test
  void whatBuildsOnADisqualifiedBlockIsDisqualifiedToo() {
    Hash tip = fixture.chain(GENESIS, 3);
    Block bad = UtxoFixture.withWrongCommitment(fixture.make(List.of(tip)));
    Hash badHash = fixture.add(bad);
    // Its header is as good as any: only the UTXO state knows better.
    HeaderTemplate template = fixture.consensus.template(List.of(badHash));
    Block child = fixture.make(List.of(tip));
    Header h = child.header();
    Block onBad =
        UtxoFixture.withBody(
            new Block(
                template.header(
                    h.hashMerkleRoot(),
                    h.acceptedIdMerkleRoot(),
                    h.utxoCommitment(),
                    template.pastMedianTime() + 1,
                    0),
                child.transactions()),
            body -> {
              Transaction c = body.getFirst();
              byte[] payload = c.payload().clone();
              kaspeer.primitives.Bytes.putLongLe(payload, 0, template.blueScore());
              body.set(
                  0,
                  new Transaction(
                      1, List.of(), c.outputs(), 0, SubnetworkId.COINBASE, 0, payload, 0));
              return body;
            });
    Hash childHash = fixture.add(onBad);
    assertThat(fixture.status(childHash)).isEqualTo(BlockStatus.DISQUALIFIED_FROM_CHAIN);
    assertThat(fixture.sink()).isEqualTo(tip);
    fixture.close();
    assertThat(
            fixture.eventsOf(ConsensusEvent.BlockDisqualified.class).stream()
                .map(ConsensusEvent.BlockDisqualified::rule))
        .containsExactly(Rule.BAD_UTXO_COMMITMENT, Rule.DISQUALIFIED_SELECTED_PARENT);
  }

  @Test
  void aDisqualifiedBlockIsMergedAcceptedAndRewarded() {
    Outpoint coinbase = matureCoinbase();
    Hash tip = fixture.sink();
    Transaction paid = spend(coinbase, fixture.entry(coinbase), 1234, 1);
    Hash bad = fixture.add(UtxoFixture.withWrongCommitment(fixture.make(List.of(tip), paid)));
    assertThat(fixture.status(bad)).isEqualTo(BlockStatus.DISQUALIFIED_FROM_CHAIN);
    // Two good blocks outweigh the bad one, and the third merges it.
    Hash good = fixture.chain(tip, 2);
    assertThat(fixture.consensus.state().virtualParents()).containsExactly(good, bad);
    Hash merging = fixture.mine(List.of(good, bad));
    assertThat(fixture.sink()).isEqualTo(merging);
    BlockAcceptance accepted = Objects.requireNonNull(fixture.consensus.acceptance(merging));
    assertThat(accepted.merged()).contains(new BlockAcceptance.Merged(bad, List.of(paid.id())));
    Transaction reward = Objects.requireNonNull(fixture.consensus.body(merging)).getFirst();
    long subsidy = UtxoFixture.PARAMS.preDeflationarySubsidy();
    assertThat(reward.outputs().stream().map(Output::value).toList())
        .containsExactly(subsidy, subsidy + 1234);
  }

  @Test
  void aMergedTransactionWhoseScriptFailsIsLeftOut() {
    Outpoint coinbase = matureCoinbase();
    Transaction lock = spend(coinbase, fixture.entry(coinbase), 0, List.of(NOBODY, ANYONE));
    fixture.mine(fixture.sink(), lock);
    Hash tip = fixture.mine(fixture.sink());
    Outpoint locked = new Outpoint(lock.id(), 0);
    Outpoint open = new Outpoint(lock.id(), 1);
    Transaction stolen = spend(locked, fixture.entry(locked), 0, 1);
    Transaction fine = spend(open, fixture.entry(open), 0, 1);
    Hash bad =
        fixture.add(
            UtxoFixture.withBody(
                fixture.make(List.of(tip), fine),
                body -> {
                  body.add(stolen);
                  return body;
                }));
    Hash good = fixture.chain(tip, 2);
    Hash merging = fixture.mine(List.of(good, bad));
    assertThat(fixture.sink()).isEqualTo(merging);
    BlockAcceptance accepted = Objects.requireNonNull(fixture.consensus.acceptance(merging));
    assertThat(accepted.merged()).contains(new BlockAcceptance.Merged(bad, List.of(fine.id())));
    fixture.mine(merging);
    assertThat(fixture.consensus.utxo(locked)).isNotNull();
    assertThat(fixture.consensus.utxo(open)).isNull();
  }

  @Test
  void ofTwoMergedDoubleSpendsTheFirstInTheOrderOfAcceptanceWins() {
    Outpoint coinbase = matureCoinbase();
    UtxoEntry entry = fixture.entry(coinbase);
    Hash tip = fixture.sink();
    Transaction one = spend(coinbase, entry, 100, 1);
    Transaction other = spend(coinbase, entry, 200, 1);
    List<Hash> parents = fixture.ordered(fixture.mine(tip, one), fixture.mine(tip, other));
    Hash merging = fixture.mine(parents);
    Set<Hash> accepted =
        Objects.requireNonNull(fixture.consensus.acceptance(merging)).merged().stream()
            .flatMap(merged -> merged.transactions().stream())
            .collect(Collectors.toSet());
    Transaction first = Objects.requireNonNull(fixture.consensus.body(parents.getFirst())).get(1);
    Transaction second = Objects.requireNonNull(fixture.consensus.body(parents.getLast())).get(1);
    assertThat(accepted).contains(first.id()).doesNotContain(second.id());
  }
}
