package kaspeer.consensus.body;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import kaspeer.primitives.Hash;
import kaspeer.primitives.LockTime;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import org.junit.jupiter.api.Test;

class LockTimeRulesTest {
  private static final long THRESHOLD = LockTime.THRESHOLD;
  private static final long FINAL = -1;

  private static Transaction locked(long lockTime, long... sequences) {
    List<Input> inputs =
        LongStream.range(0, sequences.length)
            .mapToObj(
                i ->
                    new Input(new Outpoint(Hash.ZERO, (int) i), new byte[0], sequences[(int) i], 0))
            .toList();
    return new Transaction(0, inputs, List.of(), lockTime, SubnetworkId.NATIVE, 0, new byte[0], 0);
  }

  @Test
  void withoutALockTimeItIsFinal() {
    assertThat(LockTimeRules.isFinal(locked(0, 0), 0, 0)).isTrue();
  }

  @Test
  void aLockTimeBelowTheThresholdIsADaaScoreThatMustBePassed() {
    assertThat(LockTimeRules.isFinal(locked(100, 0), 100, Long.MAX_VALUE)).isFalse();
    assertThat(LockTimeRules.isFinal(locked(100, 0), 101, 0)).isTrue();
    assertThat(LockTimeRules.isFinal(locked(THRESHOLD - 1, 0), THRESHOLD - 1, Long.MAX_VALUE))
        .isFalse();
    assertThat(LockTimeRules.isFinal(locked(THRESHOLD - 1, 0), THRESHOLD, 0)).isTrue();
  }

  @Test
  void aLockTimeFromTheThresholdOnIsATimeThatMustBePassed() {
    assertThat(LockTimeRules.isFinal(locked(THRESHOLD, 0), Long.MAX_VALUE, THRESHOLD)).isFalse();
    assertThat(LockTimeRules.isFinal(locked(THRESHOLD, 0), 0, THRESHOLD + 1)).isTrue();
  }

  @Test
  void aLockTimeIsUnsigned() {
    assertThat(LockTimeRules.isFinal(locked(-5, 0), Long.MAX_VALUE, Long.MAX_VALUE)).isFalse();
    assertThat(LockTimeRules.isFinal(locked(-5, 0), 0, -4)).isTrue();
  }

  @Test
  void onlyIfAllInputsHaveTheLastSequenceTheLockDoesNotCount() {
    assertThat(LockTimeRules.isFinal(locked(100, FINAL, FINAL), 0, 0)).isTrue();
    assertThat(LockTimeRules.isFinal(locked(100, FINAL, FINAL - 1), 0, 0)).isFalse();
    assertThat(
            Arrays.asList(
                LockTimeRules.isFinal(locked(100), 0, 0),
                LockTimeRules.isFinal(locked(100, 0), 0, 0)))
        .containsExactly(true, false);
  }
}
