package kaspeer.engine.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.ConsensusOptions;
import kaspeer.consensus.MemoryDagStore;
import kaspeer.consensus.Rule;
import kaspeer.consensus.Verdict;
import kaspeer.consensus.body.BodyRules;
import kaspeer.crypto.signature.Secp256k1;
import kaspeer.mempool.Admission;
import kaspeer.mempool.BlockEffect;
import kaspeer.mempool.MempoolOptions;
import kaspeer.mempool.Policy;
import kaspeer.mempool.Submission;
import kaspeer.mempool.TemplateLimits;
import kaspeer.mempool.TransactionPool;
import kaspeer.mempool.VirtualState;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import kaspeer.script.StandardScripts;
import kaspeer.testkit.kaspad.PaymentDraft;
import kaspeer.testkit.kaspad.SignedWallet;
import kaspeer.testkit.kaspad.SignedWallet.Coin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool on a consensus, with signed transactions. */
@Timeout(300)
class ConsensusVirtualTest {
  private static final Submission PEER = Submission.relayed("peer");

  private final byte[] secret = secret();
  private final SignedWallet wallet = new SignedWallet(Network.SIMNET, secret);
  private final ScriptPublicKey miner =
      StandardScripts.payToPubKey(Secp256k1.xOnlyPublicKey(secret));
  private final Consensus consensus =
      Consensus.open(
          SmallDag.PARAMS,
          new MemoryDagStore(),
          new BodyRules(SmallDag.PARAMS),
          ConsensusOptions.defaults().withWorkers(2));
  private final ConsensusVirtual virtual =
      new ConsensusVirtual(consensus, ForkJoinPool.commonPool());
  private final TransactionPool pool =
      new TransactionPool(SmallDag.PARAMS, MempoolOptions.ofBytes(1 << 20));
  private final List<Block> blocks = new ArrayList<>();

  private static byte[] secret() {
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) 7);
    return secret;
  }

  @BeforeEach
  void grow() {
    for (int i = 0; i < 40; i++) {
      mine();
    }
  }

  @AfterEach
  void close() {
    consensus.close();
  }

  private Block mine(Transaction... transactions) {
    Block block = consensus.blockTemplate(miner, new byte[0], List.of(transactions)).block();
    assertThat(consensus.submitBlock(block).join()).isInstanceOf(Verdict.Accepted.class);
    blocks.add(block);
    return block;
  }

  /** What a block's coinbase pays. */
  private Coin coin(int block) {
    Outpoint outpoint = new Outpoint(blocks.get(block).transactions().getFirst().id(), 0);
    UtxoEntry entry = consensus.utxo(outpoint);
    if (entry == null) {
      throw new AssertionError("block " + block + " pays nothing");
    }
    return new Coin(outpoint, entry);
  }

  private PaymentDraft spending(int... coins) {
    return wallet.draft(IntStream.of(coins).mapToObj(this::coin).toList());
  }

  private List<Admission> submit(Transaction... transactions) {
    return pool.run(pool.submitAll(List.of(transactions), PEER, virtual), virtual);
  }

  private static byte[] spoilt(byte[] script) {
    byte[] other = script.clone();
    other[10] ^= 1;
    return other;
  }

  /** Spoils the signature of the last of some inputs only. */
  private static Transaction withLastSpoilt(Transaction good) {
    List<Transaction.Input> inputs = new ArrayList<>(good.inputs());
    Transaction.Input last = inputs.removeLast();
    inputs.add(
        new Transaction.Input(
            last.previous(),
            spoilt(last.signatureScript()),
            last.sequence(),
            last.computeCommit()));
    return new Transaction(
        good.version(),
        inputs,
        good.outputs(),
        good.lockTime(),
        good.subnetworkId(),
        good.gas(),
        good.payload(),
        good.storageMass());
  }

  private static void assertAccepted(Admission admission) {
    assertThat(admission).isInstanceOf(Admission.Accepted.class);
  }

  private static void assertInvalid(Admission admission, Rule rule) {
    assertThat(admission)
        .isInstanceOfSatisfying(
            Admission.Invalid.class, refusal -> assertThat(refusal.rule()).isEqualTo(rule));
  }

  private static void assertNotYet(Admission admission, Rule rule) {
    assertThat(admission)
        .isInstanceOfSatisfying(
            Admission.NotYet.class, refusal -> assertThat(refusal.rule()).isEqualTo(rule));
  }

  @Test
  void a_signed_payment_and_one_that_builds_on_it_enter_and_leave_with_their_blocks() {
    Transaction parent = spending(5).sign();
    Transaction child = wallet.draft(List.of(wallet.coin(parent, 0))).sign();
    assertThat(submit(child, parent)).allSatisfy(ConsensusVirtualTest::assertAccepted);

    Block block = mineSelection();
    BlockEffect effect =
        pool.run(pool.block(block.transactions(), block.header().daaScore(), virtual), virtual);
    assertThat(effect.included()).containsExactly(parent.id());
    assertThat(pool.ids()).containsExactly(child.id());
    assertThat(mineSelection().transactions()).extracting(Transaction::id).contains(child.id());
  }

  /** A block of what the pool chooses. */
  private Block mineSelection() {
    List<Transaction> chosen = pool.select(TemplateLimits.of(SmallDag.PARAMS)).transactions();
    return mine(chosen.toArray(Transaction[]::new));
  }

  @Test
  void a_spoilt_signature_is_invalid_and_does_not_keep_the_good_one_out() {
    PaymentDraft draft = spending(5);
    Transaction bad = draft.sign(ConsensusVirtualTest::spoilt);
    assertInvalid(submit(bad).getFirst(), Rule.SIGNATURE_INVALID);
    assertThat(pool.isKnown(bad.id())).isFalse();
    assertAccepted(submit(draft.sign()).getFirst());
  }

  @Test
  void one_spoilt_signature_among_many_inputs_is_found() {
    Transaction good = spending(IntStream.range(2, 22).toArray()).fee(10_000_000).sign();
    assertInvalid(submit(withLastSpoilt(good)).getFirst(), Rule.SIGNATURE_INVALID);
    assertAccepted(submit(good).getFirst());
  }

  @Test
  void a_young_coinbase_cannot_be_spent_yet() {
    Transaction early = spending(39).sign();
    assertNotYet(submit(early).getFirst(), Rule.IMMATURE_COINBASE_SPEND);
    for (int i = 0; i < 10; i++) {
      mine();
    }
    assertAccepted(submit(early).getFirst());
  }

  @Test
  void what_is_locked_for_long_after_its_output_cannot_be_accepted_yet() {
    assertNotYet(
        submit(spending(5).sequence(1_000).sign()).getFirst(),
        Rule.SEQUENCE_LOCK_CONDITIONS_ARE_NOT_MET);
    assertAccepted(submit(spending(6).sequence(3).sign()).getFirst());
  }

  @Test
  void nothing_is_read_for_what_is_refused_whatever_it_spends() {
    Transaction orphan = wallet.draft(List.of(wallet.coin(spending(8).sign(), 0))).sign();
    List<Outpoint> askedFor = new ArrayList<>();
    Admission.Refusal refusal = new Admission.Full(orphan.id());
    VirtualState.Screen screen =
        new VirtualState.Screen() {
          @Override
          public Admission.Refusal alone() {
            return refusal;
          }
        };
    VirtualState.Candidate candidate =
        new VirtualState.Candidate(
            orphan,
            outpoint -> {
              askedFor.add(outpoint);
              return null;
            },
            screen);
    assertThat(virtual.checkAll(List.of(candidate)))
        .containsExactly(new VirtualState.Check.Screened(refusal));
    assertThat(askedFor).isEmpty();
  }

  @Test
  void a_replacement_whose_storage_mass_makes_it_cheap_is_refused_before_its_scripts_are_run() {
    assertAccepted(submit(spending(5).sign()).getFirst());
    PaymentDraft dusty = spending(5);
    // One output of 0.025 KAS weighs 400,000 grams, which twice the fee does not make up for.
    long small = 2_500_000;
    dusty.outputs(dusty.output(small), dusty.output(dusty.amount() - small - 2_000_000));
    Transaction bad = dusty.sign(ConsensusVirtualTest::spoilt);
    assertThat(submit(bad).getFirst())
        .isInstanceOfSatisfying(
            Admission.DoubleSpend.class,
            refusal -> assertThat(refusal.policy()).isEqualTo(Policy.REPLACEMENT_FEE_RATE_TOO_LOW));
  }

  @Test
  void a_script_that_asks_for_a_daa_score_fails_for_now() {
    byte[] script = {0x00, (byte) 0xc0, 0x00, (byte) 0x87}; // whether it is 0
    byte[] never = {0x00, 0x51, (byte) 0x87};
    Outpoint outpoint = new Outpoint(Hash.ofWords(1, 2, 3, 4), 0);
    assertThat(check(outpoint, script))
        .isInstanceOfSatisfying(
            VirtualState.Check.Broken.class, broken -> assertThat(broken.forNow()).isTrue());
    assertThat(check(outpoint, never))
        .isInstanceOfSatisfying(
            VirtualState.Check.Broken.class, broken -> assertThat(broken.forNow()).isFalse());
  }

  /** The check of what spends an unconfirmed output with this script. */
  private VirtualState.Check check(Outpoint outpoint, byte[] script) {
    UtxoEntry unconfirmed =
        new UtxoEntry(1_000_000_000, new ScriptPublicKey(0, script), -1, false, null);
    Transaction good = spending(5).sign();
    Transaction asking =
        new Transaction(
            0,
            List.of(new Transaction.Input(outpoint, new byte[0], 0, 0)),
            List.of(new Transaction.Output(900_000_000, miner, null)),
            0,
            good.subnetworkId(),
            0,
            new byte[0],
            0);
    return virtual
        .checkAll(
            List.of(new VirtualState.Candidate(asking, _ -> unconfirmed, VirtualState.Screen.NONE)))
        .getFirst();
  }

  @Test
  void those_that_are_checked_together_are_judged_each_for_itself() {
    Transaction good = spending(5).sign();
    Transaction bad = spending(6).sign(ConsensusVirtualTest::spoilt);
    Transaction early = spending(39).sign();
    Transaction orphan = wallet.draft(List.of(wallet.coin(spending(8).sign(), 0))).sign();
    List<Admission> admissions = submit(bad, good, orphan, early);
    assertInvalid(admissions.get(0), Rule.SIGNATURE_INVALID);
    assertAccepted(admissions.get(1));
    assertThat(admissions.get(2)).isInstanceOf(Admission.Orphaned.class);
    assertNotYet(admissions.get(3), Rule.IMMATURE_COINBASE_SPEND);
  }
}
