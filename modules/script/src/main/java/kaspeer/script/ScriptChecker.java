package kaspeer.script;

import java.util.Arrays;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.ScriptPublicKey;

/**
 * Decides whether inputs may spend what they spend (consensus reference 6.6 step 7 and 6.8). Thread
 * safe.
 */
public final class ScriptChecker {
  /** A signature and its hash type, pushed. */
  private static final int SIGNATURE_PUSH = 65;

  private final long unitsPerSignature;
  private final SignatureVerifier verifier;

  /**
   * @param params of which only the price of a signature check matters
   */
  public ScriptChecker(Params params, SignatureCache cache) {
    unitsPerSignature = Math.multiplyExact(params.massPerSigOp(), ScriptLimits.UNITS_PER_GRAM);
    verifier = new SignatureVerifier(cache);
  }

  /**
   * Checks one input.
   *
   * @param covenants of this transaction
   * @param input its index
   * @param chain what scripts may ask about the chain
   * @throws ScriptException if it may not spend what it spends. {@link ScriptError#UNSUPPORTED_ZK}
   *     alone means that this is not known.
   */
  public void check(
      SpendingTransaction spending, CovenantContext covenants, int input, ChainCommitments chain)
      throws ScriptException {
    Input spender = spending.transaction().inputs().get(input);
    long limit =
        ScriptLimits.unitsAllowed(spending.transaction().version(), spender.computeCommit());
    check(spending, covenants, input, chain, new UnitMeter(limit, unitsPerSignature));
  }

  /**
   * The script units that an input uses, whatever it commits to.
   *
   * @throws ScriptException if it may not spend what it spends
   */
  public long unitsUsed(
      SpendingTransaction spending, CovenantContext covenants, int input, ChainCommitments chain)
      throws ScriptException {
    UnitMeter meter = new UnitMeter(UnitMeter.UNLIMITED, unitsPerSignature);
    check(spending, covenants, input, chain, meter);
    return meter.used();
  }

  private void check(
      SpendingTransaction spending,
      CovenantContext covenants,
      int input,
      ChainCommitments chain,
      UnitMeter meter)
      throws ScriptException {
    byte[] signatureScript = spending.transaction().inputs().get(input).signatureScript();
    ScriptPublicKey script = spending.spent().get(input).scriptPublicKey();
    if (signatureScript.length == 1 + SIGNATURE_PUSH
        && signatureScript[0] == SIGNATURE_PUSH
        && ScriptClass.of(script) == ScriptClass.PUB_KEY) {
      checkPayToPublicKey(spending, input, signatureScript, script.script(), meter);
    } else {
      new ScriptEngine(spending, input, covenants, chain, verifier, meter).execute();
    }
  }

  /** What the engine does with nearly all inputs there are, without the engine. */
  private void checkPayToPublicKey(
      SpendingTransaction spending,
      int input,
      byte[] signatureScript,
      byte[] script,
      UnitMeter meter)
      throws ScriptException {
    int hashType = Signatures.hashType(signatureScript);
    meter.chargeSignature();
    byte[] signature = Arrays.copyOfRange(signatureScript, 1, SIGNATURE_PUSH);
    byte[] key = Arrays.copyOfRange(script, 1, script.length - 1);
    byte[] message = SignatureHash.schnorr(spending, input, hashType).toBytes();
    if (!verifier.verify(SignatureScheme.SCHNORR, signature, key, message)) {
      throw new ScriptException(ScriptError.EVAL_FALSE);
    }
    meter.charge(ScriptNumber.TRUE.length);
  }
}
