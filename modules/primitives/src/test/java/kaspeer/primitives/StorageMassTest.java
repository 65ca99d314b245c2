package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorageMassTest {
  private static final Params PARAMS = Params.of(Network.MAINNET);
  private static final long C = 1_000_000_000_000L;
  private static final long KAS = 100_000_000;

  /** Script lengths at which another unit of 100 bytes begins. */
  @ParameterizedTest
  @CsvSource({
    "0, false, 1",
    "37, false, 1",
    "38, false, 2",
    "5, true, 1",
    "37, true, 2",
    "105, true, 2",
    "106, true, 3",
    "10000, true, 101"
  })
  void unitsOfAHundredBytes(int scriptLength, boolean covenant, long plurality) {
    assertThat(StorageMass.plurality(script(scriptLength), covenant)).isEqualTo(plurality);
  }

  /** The reference implementation's own cases. */
  @Test
  void symmetricCompoundingIsFree() {
    assertThat(mass(cells(100, 200, 300), cells(300, 300))).hasValue(0);
  }

  @Test
  void threeInputsAreCreditedByTheirArithmeticMean() {
    assertThat(mass(cells(100, 200, 300), cells(50, 550)))
        .hasValue(C / 50 + C / 550 - 3 * (C / 200));
  }

  @Test
  void outputsOfCChargeOneGramEach() {
    long c = 10_000 * KAS;
    assertThat(mass(cells(c, c, 2 * c), cells(c, c, c, c))).hasValue(4);
    assertThat(mass(cells(c, c, 2 * c), cells(10 * KAS, c, c, c))).hasValue(1003);
    assertThat(mass(cells(c + 4, c, 2 * c), cells(c + 1, c + 1, c + 1, c + 1))).hasValue(0);
  }

  @Test
  void twoByTwoIsCreditedByTheHarmonicMean() {
    assertThat(mass(cells(100, 200), cells(50, 250))).hasValue(9_000_000_000L);
    assertThat(mass(cells(100, 200), cells(100, 200))).hasValue(0);
    assertThat(mass(cells(100, 200), cells(50))).hasValue(5_000_000_000L);
  }

  /** What replaces several equal outputs or entries costs what they cost together. */
  @Test
  void aLargeScriptCountsAsSeveralUnits() {
    assertThat(mass(List.of(cell(300), cell(2, 400)), cells(200, 200, 200, 100)))
        .isEqualTo(mass(cells(300, 200, 200), cells(200, 200, 200, 100)));
    assertThat(mass(cells(350, 400), List.of(cell(300), cell(2, 400))))
        .isEqualTo(mass(cells(350, 400), cells(300, 200, 200)));
    assertThat(mass(cells(500), List.of(cell(2, 400))))
        .isEqualTo(mass(cells(500), cells(200, 200)));
    assertThat(mass(cells(1000 * KAS), List.of(cell(200 * KAS), cell(2, 400 * KAS))))
        .isEqualTo(mass(cells(1000 * KAS), cells(200 * KAS, 200 * KAS, 200 * KAS)));
    assertThat(mass(cells(350 * KAS, 500 * KAS), List.of(cell(2, 400 * KAS))))
        .isEqualTo(mass(cells(350 * KAS, 500 * KAS), cells(200 * KAS, 200 * KAS)));
  }

  @Test
  void aCoinbaseHasNone() {
    Transaction coinbase =
        new Transaction(
            1, List.of(), outputs(cells(1)), 0, SubnetworkId.COINBASE, 0, new byte[0], 0);
    assertThat(StorageMass.of(coinbase, List.of(), PARAMS)).hasValue(0);
  }

  @Test
  void covenantsCountOnBothSides() {
    UtxoEntry entry = new UtxoEntry(1000, script(37), 0, false, Samples.hash(1));
    Output output = new Output(500, script(37), new Covenant(0, Samples.hash(1)));
    // Two units on each side: C 4 / 500 - C 4 / 1000.
    assertThat(StorageMass.of(transaction(1, List.of(output)), List.of(entry), PARAMS))
        .hasValue(4 * C / 500 - 4 * C / 1000);
  }

  @Test
  void whatLeaves64BitsCannotBeComputed() {
    // C 4000^2 fits, C 5000^2 does not.
    assertThat(mass(cells(1), List.of(cell(4000, 1)))).isPresent();
    assertThat(mass(cells(1), List.of(cell(5000, 1)))).isEmpty();
    // Each term fits, the sum does not.
    List<Cell> many = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      many.add(cell(4000, 1));
    }
    assertThat(mass(cells(1), many)).isEmpty();
    assertThat(mass(cells(1), cells(0))).isEmpty();
    assertThat(mass(List.of(), cells(1))).isEmpty();
  }

  @Test
  void creditSaturatesAtZeroMass() {
    assertThat(mass(List.of(cell(4000, 1), cell(4000, 1)), cells(1))).hasValue(0);
  }

  @Test
  void everyInputNeedsItsEntry() {
    Transaction transaction = transaction(2, outputs(cells(1)));
    assertThatThrownBy(() -> StorageMass.of(transaction, entries(cells(1)), PARAMS))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 300)
  void isWhatExactArithmeticGives(
      @ForAll @Size(min = 1, max = 4) List<@LongRange(min = 1, max = Long.MAX_VALUE / 5) Long> ins,
      @ForAll @Size(min = 1, max = 4) List<@LongRange(min = 1, max = 10_000_000) Long> outs,
      @ForAll @LongRange(min = 1, max = 3) long inUnits,
      @ForAll @LongRange(min = 1, max = 3) long outUnits) {
    List<Cell> spent = ins.stream().map(amount -> cell(inUnits, amount)).toList();
    List<Cell> made = outs.stream().map(amount -> cell(outUnits, amount)).toList();
    assertThat(mass(spent, made)).hasValue(naive(spent, made).longValueExact());
  }

  private static BigInteger naive(List<Cell> spent, List<Cell> made) {
    long inUnits = spent.stream().mapToLong(Cell::units).sum();
    long outUnits = made.stream().mapToLong(Cell::units).sum();
    boolean relaxed = outUnits == 1 || inUnits == 1 || (outUnits == 2 && inUnits == 2);
    BigInteger credit;
    if (relaxed) {
      credit = harmonic(spent);
    } else {
      BigInteger sum =
          spent.stream()
              .map(cell -> BigInteger.valueOf(cell.amount))
              .reduce(BigInteger.ZERO, BigInteger::add);
      BigInteger mean = sum.divide(BigInteger.valueOf(inUnits)).max(BigInteger.ONE);
      credit = BigInteger.valueOf(C).divide(mean).multiply(BigInteger.valueOf(inUnits));
    }
    return harmonic(made).subtract(credit).max(BigInteger.ZERO);
  }

  private static BigInteger harmonic(List<Cell> cells) {
    return cells.stream()
        .map(
            cell ->
                BigInteger.valueOf(C)
                    .multiply(BigInteger.valueOf(cell.units * cell.units))
                    .divide(BigInteger.valueOf(cell.amount)))
        .reduce(BigInteger.ZERO, BigInteger::add);
  }

  /** An output or an entry: so many units of 100 bytes, holding so much. */
  private record Cell(long units, long amount) {}

  private static Cell cell(long amount) {
    return new Cell(1, amount);
  }

  private static Cell cell(long units, long amount) {
    return new Cell(units, amount);
  }

  private static List<Cell> cells(long... amounts) {
    return Arrays.stream(amounts).mapToObj(StorageMassTest::cell).toList();
  }

  private static OptionalLong mass(List<Cell> spent, List<Cell> made) {
    return StorageMass.of(transaction(spent.size(), outputs(made)), entries(spent), PARAMS);
  }

  private static Transaction transaction(int inputs, List<Output> outputs) {
    List<Input> spending = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      spending.add(Samples.input(1, i, new byte[0], 0, 0));
    }
    return new Transaction(1, spending, outputs, 0, SubnetworkId.NATIVE, 0, new byte[0], 0);
  }

  private static List<Output> outputs(List<Cell> cells) {
    return cells.stream()
        .map(cell -> new Output(cell.amount, script(cell.units * 100 - 100), null))
        .toList();
  }

  private static List<UtxoEntry> entries(List<Cell> cells) {
    return cells.stream()
        .map(cell -> new UtxoEntry(cell.amount, script(cell.units * 100 - 100), 0, false, null))
        .toList();
  }

  private static ScriptPublicKey script(long length) {
    return new ScriptPublicKey(0, new byte[(int) length]);
  }
}
