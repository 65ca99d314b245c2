package kaspeer.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** Paying to a key is checked without the engine, with the engine's verdicts. */
class FastPathTest {
  private static final SignatureCache CACHE = new SignatureCache(1 << 12);
  private static final ScriptChecker CHECKER = new ScriptChecker(Params.of(Network.MAINNET), CACHE);

  /** What is done to the signature script or the script before they are checked. */
  enum Change {
    NOTHING,
    SIGNATURE,
    HASH_TYPE,
    KEY,
    KEY_IS_NO_POINT,
    SIGNER,
    LONGER,
    SHORTER,
    EMPTY,
    SECOND_PUSH,
    OTHER_PUSH,
    SCRIPT_VERSION,
    OPCODE
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void theVerdictIsThatOfTheEngine(
      @ForAll Change change,
      @ForAll int seed,
      @ForAll @IntRange(max = 1) int version,
      @ForAll @IntRange(max = 11) int commit,
      @ForAll @IntRange(max = 5) int type) {
    int hashType = new int[] {0x01, 0x02, 0x04, 0x81, 0x82, 0x84}[type];
    Spending spending = changed(change, seed, version, hashType).commit(commit);
    long limit = ScriptLimits.unitsAllowed(version, commit);

    assertThat(check(spending)).isEqualTo(spending.error(limit));
    assertThat(used(spending)).isEqualTo(usedByEngine(spending));
  }

  private static @Nullable ScriptError check(Spending spending) {
    try {
      CHECKER.check(spending.build(), CovenantContext.EMPTY, 0, ChainCommitments.NONE);
      return null;
    } catch (ScriptException e) {
      return e.error();
    }
  }

  private static String used(Spending spending) {
    try {
      return "used "
          + CHECKER.unitsUsed(spending.build(), CovenantContext.EMPTY, 0, ChainCommitments.NONE);
    } catch (ScriptException e) {
      return e.error().name();
    }
  }

  private static String usedByEngine(Spending spending) {
    try {
      return "used " + spending.run();
    } catch (ScriptException e) {
      return e.error().name();
    }
  }

  private static Spending changed(Change change, int seed, int version, int hashType) {
    byte[] script = StandardScripts.payToPubKey(Keys.xOnly(1)).script();
    int bit = Math.floorMod(seed, 256);
    switch (change) {
      case KEY -> script[1 + bit / 8] ^= (byte) (1 << bit % 8);
      case KEY_IS_NO_POINT -> Arrays.fill(script, 1, 33, (byte) 0xff);
      case OPCODE -> script[33] = (byte) Opcode.OP_CHECKSIGVERIFY.code();
      default -> {}
    }
    int scriptVersion = change == Change.SCRIPT_VERSION ? 1 : 0;
    Spending spending =
        new Spending()
            .version(version)
            .input(new byte[0], Spending.entry(new ScriptPublicKey(scriptVersion, script)))
            .output(1, new byte[0], null);
    int signer = change == Change.SIGNER ? 2 : 1;
    byte[] signature = Keys.sign(SignatureScheme.SCHNORR, signer, spending, hashType);
    switch (change) {
      case SIGNATURE -> signature[bit / 4] ^= (byte) (1 << bit % 8);
      case HASH_TYPE -> signature[64] = (byte) seed;
      case LONGER -> signature = Arrays.copyOf(signature, 66);
      case SHORTER -> signature = Arrays.copyOfRange(signature, 1, 65);
      case EMPTY -> signature = new byte[0];
      default -> {}
    }
    ScriptBuilder signed = new ScriptBuilder();
    switch (change) {
      case SECOND_PUSH -> signed.number(1).literal(signature);
      case OTHER_PUSH -> signed.raw(new byte[] {Opcode.PUSH_DATA_1, 65}).raw(signature);
      default -> signed.literal(signature);
    }
    return spending.signed(signed.build());
  }
}
