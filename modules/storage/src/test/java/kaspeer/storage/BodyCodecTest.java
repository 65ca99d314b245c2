package kaspeer.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import kaspeer.primitives.Hash;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class BodyCodecTest {
  @Property(tries = 300)
  void everyBodyComesBackAsItWas(@ForAll("bodies") List<Transaction> body) {
    List<Transaction> back = BodyCodec.decode(3, BodyCodec.encode(body));
    assertThat(TestData.fields(back)).isEqualTo(TestData.fields(body));
  }

  @Property(tries = 300)
  void aShorterRecordIsDamage(@ForAll("bodies") List<Transaction> body, @ForAll int cut) {
    byte[] record = BodyCodec.encode(body);
    byte[] shorter = Arrays.copyOf(record, Math.floorMod(cut, record.length));
    assertThatThrownBy(() -> BodyCodec.decode(3, shorter))
        .isInstanceOf(Damage.class)
        .hasMessageContaining("body 3");
  }

  @Property(tries = 500)
  void aChangedByteIsReadOrIsDamage(
      @ForAll("bodies") List<Transaction> body, @ForAll int at, @ForAll byte change) {
    byte[] record = BodyCodec.encode(body);
    record[Math.floorMod(at, record.length)] ^= change;
    assertThat(outcome(record)).isIn("read", "damaged");
  }

  @Property(tries = 1000)
  void arbitraryBytesAreReadOrAreDamage(@ForAll byte[] bytes) {
    byte[] record = new byte[bytes.length + 1];
    record[0] = 1;
    System.arraycopy(bytes, 0, record, 1, bytes.length);
    assertThat(outcome(record)).isIn("read", "damaged");
  }

  @Example
  void aCountThatTheRecordCannotHoldIsDamageBeforeMemoryIsTaken() {
    byte[] record = {1, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F};
    assertThatThrownBy(() -> BodyCodec.decode(3, record))
        .hasMessageContaining("where at most 0 can be");
  }

  private static String outcome(byte[] record) {
    try {
      BodyCodec.decode(3, record);
      return "read";
    } catch (Damage e) {
      return "damaged";
    }
  }

  @Provide
  Arbitrary<List<Transaction>> bodies() {
    return transactions().list().ofMaxSize(4);
  }

  private static Arbitrary<Transaction> transactions() {
    Arbitrary<Long> longs = Arbitraries.longs();
    Arbitrary<Integer> shorts = Arbitraries.integers().between(0, 65_535);
    Arbitrary<byte[]> scripts = Arbitraries.bytes().array(byte[].class).ofMaxSize(40);
    Arbitrary<Hash> hashes = Combinators.combine(longs, longs, longs, longs).as(Hash::ofWords);
    Arbitrary<Input> inputs =
        Combinators.combine(hashes, Arbitraries.integers(), scripts, longs, shorts)
            .as(
                (hash, index, script, sequence, commit) ->
                    new Input(new Outpoint(hash, index), script, sequence, commit));
    Arbitrary<Covenant> covenants =
        Combinators.combine(shorts, hashes).as(Covenant::new).injectNull(0.5);
    Arbitrary<Output> outputs =
        Combinators.combine(longs, shorts, scripts, covenants)
            .as(
                (value, version, script, covenant) ->
                    new Output(value, new ScriptPublicKey(version, script), covenant));
    Arbitrary<SubnetworkId> subnetworks =
        Arbitraries.oneOf(
            Arbitraries.of(SubnetworkId.NATIVE, SubnetworkId.COINBASE, SubnetworkId.REGISTRY),
            Arbitraries.bytes()
                .array(byte[].class)
                .ofSize(SubnetworkId.SIZE)
                .map(SubnetworkId::of));
    return Combinators.combine(
            shorts,
            inputs.list().ofMaxSize(3),
            outputs.list().ofMaxSize(3),
            longs.array(long[].class).ofSize(3),
            subnetworks,
            scripts)
        .as(
            (version, ins, outs, n, subnetwork, payload) ->
                new Transaction(version, ins, outs, n[0], subnetwork, n[1], payload, n[2]));
  }
}
