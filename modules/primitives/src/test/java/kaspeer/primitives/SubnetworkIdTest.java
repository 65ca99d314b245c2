package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SubnetworkIdTest {
  @Property(tries = 200)
  void anIdIsReadFromAmongOtherBytes(@ForAll @Size(SubnetworkId.SIZE + 7) byte[] bytes) {
    byte[] own = java.util.Arrays.copyOfRange(bytes, 3, 3 + SubnetworkId.SIZE);
    SubnetworkId read = SubnetworkId.read(bytes, 3);
    assertThat(read).isEqualTo(SubnetworkId.of(own));
    bytes[3]++;
    assertThat(read.toBytes()).isEqualTo(own);
  }

  @Test
  void mostTransactionsShareTheirId() {
    assertThat(SubnetworkId.read(new byte[SubnetworkId.SIZE], 0)).isSameAs(SubnetworkId.NATIVE);
    assertThat(SubnetworkId.read(SubnetworkId.COINBASE.toBytes(), 0))
        .isSameAs(SubnetworkId.COINBASE);
  }
}
