package kaspeer.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import kaspeer.primitives.hashing.Blake2b;
import kaspeer.primitives.hashing.Blake2bDomain;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Covenants of transactions (consensus reference 6.8.6). */
class CovenantContextTest {
  private static final Hash A = Spending.hash(101);
  private static final Hash B = Spending.hash(102);

  @Test
  void aTransactionWithoutCovenantsHasTheEmptyContext() throws CovenantException {
    Spending spending = spends((Hash) null).output(1, new byte[0], null);

    assertThat(CovenantContext.of(spending.transaction(), spending.spent))
        .isSameAs(CovenantContext.EMPTY);
  }

  @Test
  void anOutputContinuesTheCovenantOfTheInputThatAuthorizesIt() throws Exception {
    CovenantContext context =
        spends(A, null, A)
            .output(1, new byte[0], new Covenant(2, A))
            .output(2, new byte[0], null)
            .output(3, new byte[0], new Covenant(0, A))
            .output(4, new byte[0], new Covenant(2, A))
            .covenants();

    assertThat(context.inputCount(A)).isEqualTo(2);
    assertThat(context.input(A, 0)).isZero();
    assertThat(context.input(A, 1)).isEqualTo(2);
    assertThat(context.outputCount(A)).isEqualTo(3);
    assertThat(context.output(A, 0)).isZero();
    assertThat(context.output(A, 1)).isEqualTo(2);
    assertThat(context.output(A, 2)).isEqualTo(3);
    assertThat(context.authorizedCount(0)).isEqualTo(1);
    assertThat(context.authorizedOutput(0, 0)).isEqualTo(2);
    assertThat(context.authorizedCount(1)).isZero();
    assertThat(context.authorizedCount(2)).isEqualTo(2);
    assertThat(context.authorizedOutput(2, 0)).isZero();
    assertThat(context.authorizedOutput(2, 1)).isEqualTo(3);
  }

  @Test
  void aCovenantMayEndWithoutOutputs() throws Exception {
    CovenantContext context = spends(A).output(1, new byte[0], null).covenants();

    assertThat(context.inputCount(A)).isEqualTo(1);
    assertThat(context.outputCount(A)).isZero();
    assertThat(context.inputCount(B)).isZero();
  }

  @Test
  void aCovenantMayBeginWithTheRightIdAndIsThenOfNoInterestToScripts() throws Exception {
    Spending spending = spends((Hash) null);
    Hash id = id(spending.inputs.getFirst().previous(), List.of(0, 2), 10, 30);
    CovenantContext context =
        spending
            .output(10, new byte[] {1}, new Covenant(0, id))
            .output(20, new byte[] {1}, null)
            .output(30, new byte[] {1}, new Covenant(0, id))
            .covenants();

    assertThat(context.outputCount(id)).isZero();
    assertThat(context.authorizedCount(0)).isZero();
  }

  @Test
  void anInputMayBeginSeveralCovenantsBesidesContinuingItsOwn() throws Exception {
    Spending spending = spends(A);
    Outpoint outpoint = spending.inputs.getFirst().previous();
    CovenantContext context =
        spending
            .output(1, new byte[] {1}, new Covenant(0, id(outpoint, List.of(0), 1)))
            .output(2, new byte[] {1}, new Covenant(0, id(outpoint, List.of(1), 2)))
            .output(3, new byte[] {1}, new Covenant(0, A))
            .covenants();

    assertThat(context.authorizedCount(0)).isEqualTo(1);
    assertThat(context.output(A, 0)).isEqualTo(2);
  }

  @Test
  void twoInputsCannotBeginOneCovenantTogether() {
    Spending spending = spends(null, null);
    Hash id = id(spending.inputs.getFirst().previous(), List.of(0, 1), 1, 2);
    spending.output(1, new byte[] {1}, new Covenant(0, id));
    spending.output(2, new byte[] {1}, new Covenant(1, id));

    assertFault(spending, CovenantException.Fault.WRONG_COVENANT_ID);
  }

  @Test
  void aCovenantCannotBeginWithAnIdOfAnothersOrOfNothing() {
    assertFault(
        spends(A, null).output(1, new byte[0], new Covenant(1, A)),
        CovenantException.Fault.WRONG_COVENANT_ID);
    assertFault(
        spends((Hash) null).output(1, new byte[0], new Covenant(0, B)),
        CovenantException.Fault.WRONG_COVENANT_ID);
  }

  @Test
  void theInputThatAuthorizesAnOutputMustExist() {
    assertFault(
        spends(A).output(1, new byte[0], new Covenant(1, A)),
        CovenantException.Fault.NO_SUCH_AUTHORIZING_INPUT);
  }

  @Test
  void scriptsSeeTheCovenants() {
    Spending spending =
        Spending.of(
            "",
            id(A)
                + "COVINPUTCOUNT 2 NUMEQUALVERIFY "
                + id(A)
                + "1 COVINPUTIDX 1 NUMEQUALVERIFY "
                + id(A)
                + "COVOUTPUTCOUNT 1 NUMEQUALVERIFY "
                + id(A)
                + "0 COVOUTPUTIDX 1 NUMEQUALVERIFY "
                + id(B)
                + "COVINPUTCOUNT 0 NUMEQUALVERIFY "
                + "1 AUTHOUTPUTCOUNT 1 NUMEQUALVERIFY 0 AUTHOUTPUTCOUNT 0 NUMEQUALVERIFY "
                + "1 0 AUTHOUTPUTIDX 1 NUMEQUALVERIFY "
                + "1 OUTPUTAUTHORIZINGINPUT 1 NUMEQUALVERIFY "
                + "0 OUTPUTAUTHORIZINGINPUT -1 NUMEQUALVERIFY "
                + "0 INPUTCOVENANTID 1 OUTPUTCOVENANTID EQUALVERIFY "
                + "0 OUTPUTCOVENANTID 0x20 0x"
                + "00".repeat(32)
                + " EQUAL");
    UtxoEntry plain = spending.spent.getFirst();
    spending.spent.set(0, new UtxoEntry(0, plain.scriptPublicKey(), 0, false, A));
    spending.input(new byte[0], new UtxoEntry(0, plain.scriptPublicKey(), 0, false, A));
    spending.output(1, new byte[0], new Covenant(1, A));

    assertThat(spending.error()).isNull();
  }

  private static String id(Hash hash) {
    return "0x20 0x" + hash + " ";
  }

  private static void assertFault(Spending spending, CovenantException.Fault fault) {
    assertThatThrownBy(() -> CovenantContext.of(spending.transaction(), spending.spent))
        .isInstanceOfSatisfying(
            CovenantException.class, e -> assertThat(e.fault()).isEqualTo(fault));
  }

  private static Spending spends(@Nullable Hash... covenants) {
    Spending spending = new Spending();
    for (Hash covenant : covenants) {
      ScriptPublicKey script = new ScriptPublicKey(0, new byte[] {Opcode.PUSH_1});
      spending.input(new byte[0], new UtxoEntry(1000, script, 0, false, covenant));
    }
    return spending;
  }

  /** The id as consensus reference 1.5 writes it; every script is 01. */
  private static Hash id(Outpoint genesis, List<Integer> indices, long... values) {
    Blake2b hasher = Blake2bDomain.COVENANT_ID.hasher();
    hasher.putHash(genesis.transactionId());
    hasher.putInt(genesis.index());
    hasher.putLong(indices.size());
    for (int i = 0; i < indices.size(); i++) {
      Output output = new Output(values[i], new ScriptPublicKey(0, new byte[] {1}), null);
      hasher.putInt(indices.get(i));
      hasher.putLong(output.value());
      hasher.putShort(0);
      hasher.putVarBytes(output.scriptPublicKey().script());
    }
    return hasher.finish();
  }
}
