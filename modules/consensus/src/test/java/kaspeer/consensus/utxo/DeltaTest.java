package kaspeer.consensus.utxo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import kaspeer.crypto.lanes.Lane;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What is stored of a chain block. */
class DeltaTest {
  private static Hash hash(Random random) {
    return Hash.ofWords(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  private static UtxoDiff utxos(Random random) {
    UtxoDiff diff = new UtxoDiff();
    for (int i = random.nextInt(8); i > 0; i--) {
      byte[] script = new byte[random.nextInt(40)];
      random.nextBytes(script);
      UtxoEntry entry =
          new UtxoEntry(
              random.nextLong(),
              new ScriptPublicKey(random.nextInt(0x10000), script),
              random.nextLong(),
              random.nextBoolean(),
              random.nextBoolean() ? hash(random) : null);
      diff.add(new Outpoint(hash(random), random.nextInt()), entry);
    }
    return diff;
  }

  private static Delta delta(Random random) {
    return new Delta(
        UtxoDiff.of(utxos(random), utxos(random)),
        List.of(
            new LaneChange(hash(random), null, new Lane(hash(random), random.nextLong())),
            new LaneChange(hash(random), new Lane(hash(random), 7), null),
            new LaneChange(hash(random), new Lane(hash(random), 0), new Lane(hash(random), 9))));
  }

  /** Everything in a delta, whatever the order in which maps give it. */
  private static List<String> content(Delta delta) {
    List<String> lines = new java.util.ArrayList<>();
    delta.utxos().forEachAdded((outpoint, entry) -> lines.add("+" + outpoint + text(entry)));
    delta.utxos().forEachRemoved((outpoint, entry) -> lines.add("-" + outpoint + text(entry)));
    delta.lanes().forEach(lane -> lines.add(lane.toString()));
    lines.sort(null);
    return lines;
  }

  private static String text(UtxoEntry entry) {
    return entry.amount()
        + " "
        + entry.blockDaaScore()
        + " "
        + entry.coinbase()
        + " "
        + entry.covenantId()
        + " "
        + entry.scriptPublicKey().version()
        + Arrays.toString(entry.scriptPublicKey().script());
  }

  @Property(tries = 100)
  void aDeltaIsReadAsItWasWritten(@ForAll Random random) {
    Delta delta = delta(random);
    assertThat(content(Delta.decode(1, delta.encode()))).isEqualTo(content(delta));
  }

  @Property(tries = 100)
  void aDamagedDeltaIsRefusedAndNotMisread(@ForAll Random random) {
    byte[] bytes = delta(random).encode();
    byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length));
    assertThatThrownBy(() -> Delta.decode(7, cut))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("block 7");
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> Delta.decode(7, longer)).isInstanceOf(IllegalArgumentException.class);
    byte[] otherForm = bytes.clone();
    otherForm[0] = 99;
    assertThatThrownBy(() -> Delta.decode(7, otherForm))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theWayBackUndoesTheWayForth() {
    Delta delta = delta(new Random(5));
    Delta back = delta.reversed();
    assertThat(content(back.reversed())).isEqualTo(content(delta));
    UtxoDiff both = new UtxoDiff();
    both.then(delta.utxos());
    both.then(back.utxos());
    assertThat(both.isEmpty()).isTrue();
    assertThat(back.lanes().getFirst().after()).isNull();
    assertThat(back.lanes().getFirst().before()).isEqualTo(delta.lanes().getFirst().after());
  }
}
