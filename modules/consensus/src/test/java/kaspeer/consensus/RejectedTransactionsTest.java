package kaspeer.consensus;

import static kaspeer.consensus.UtxoFixture.ANYONE;
import static kaspeer.consensus.UtxoFixture.GENESIS;
import static kaspeer.consensus.UtxoFixture.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each rule of transactions in UTXO context (consensus reference 6.6): a block with a transaction
 * that breaks it may not be on the selected chain, and one that merges this block leaves the
 * transaction out.
 */
@Timeout(60)
class RejectedTransactionsTest {
  /** Three coinbases pay more than can ever be spent at once; masses count at such amounts. */
  private static final Params PARAMS =
      TestParams.simnet(
          "\"pre_deflationary_phase_base_subsidy\": 1000000000000000000, "
              + "\"storage_mass_parameter\": 9000000000000000000, "
              + TestParams.blockRate(3, 4, 12, 10, 10, 15, 30));

  private static final int MATURITY = 10;
  private static final int LOCKED = 1;
  private static final int OPEN = 0;
  private static final int FINE = 2;

  private final UtxoFixture fixture = new UtxoFixture(new MemoryDagStore(), PARAMS);
  private Hash tip = GENESIS;

  /** Blocks with mature coinbases. */
  private final List<Hash> rich = new ArrayList<>();

  /** Makes outputs of another coinbase. */
  private Transaction outputs = PARAMS.genesis().transactions().getFirst();

  /** A rule and a transaction that breaks it and no other one. */
  enum Breach {
    ABSENT(Rule.MISSING_TX_OUTPOINTS) {
      @Override
      Transaction of(RejectedTransactionsTest test) {
        Outpoint absent = new Outpoint(test.outputs.id(), 77);
        return spending().input(absent, test.entry(OPEN)).split(ANYONE).make();
      }
    },
    YOUNG_COINBASE(Rule.IMMATURE_COINBASE_SPEND) {
      @Override
      Transaction of(RejectedTransactionsTest test) {
        Hash parent =
            test.fixture.consensus.read(dag -> dag.hash(dag.selectedParent(dag.id(test.tip))));
        Outpoint young = test.fixture.coinbaseOf(parent);
        return spending().input(young, test.fixture.entry(young)).split(ANYONE).make();
      }
    },
    TOO_MUCH_AT_ONCE(Rule.INPUT_AMOUNT_TOO_HIGH) {
      @Override
      Transaction of(RejectedTransactionsTest test) {
        Spending spending = spending();
        for (Hash block : test.rich) {
          Outpoint coinbase = test.fixture.coinbaseOf(block);
          spending.input(coinbase, test.fixture.entry(coinbase));
        }
        return spending.output(1_000_000_000_000_000_000L, ANYONE).make();
      }
    },
    MORE_OUT_THAN_IN(Rule.SPEND_TOO_HIGH) {
      @Override
      Transaction of(RejectedTransactionsTest test) {
        return test.open(-1).fee(-1).split(ANYONE).make();
      }
    },
    DUST(Rule.MASS_INCOMPUTABLE) {
      @Override
      Transaction of(RejectedTransactionsTest test) {
        return test.open(-1).output(1, ANYONE).output(1, ANYONE).output(1, ANYONE).make();
      }
    },
    ANOTHER_MASS(Rule.WRONG_MASS) {
      @Override
      Transaction of(RejectedTransactionsTest test) {
        return test.open(-1).split(ANYONE).extraMass(1).make();
      }
    },
    LOCKED_FOR_LONG(Rule.SEQUENCE_LOCK_CONDITIONS_ARE_NOT_MET) {
      @Override
      Transaction of(RejectedTransactionsTest test) {
        return test.open(100).split(ANYONE).make();
      }
    },
    CLAIMED_COVENANT(Rule.COVENANTS_ERROR) {
      @Override
      Transaction of(RejectedTransactionsTest test) {
        Covenant claimed = new Covenant(0, Hash.ofWords(9, 9, 9, 9));
        return test.open(-1).version(1).split(ANYONE).covenant(claimed).make();
      }
    },
    LOCKED_FOR_ALL(Rule.SIGNATURE_EMPTY) {
      @Override
      Transaction of(RejectedTransactionsTest test) {
        return spending().input(test.outpoint(LOCKED), test.entry(LOCKED)).split(ANYONE).make();
      }
    },
    LEFT_ON_THE_STACK(Rule.SIGNATURE_INVALID) {
      @Override
      Transaction of(RejectedTransactionsTest test) {
        return spending()
            .input(test.outpoint(OPEN), test.entry(OPEN), new byte[] {0x51}, -1, 0)
            .split(ANYONE)
            .make();
      }
    };

    final Rule rule;

    Breach(Rule rule) {
      this.rule = rule;
    }

    abstract Transaction of(RejectedTransactionsTest test);
  }

  private static Spending spending() {
    return new Spending(PARAMS);
  }

  private Spending open(long sequence) {
    return spending().input(outpoint(OPEN), entry(OPEN), new byte[0], sequence, 0);
  }

  private Outpoint outpoint(int output) {
    return new Outpoint(outputs.id(), output);
  }

  private UtxoEntry entry(int output) {
    return fixture.entry(outpoint(output));
  }

  @BeforeEach
  void makeOutputs() {
    fixture.chain(GENESIS, 1);
    Hash paid = fixture.chain(fixture.sink(), 1);
    for (int i = 0; i < 3; i++) {
      rich.add(fixture.chain(fixture.sink(), 1));
    }
    fixture.chain(fixture.sink(), MATURITY + 1);
    Outpoint coinbase = fixture.coinbaseOf(paid);
    outputs =
        spending().input(coinbase, fixture.entry(coinbase)).split(ANYONE, NOBODY, ANYONE).make();
    tip = fixture.mine(fixture.mine(fixture.sink(), outputs));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Transaction fine() {
    return spending().input(outpoint(FINE), entry(FINE)).split(ANYONE).make();
  }

  /** A good block but for one transaction. */
  private Block with(Breach breach) {
    return UtxoFixture.withBody(
        fixture.make(List.of(tip), fine()),
        body -> {
          body.add(breach.of(this));
          return body;
        });
  }

  @ParameterizedTest
  @EnumSource
  void aBlockWithSuchATransactionIsNotOnTheSelectedChain(Breach breach) {
    Hash bad = fixture.add(with(breach));
    assertThat(fixture.status(bad)).isEqualTo(BlockStatus.DISQUALIFIED_FROM_CHAIN);
    assertThat(fixture.sink()).isEqualTo(tip);
    fixture.close();
    assertThat(fixture.eventsOf(ConsensusEvent.BlockDisqualified.class))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.hash()).isEqualTo(bad);
              assertThat(event.rule()).isEqualTo(Rule.INVALID_TRANSACTIONS_IN_UTXO_CONTEXT);
              assertThat(event.detail()).startsWith(breach.rule + ": transaction ");
            });
  }

  @ParameterizedTest
  @EnumSource
  void whereItIsMergedSuchATransactionIsLeftOut(Breach breach) {
    Transaction rejected = breach.of(this);
    Transaction fine = fine();
    Hash bad = fixture.add(with(breach));
    Hash good = fixture.chain(tip, 2);
    Hash merging = fixture.mine(List.of(good, bad));
    assertThat(fixture.sink()).isEqualTo(merging);
    assertThat(fixture.status(merging)).isEqualTo(BlockStatus.UTXO_VALID);
    BlockAcceptance accepted = Objects.requireNonNull(fixture.consensus.acceptance(merging));
    assertThat(accepted.merged()).contains(new BlockAcceptance.Merged(bad, List.of(fine.id())));
    fixture.mine(merging);
    assertThat(fixture.consensus.utxo(outpoint(OPEN))).isNotNull();
    assertThat(fixture.consensus.utxo(outpoint(FINE))).isNull();
    assertThat(fixture.consensus.utxo(new Outpoint(rejected.id(), 0))).isNull();
  }
}
