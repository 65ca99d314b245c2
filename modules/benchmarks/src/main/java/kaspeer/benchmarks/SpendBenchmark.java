package kaspeer.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import kaspeer.crypto.signature.Secp256k1;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import kaspeer.script.ChainCommitments;
import kaspeer.script.CovenantContext;
import kaspeer.script.ScriptBuilder;
import kaspeer.script.ScriptChecker;
import kaspeer.script.ScriptException;
import kaspeer.script.SignatureCache;
import kaspeer.script.SignatureHash;
import kaspeer.script.SpendingTransaction;
import kaspeer.script.StandardScripts;
import kaspeer.script.TransactionSigner;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to check that a payment may spend what it spends: one input, two outputs; paid to a
 * key, and paid to the hash of a script that wants two signatures of three keys, which the engine
 * runs step by step.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SpendBenchmark {
  private static final long CACHE_BYTES = 1 << 20;

  /** More than are remembered. */
  private static final int MANY_KEYS = 1 << 14;

  private final byte[] secret = new byte[Secp256k1.SECRET_KEY_SIZE];
  private byte[] key = {};
  private byte[] message = {};
  private byte[] signature = {};
  private final byte[][] keys = new byte[MANY_KEYS][];
  private final byte[][] signatures = new byte[MANY_KEYS][];
  private int turn;
  private byte[] ecdsaKey = {};
  private byte[] ecdsaSignature = {};
  private Transaction payment = unsigned(new ScriptPublicKey(0, new byte[0]));
  private List<UtxoEntry> spent = List.of();
  private Transaction multisigPayment = payment;
  private List<UtxoEntry> multisigSpent = List.of();
  private final Params params = Params.of(Network.SIMNET);
  private final ScriptChecker remembering =
      new ScriptChecker(params, new SignatureCache(CACHE_BYTES));
  private ScriptChecker forgetting = remembering;

  /** Signs the payment. */
  @Setup
  public void sign() {
    secret[0] = 1;
    key = Secp256k1.xOnlyPublicKey(secret);
    ScriptPublicKey own = StandardScripts.payToPubKey(key);
    spent = List.of(new UtxoEntry(1_000_000_000, own, 5, false, null));
    payment = TransactionSigner.signSchnorr(unsigned(own), spent, secret);
    message =
        SignatureHash.schnorr(new SpendingTransaction(payment, spent), 0, SignatureHash.ALL)
            .toBytes();
    signature = Secp256k1.signSchnorr(message, secret, null);
    ecdsaKey = Secp256k1.compressedPublicKey(secret);
    ecdsaSignature = Secp256k1.signEcdsa(message, secret);
    signMultisig();
    for (int i = 0; i < MANY_KEYS; i++) {
      byte[] each = secretOf(1 + i / 128);
      each[1] = (byte) (i % 128);
      keys[i] = Secp256k1.xOnlyPublicKey(each);
      signatures[i] = Secp256k1.signSchnorr(message, each, null);
    }
  }

  private void signMultisig() {
    List<byte[]> secrets = List.of(secretOf(2), secretOf(3), secretOf(4));
    byte[] redeem =
        StandardScripts.multisig(secrets.stream().map(Secp256k1::xOnlyPublicKey).toList(), 2);
    ScriptPublicKey own = StandardScripts.payToScriptHash(redeem);
    multisigSpent = List.of(new UtxoEntry(1_000_000_000, own, 5, false, null));
    Transaction unsigned = unsigned(own, new byte[0], 3);
    byte[] toSign =
        SignatureHash.schnorr(
                new SpendingTransaction(unsigned, multisigSpent), 0, SignatureHash.ALL)
            .toBytes();
    ScriptBuilder signatures = new ScriptBuilder();
    for (byte[] each : secrets.subList(0, 2)) {
      byte[] typed = Arrays.copyOf(Secp256k1.signSchnorr(toSign, each, null), 65);
      typed[64] = SignatureHash.ALL;
      signatures.data(typed);
    }
    multisigPayment = unsigned(own, StandardScripts.spendScriptHash(signatures.build(), redeem), 3);
  }

  private static byte[] secretOf(int number) {
    byte[] secret = new byte[Secp256k1.SECRET_KEY_SIZE];
    secret[0] = (byte) number;
    return secret;
  }

  private static Transaction unsigned(ScriptPublicKey own) {
    return unsigned(own, new byte[0], 1);
  }

  private static Transaction unsigned(ScriptPublicKey own, byte[] signatureScript, int sigOps) {
    return new Transaction(
        0,
        List.of(new Input(new Outpoint(Hash.ZERO, 0), signatureScript, 0, sigOps)),
        List.of(new Output(499_000_000, own, null), new Output(500_000_000, own, null)),
        0,
        SubnetworkId.NATIVE,
        0,
        new byte[0],
        0);
  }

  @Benchmark
  public Secp256k1.Outcome schnorrAlone() {
    return Secp256k1.verifySchnorr(signature, message, key);
  }

  /** With a key that was not met lately. */
  @Benchmark
  public Secp256k1.Outcome schnorrOfManyKeys() {
    turn = (turn + 1) % MANY_KEYS;
    return Secp256k1.verifySchnorr(signatures[turn], message, keys[turn]);
  }

  @Benchmark
  public Secp256k1.Outcome ecdsaAlone() {
    return Secp256k1.verifyEcdsa(ecdsaSignature, message, ecdsaKey);
  }

  /** Signature hash, script and signature. */
  @Benchmark
  public void scriptOfAnInput() throws ScriptException {
    forgetting = new ScriptChecker(params, new SignatureCache(1024));
    check(forgetting, payment, spent);
  }

  /** Two signatures of three keys, behind the hash of their script. */
  @Benchmark
  public void scriptOfAMultisigInput() throws ScriptException {
    forgetting = new ScriptChecker(params, new SignatureCache(1024));
    check(forgetting, multisigPayment, multisigSpent);
  }

  /** The same once its signatures have been seen: the engine alone. */
  @Benchmark
  public void scriptOfAMultisigInputSeenBefore() throws ScriptException {
    check(remembering, multisigPayment, multisigSpent);
  }

  /** The same once its signature has been seen: in a block after the mempool. */
  @Benchmark
  public void scriptOfAnInputSeenBefore() throws ScriptException {
    check(remembering, payment, spent);
  }

  private static void check(ScriptChecker checker, Transaction payment, List<UtxoEntry> spent)
      throws ScriptException {
    checker.check(
        new SpendingTransaction(payment, spent), CovenantContext.EMPTY, 0, ChainCommitments.NONE);
  }
}
