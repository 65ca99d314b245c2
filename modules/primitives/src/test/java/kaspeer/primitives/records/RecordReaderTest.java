package kaspeer.primitives.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import kaspeer.primitives.Hash;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RecordReaderTest {
  private static RecordReader reader(byte[] bytes) {
    return new RecordReader(
        bytes, (at, problem) -> new IllegalArgumentException("byte " + at + ": " + problem));
  }

  @Property
  void everythingComesBackAsItWas(
      @ForAll long value, @ForAll int small, @ForAll byte[] bytes, @ForAll long word) {
    Hash hash = Hash.ofWords(word, value, small, word);
    RecordWriter out = new RecordWriter(0);
    out.varLong(value);
    out.varInt(small);
    out.u8(small);
    out.intLe(small);
    out.longLe(value);
    out.hash(hash);
    out.varBytes(bytes);
    out.raw(bytes);
    RecordReader in = reader(out.toBytes());
    assertThat(in.varLong()).isEqualTo(value);
    assertThat(in.varInt()).isEqualTo(small);
    assertThat(in.u8()).isEqualTo(small & 0xFF);
    assertThat(in.intLe()).isEqualTo(small);
    assertThat(in.longLe()).isEqualTo(value);
    assertThat(in.hash()).isEqualTo(hash);
    assertThat(in.varBytes()).isEqualTo(bytes);
    assertThat(in.raw(bytes.length)).isEqualTo(bytes);
    in.end();
  }

  @Property
  void aNumberTakesAByteForEverySevenBits(@ForAll long value) {
    RecordWriter out = new RecordWriter(0);
    out.varLong(value);
    int bits = Math.max(1, 64 - Long.numberOfLeadingZeros(value));
    assertThat(out.toBytes()).hasSize((bits + 6) / 7);
  }

  @Example
  void aNumberOfMoreThan64BitsIsDamage() {
    byte[] tooLong = new byte[11];
    Arrays.fill(tooLong, (byte) 0xFF);
    assertThatThrownBy(() -> reader(tooLong).varLong()).hasMessageContaining("more than 64 bits");
    byte[] tooLarge = Arrays.copyOf(tooLong, 10);
    tooLarge[9] = 2;
    assertThatThrownBy(() -> reader(tooLarge).varLong()).hasMessageContaining("more than 64 bits");
    tooLarge[9] = 1;
    assertThat(reader(tooLarge).varLong()).isEqualTo(-1);
  }

  @Property
  void aNumberAboveWhatCanBeIsDamage(@ForAll @IntRange(min = 1) int max) {
    RecordWriter out = new RecordWriter(0);
    out.varInt(max);
    assertThat(reader(out.toBytes()).varInt(max)).isEqualTo(max);
    assertThatThrownBy(() -> reader(out.toBytes()).varInt(max - 1))
        .hasMessageContaining("where at most " + (max - 1) + " can be");
  }

  @Example
  void aCountIsBoundedByTheRest() {
    byte[] record = {3, 0, 0, 0, 0, 0, 0, 0};
    assertThat(reader(record).count(2)).isEqualTo(3);
    assertThatThrownBy(() -> reader(record).count(3)).hasMessageContaining("at most 2 can be");
  }

  @Example
  void whatIsShortAndWhatIsLeftIsDamage() {
    RecordReader in = reader(new byte[3]);
    in.skip(1);
    assertThatThrownBy(in::intLe).hasMessage("byte 1: cut short");
    assertThatThrownBy(in::end).hasMessage("byte 1: 2 bytes too many");
  }
}
