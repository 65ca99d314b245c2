package kaspeer.consensus;

import static kaspeer.consensus.UtxoFixture.ANYONE;
import static kaspeer.consensus.UtxoFixture.GENESIS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Objects;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Scripts may ask for the sequencing commitments of the selected chain, less than the finality
 * depth below the selected parent (consensus reference 6.7, end).
 */
@Timeout(60)
class ChainQueriesTest {
  private static final int FINALITY = 6;
  private static final Params PARAMS =
      TestParams.simnet(TestParams.blockRate(3, 4, 12, 10, 10, FINALITY, FINALITY));
  private static final int LENGTH = 12;
  private static final int PUSH_32 = 0x20;
  private static final int CHAIN_BLOCK_SEQ_COMMIT = 0xd4;
  private static final int EQUAL = 0x87;

  private final UtxoFixture fixture = new UtxoFixture(new MemoryDagStore(), PARAMS);

  @BeforeEach
  void mine() {
    fixture.chain(GENESIS, LENGTH);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Hash chainBlock(int depth) {
    return fixture.consensus.read(
        dag -> dag.hash(dag.chainBlock(dag.chainPosition(dag.sink()) - depth)));
  }

  private Hash commitment(Hash block) {
    return Objects.requireNonNull(fixture.consensus.header(block)).acceptedIdMerkleRoot();
  }

  /** Whether the next block could spend an output that asks for a block's commitment. */
  private TransactionVerdict ask(Hash block, Hash expected) {
    ByteArrayOutputStream script = new ByteArrayOutputStream();
    script.write(PUSH_32);
    script.writeBytes(block.toBytes());
    script.write(CHAIN_BLOCK_SEQ_COMMIT);
    script.write(PUSH_32);
    script.writeBytes(expected.toBytes());
    script.write(EQUAL);
    UtxoEntry entry =
        new UtxoEntry(100_000_000, new ScriptPublicKey(0, script.toByteArray()), 0, false, null);
    Outpoint outpoint = new Outpoint(Hash.ofWords(1, 2, 3, 4), 0);
    Transaction asking =
        new Spending(PARAMS).version(1).input(outpoint, entry).split(ANYONE).make();
    return fixture.consensus.check(asking, unseen -> unseen.equals(outpoint) ? entry : null);
  }

  private void isKnown(Hash block) {
    assertThat(ask(block, commitment(block))).isInstanceOf(TransactionVerdict.Accepted.class);
    isRefused(block, Hash.ofWords(6, 6, 6, 6), "false");
  }

  private void isRefused(Hash block, Hash expected, String why) {
    assertThat(ask(block, expected))
        .isInstanceOfSatisfying(
            TransactionVerdict.Refused.class,
            refused -> {
              assertThat(refused.rule()).isEqualTo(Rule.SIGNATURE_EMPTY);
              assertThat(refused.forNow()).as("another block may see it otherwise").isTrue();
              assertThat(refused.detail()).contains(why);
            });
  }

  @Test
  void theCommitmentIsThatOfTheBlocksHeader() {
    assertThat(commitment(chainBlock(0))).isNotEqualTo(commitment(chainBlock(1)));
    for (int depth = 0; depth < FINALITY; depth++) {
      isKnown(chainBlock(depth));
    }
  }

  @Test
  void aBlockAtTheFinalityDepthIsTooDeep() {
    Hash deep = chainBlock(FINALITY);
    isRefused(deep, commitment(deep), "deep");
    Hash last = chainBlock(FINALITY - 1);
    isKnown(last);
    fixture.mine(fixture.sink());
    isRefused(last, commitment(last), "deep");
  }

  @Test
  void aBlockBesideTheSelectedChainIsNotKnownEvenIfItIsMerged() {
    Hash tip = fixture.sink();
    Hash main = fixture.chain(tip, 2);
    Hash aside = fixture.mine(tip);
    assertThat(fixture.sink()).isEqualTo(main);
    isRefused(aside, commitment(aside), "chain");
    fixture.mine(fixture.ordered(main, aside));
    isRefused(aside, commitment(aside), "chain");
    isKnown(main);
  }

  @Test
  void whatIsOnTheSelectedChainChangesWithIt() {
    Hash fork = fixture.sink();
    Hash old = fixture.chain(fork, 2);
    isKnown(old);
    Hash other = fixture.chain(fork, 3);
    assertThat(fixture.sink()).isEqualTo(other);
    isKnown(other);
    isRefused(old, commitment(old), "chain");
  }

  @Test
  void aBlockThatIsNowhereIsUnknown() {
    Hash nowhere = Hash.ofWords(9, 9, 9, 9);
    isRefused(nowhere, Hash.ZERO, nowhere.toString());
  }
}
