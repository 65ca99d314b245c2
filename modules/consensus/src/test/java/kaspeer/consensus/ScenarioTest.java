package kaspeer.consensus;

import static kaspeer.consensus.UtxoFixture.ANYONE;
import static kaspeer.consensus.UtxoFixture.GENESIS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kaspeer.crypto.signature.Secp256k1;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import kaspeer.script.Opcode;
import kaspeer.script.ScriptBuilder;
import kaspeer.script.ScriptError;
import kaspeer.script.SignatureHash;
import kaspeer.script.SpendingTransaction;
import kaspeer.script.StandardScripts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Rules of transactions end to end: each is in a block that is handed in, and is accepted by the
 * next one or disqualifies its own (consensus reference 10.7).
 */
@Timeout(60)
class ScenarioTest {
  private static final byte[] NOTHING = new byte[0];
  private static final byte[] SECRET = new byte[32];
  private static final long FEE = 1000;

  static {
    SECRET[31] = 7;
  }

  /** Every block is final for its child, so scripts reach back to the selected parent only. */
  private static final kaspeer.primitives.Params SHORT_FINALITY =
      TestParams.simnet(TestParams.blockRate(3, 4, 12, 10, 10, 1, 1));

  private UtxoFixture fixture = new UtxoFixture();

  /** What the blocks that were to be disqualified broke. */
  private final Map<Hash, String> refusals = new HashMap<>();

  @AfterEach
  void everyRefusalWasForItsReason() {
    fixture.close();
    Map<Hash, String> told = new HashMap<>();
    for (ConsensusEvent.BlockDisqualified event :
        fixture.eventsOf(ConsensusEvent.BlockDisqualified.class)) {
      assertThat(event.rule()).isEqualTo(Rule.INVALID_TRANSACTIONS_IN_UTXO_CONTEXT);
      told.put(event.hash(), event.detail());
    }
    assertThat(told).containsOnlyKeys(refusals.keySet());
    refusals.forEach((block, why) -> assertThat(told.get(block)).contains(why));
  }

  // --- handing in -----------------------------------------------------------------------------

  private Block holding(Transaction transaction) {
    return UtxoFixture.withBody(
        fixture.make(List.of(fixture.sink())),
        body -> {
          body.add(transaction);
          return body;
        });
  }

  /** A block with it qualifies, and the next one accepts it. */
  private void accepts(Transaction transaction) {
    Hash block = fixture.add(holding(transaction));
    assertThat(fixture.sink()).isEqualTo(block);
    Hash next = fixture.mine(block);
    assertThat(acceptedBy(next)).contains(transaction.id());
    assertThat(fixture.consensus.utxo(transaction.inputs().getFirst().previous())).isNull();
  }

  /** A block with it does not qualify. */
  private void refuses(Transaction transaction, ScriptError why) {
    refuses(transaction, why.description());
  }

  private void refuses(Transaction transaction, String why) {
    Hash sink = fixture.sink();
    Hash block = fixture.add(holding(transaction));
    assertThat(fixture.status(block)).isEqualTo(BlockStatus.DISQUALIFIED_FROM_CHAIN);
    assertThat(fixture.sink()).isEqualTo(sink);
    refusals.put(block, why);
  }

  private List<Hash> acceptedBy(Hash block) {
    return Objects.requireNonNull(fixture.consensus.acceptance(block)).merged().stream()
        .flatMap(merged -> merged.transactions().stream())
        .toList();
  }

  // --- making ---------------------------------------------------------------------------------

  /** An unspent output with this script. */
  private Outpoint paidTo(ScriptPublicKey script) {
    Hash second = fixture.chain(GENESIS, 2);
    fixture.chain(second, 11);
    Outpoint coinbase = fixture.coinbaseOf(second);
    Transaction payment =
        UtxoFixture.spend(coinbase, fixture.entry(coinbase), FEE, List.of(script));
    fixture.mine(fixture.mine(fixture.sink(), payment));
    return new Outpoint(payment.id(), 0);
  }

  private static ScriptPublicKey script(ScriptBuilder script) {
    return new ScriptPublicKey(0, script.build());
  }

  private Transaction spend(
      int version, Outpoint outpoint, byte[] signatureScript, int commit, Output output) {
    return spend(version, outpoint, signatureScript, commit, output, NOTHING);
  }

  private Transaction spend(
      int version,
      Outpoint outpoint,
      byte[] signatureScript,
      int commit,
      Output output,
      byte[] payload) {
    Transaction unweighed =
        new Transaction(
            version,
            List.of(new Input(outpoint, signatureScript, -1, commit)),
            List.of(output),
            0,
            SubnetworkId.NATIVE,
            0,
            payload,
            0);
    return UtxoFixture.withMass(unweighed, List.of(fixture.entry(outpoint)));
  }

  private Output toAnyone(Outpoint outpoint) {
    return new Output(fixture.entry(outpoint).amount() - FEE, ANYONE, null);
  }

  private static Transaction with(Transaction t, byte[] signatureScript, byte[] payload) {
    Input input = t.inputs().getFirst();
    return new Transaction(
        t.version(),
        List.of(
            new Input(input.previous(), signatureScript, input.sequence(), input.computeCommit())),
        t.outputs(),
        t.lockTime(),
        t.subnetworkId(),
        t.gas(),
        payload,
        t.storageMass());
  }

  /** The signature of the only input, with its hash type. */
  private byte[] signature(Transaction transaction, int hashType) {
    UtxoEntry entry = fixture.entry(transaction.inputs().getFirst().previous());
    SpendingTransaction spending = new SpendingTransaction(transaction, List.of(entry));
    byte[] message = SignatureHash.schnorr(spending, 0, hashType).toBytes();
    byte[] signature = Secp256k1.signSchnorr(message, SECRET, null);
    byte[] typed = Arrays.copyOf(signature, signature.length + 1);
    typed[signature.length] = (byte) hashType;
    return typed;
  }

  private static byte[] push(byte[]... elements) {
    ScriptBuilder builder = new ScriptBuilder();
    for (byte[] element : elements) {
      builder.data(element);
    }
    return builder.build();
  }

  // --- scenarios ------------------------------------------------------------------------------

  /** A transaction that asks for the commitment of the sink, which its script insists on. */
  private Transaction asksForTheSink() {
    fixture.close();
    fixture = new UtxoFixture(new MemoryDagStore(), SHORT_FINALITY);
    Outpoint outpoint =
        paidTo(
            script(
                new ScriptBuilder()
                    .op(Opcode.OP_CHAINBLOCK_SEQ_COMMIT)
                    .op(Opcode.OP_SIZE)
                    .number(32)
                    .op(Opcode.OP_NUMEQUALVERIFY)
                    .op(Opcode.OP_DROP)
                    .number(1)));
    return spend(1, outpoint, push(fixture.sink().toBytes()), 10, toAnyone(outpoint));
  }

  /**
   * What was within reach of a script in its own block is out of reach for the block's child; it is
   * accepted all the same, since the scripts of the selected parent's transactions do not run again
   * (6.4).
   */
  @Test
  void seqcommitSpContextThresholdEdge() {
    Transaction asks = asksForTheSink();
    accepts(asks);
  }

  /** The scripts of other merged blocks' transactions do run, from the new selected parent. */
  @Test
  void seqcommitThatIsTooDeepForTheMergingBlockIsLeftOut() {
    Transaction asks = asksForTheSink();
    Hash parent = fixture.sink();
    Block holding = fixture.make(List.of(parent), asks);
    Hash other = fixture.chain(parent, 2);
    Hash merging = fixture.mine(List.of(other, fixture.add(holding)));
    assertThat(fixture.sink()).isEqualTo(merging);
    assertThat(acceptedBy(merging)).doesNotContain(asks.id());
    refuses(asks, ScriptError.BLOCK_TOO_DEEP);
  }

  /** KIP-10: a script sees amounts and scripts of what spends it. */
  @Test
  void aScriptThatOnlyLetsItsCoinsGrow() {
    ScriptPublicKey grows =
        script(
            new ScriptBuilder()
                .op(Opcode.OP_TX_INPUT_INDEX)
                .op(Opcode.OP_TX_INPUT_SPK)
                .number(0)
                .op(Opcode.OP_TX_OUTPUT_SPK)
                .op(Opcode.OP_EQUALVERIFY)
                .number(0)
                .op(Opcode.OP_TX_OUTPUT_AMOUNT)
                .op(Opcode.OP_TX_INPUT_INDEX)
                .op(Opcode.OP_TX_INPUT_AMOUNT)
                .number(FEE)
                .op(Opcode.OP_SUB)
                .op(Opcode.OP_GREATERTHANOREQUAL));
    Outpoint outpoint = paidTo(grows);
    long amount = fixture.entry(outpoint).amount();
    refuses(spend(0, outpoint, NOTHING, 0, toAnyone(outpoint)), ScriptError.VERIFY_FAILED);
    refuses(
        spend(0, outpoint, NOTHING, 0, new Output(amount - FEE - 1, grows, null)),
        ScriptError.EVAL_FALSE);
    accepts(spend(0, outpoint, NOTHING, 0, new Output(amount - FEE, grows, null)));
  }

  /** A script may insist that its covenant goes on. */
  @Test
  void aScriptThatCountsTheOutputsOfItsCovenant() {
    ScriptPublicKey goesOn =
        script(
            new ScriptBuilder()
                .op(Opcode.OP_TX_INPUT_INDEX)
                .op(Opcode.OP_INPUT_COVENANT_ID)
                .op(Opcode.OP_COV_OUTPUT_COUNT)
                .number(1)
                .op(Opcode.OP_NUMEQUAL));
    Outpoint start = paidTo(ANYONE);
    Output plain = new Output(fixture.entry(start).amount() - FEE, goesOn, null);
    Hash id =
        kaspeer.primitives.CovenantId.of(
            start, List.of(new kaspeer.primitives.CovenantId.IndexedOutput(0, plain)));
    Transaction begins =
        spend(1, start, NOTHING, 0, new Output(plain.value(), goesOn, new Covenant(0, id)));
    Transaction stolen =
        spend(
            1,
            start,
            NOTHING,
            0,
            new Output(plain.value(), goesOn, new Covenant(0, Hash.ofWords(1, 2, 3, 4))));
    refuses(stolen, Rule.COVENANTS_ERROR.name());
    accepts(begins);
    Outpoint held = new Outpoint(begins.id(), 0);
    refuses(spend(1, held, NOTHING, 1, toAnyone(held)), ScriptError.EVAL_FALSE);
    long amount = fixture.entry(held).amount() - FEE;
    accepts(spend(1, held, NOTHING, 1, new Output(amount, goesOn, new Covenant(0, id))));
  }

  /** No element of the stack has more than a million bytes, whatever is paid for it. */
  @Test
  void theLimitOfAnElementHoldsInBlocks() {
    ScriptBuilder doubles = new ScriptBuilder();
    for (int i = 0; i < 5; i++) {
      doubles.op(Opcode.OP_DUP).op(Opcode.OP_CAT);
    }
    Outpoint outpoint = paidTo(script(doubles.op(Opcode.OP_DROP).number(1)));
    byte[] tooLong = new byte[31_251];
    refuses(
        spend(1, outpoint, push(tooLong), 400, toAnyone(outpoint)), ScriptError.ELEMENT_TOO_BIG);
    refuses(
        spend(1, outpoint, push(new byte[31_250]), 100, toAnyone(outpoint)),
        ScriptError.SCRIPT_UNITS_EXCEEDED);
    accepts(spend(1, outpoint, push(new byte[31_250]), 400, toAnyone(outpoint)));
  }

  /** Any transaction may have a payload; signatures cover it and scripts see it. */
  @Test
  void thePayloadIsSignedAndSeen() {
    Outpoint outpoint = paidTo(StandardScripts.payToPubKey(Secp256k1.xOnlyPublicKey(SECRET)));
    Transaction unsigned = spend(0, outpoint, NOTHING, 1, toAnyone(outpoint), new byte[] {1, 2, 3});
    byte[] signed = push(signature(unsigned, SignatureHash.ALL));
    refuses(with(unsigned, signed, new byte[] {1, 2, 4}), ScriptError.EVAL_FALSE);
    refuses(with(unsigned, signed, NOTHING), ScriptError.EVAL_FALSE);
    accepts(with(unsigned, signed, unsigned.payload()));
  }

  @Test
  void aScriptMayWantAPayloadOfSomeLength() {
    Outpoint outpoint =
        paidTo(
            script(
                new ScriptBuilder().op(Opcode.OP_TX_PAYLOAD_LEN).number(3).op(Opcode.OP_NUMEQUAL)));
    refuses(
        spend(0, outpoint, NOTHING, 0, toAnyone(outpoint), new byte[2]), ScriptError.EVAL_FALSE);
    accepts(spend(0, outpoint, NOTHING, 0, toAnyone(outpoint), new byte[3]));
  }

  /** Signature checks count when they are run: a branch that is not taken costs nothing. */
  @Test
  void signatureChecksAreCountedAsTheyRun() {
    byte[] key = Secp256k1.xOnlyPublicKey(SECRET);
    ScriptBuilder either = new ScriptBuilder().op(Opcode.OP_IF);
    for (int i = 0; i < 2; i++) {
      either.op(Opcode.OP_DUP).literal(key).op(Opcode.OP_CHECKSIGVERIFY);
    }
    either.op(Opcode.OP_ENDIF).literal(key).op(Opcode.OP_CHECKSIG);
    Outpoint outpoint = paidTo(script(either));
    byte[] thrice = {1};
    Transaction two = spend(0, outpoint, NOTHING, 2, toAnyone(outpoint));
    refuses(
        with(two, push(signature(two, SignatureHash.ALL), thrice), NOTHING),
        ScriptError.SCRIPT_UNITS_EXCEEDED);
    Transaction none = spend(0, outpoint, NOTHING, 0, toAnyone(outpoint));
    refuses(
        with(none, push(signature(none, SignatureHash.ALL), NOTHING), NOTHING),
        ScriptError.SCRIPT_UNITS_EXCEEDED);
    Transaction one = spend(0, outpoint, NOTHING, 1, toAnyone(outpoint));
    accepts(with(one, push(signature(one, SignatureHash.ALL), NOTHING), NOTHING));
  }

  /** A signature commits to its own hash type: another one cannot be put in its place. */
  @Test
  void aSignatureCommitsToItsHashType() {
    Outpoint outpoint = paidTo(StandardScripts.payToPubKey(Secp256k1.xOnlyPublicKey(SECRET)));
    Transaction unsigned = spend(0, outpoint, NOTHING, 1, toAnyone(outpoint));
    List<Integer> types =
        List.of(
            SignatureHash.ALL,
            SignatureHash.NONE,
            SignatureHash.SINGLE,
            SignatureHash.ALL | SignatureHash.ANYONE_CAN_PAY);
    List<Transaction> signed = new ArrayList<>();
    for (int type : types) {
      byte[] signature = signature(unsigned, type);
      signed.add(with(unsigned, push(signature), NOTHING));
      for (int other : types) {
        if (other != type) {
          signature[64] = (byte) other;
          refuses(with(unsigned, push(signature.clone()), NOTHING), ScriptError.EVAL_FALSE);
        }
      }
      signature[64] = 0x03;
      refuses(with(unsigned, push(signature.clone()), NOTHING), ScriptError.INVALID_HASH_TYPE);
    }
    accepts(signed.getLast());
  }
}
