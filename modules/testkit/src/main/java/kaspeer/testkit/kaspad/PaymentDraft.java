package kaspeer.testkit.kaspad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import kaspeer.crypto.signature.Secp256k1;
import kaspeer.primitives.Address;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.StorageMass;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import kaspeer.script.ScriptBuilder;
import kaspeer.script.SignatureHash;
import kaspeer.script.SpendingTransaction;

/**
 * A payment in the making: coins of a wallet, back to the wallet. A new one breaks no rule and pays
 * enough for every mempool; its coins are split in two if they are large.
 */
public final class PaymentDraft {
  /** Sompi; ten times what a mempool asks of a small transaction. */
  static final long FEE = 1_000_000;

  /** A coin below this is not split: storage mass grows as outputs get small. */
  private static final long SPLIT_FROM = 1_000_000_000;

  /** Enough, in units of the budget, for one signature: a check costs ten of them. */
  private static final int BUDGET = 11;

  private final byte[] secret;
  private final List<SignedWallet.Coin> coins;
  private final ScriptPublicKey schnorr;
  private final ScriptPublicKey ecdsa;
  private ScriptPublicKey payTo;
  private long fee = FEE;
  private int version;
  private SubnetworkId lane = SubnetworkId.NATIVE;
  private long gas;
  private int computeCommit = -1;
  private long sequence;
  private long lockTime;
  private byte[] payload = {};
  private List<Output> outputs = List.of();
  private boolean withStorageMass;

  PaymentDraft(Network network, byte[] secret, List<SignedWallet.Coin> coins) {
    this.secret = secret;
    this.coins = List.copyOf(coins);
    this.schnorr = SignedWallet.schnorr(network, secret).toScriptPublicKey();
    this.ecdsa =
        new Address(network, Address.Version.PUB_KEY_ECDSA, Secp256k1.compressedPublicKey(secret))
            .toScriptPublicKey();
    this.payTo = schnorr;
  }

  /** Sompi of all coins. */
  public long amount() {
    return coins.stream().mapToLong(coin -> coin.entry().amount()).sum();
  }

  /** Where the first coin is. */
  public Transaction.Outpoint outpoint() {
    return coins.getFirst().outpoint();
  }

  /** Pays to the wallet's key for ECDSA signatures. */
  public PaymentDraft toEcdsa() {
    payTo = ecdsa;
    return this;
  }

  /**
   * @param value in sompi
   */
  public PaymentDraft fee(long value) {
    fee = value;
    return this;
  }

  /** Version 1 commits each input to a compute budget, not to signature operations. */
  public PaymentDraft version(int value) {
    version = value;
    return this;
  }

  /** The lane, and the gas it takes; version 1 only. */
  public PaymentDraft lane(SubnetworkId id, long itsGas) {
    lane = id;
    gas = itsGas;
    return this;
  }

  /** What each input commits to: signature operations or compute budget, by the version. */
  public PaymentDraft computeCommit(int value) {
    computeCommit = value;
    return this;
  }

  public PaymentDraft sequence(long value) {
    sequence = value;
    return this;
  }

  public PaymentDraft lockTime(long value) {
    lockTime = value;
    return this;
  }

  public PaymentDraft payload(byte[] value) {
    payload = value;
    return this;
  }

  /** These outputs, whatever the coins and the fee are. */
  public PaymentDraft outputs(Output... all) {
    outputs = List.of(all);
    return this;
  }

  /** An output to the wallet, as this draft pays it. */
  public Output output(long value) {
    return new Output(value, payTo, null);
  }

  /** Commits to its storage mass, as a transaction of a block has to; a mempool does it itself. */
  public PaymentDraft forBlock() {
    withStorageMass = true;
    return this;
  }

  /** The transaction, every input signed for the kind of key its coin is paid to. */
  public Transaction sign() {
    return sign(UnaryOperator.identity());
  }

  /**
   * The transaction, signed, with its signature scripts changed.
   *
   * @param change from the right script to the one to use
   */
  public Transaction sign(UnaryOperator<byte[]> change) {
    List<UtxoEntry> spent = coins.stream().map(SignedWallet.Coin::entry).toList();
    List<Input> inputs = new ArrayList<>();
    int commit = computeCommit >= 0 ? computeCommit : version == 0 ? 1 : BUDGET;
    for (SignedWallet.Coin coin : coins) {
      inputs.add(new Input(coin.outpoint(), new byte[0], sequence, commit));
    }
    List<Output> paid = outputs.isEmpty() ? split() : outputs;
    SpendingTransaction spending = new SpendingTransaction(make(inputs, paid, 0), spent);
    List<Input> signed = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      byte[] script = new ScriptBuilder().literal(signature(spending, i)).build();
      signed.add(new Input(inputs.get(i).previous(), change.apply(script), sequence, commit));
    }
    long mass =
        withStorageMass
            ? StorageMass.of(make(signed, paid, 0), spent, Params.of(Network.SIMNET)).orElseThrow()
            : 0;
    return make(signed, paid, mass);
  }

  private List<Output> split() {
    long left = amount() - fee;
    return left < SPLIT_FROM
        ? List.of(output(left))
        : List.of(output(left / 2), output(left - left / 2));
  }

  private Transaction make(List<Input> inputs, List<Output> paid, long storageMass) {
    return new Transaction(version, inputs, paid, lockTime, lane, gas, payload, storageMass);
  }

  /** The signature of one input, over all of the transaction, with its hash type. */
  private byte[] signature(SpendingTransaction spending, int input) {
    byte[] paidTo = spending.spent().get(input).scriptPublicKey().script();
    byte[] signature =
        Arrays.equals(paidTo, ecdsa.script())
            ? Secp256k1.signEcdsa(
                SignatureHash.ecdsa(spending, input, SignatureHash.ALL).toBytes(), secret)
            : Secp256k1.signSchnorr(
                SignatureHash.schnorr(spending, input, SignatureHash.ALL).toBytes(), secret, null);
    byte[] typed = Arrays.copyOf(signature, signature.length + 1);
    typed[signature.length] = SignatureHash.ALL;
    return typed;
  }
}
