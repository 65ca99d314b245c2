package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.HexFormat;
import kaspeer.primitives.CoinbasePayloadException.Reason;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CoinbasePayloadTest {
  private static final Params PARAMS = Params.of(Network.DEVNET);

  @Test
  void fieldsAreWhereTheyShouldBe() throws CoinbasePayloadException {
    byte[] bytes = HexFormat.of().parseHex("7f0200000000000000b89a3e0a00000034120251527879");
    CoinbasePayload payload = CoinbasePayload.parse(bytes, PARAMS);
    assertThat(payload.blueScore()).isEqualTo(639);
    assertThat(payload.subsidy()).isEqualTo(44_000_000_000L);
    assertThat(payload.scriptPublicKey().version()).isEqualTo(0x1234);
    assertThat(payload.scriptPublicKey().script()).containsExactly(0x51, 0x52);
    assertThat(payload.extraData()).containsExactly('x', 'y');
    assertThat(payload.encode()).isEqualTo(bytes);
  }

  @Test
  void genesisPayloadsParse() throws CoinbasePayloadException {
    for (Network network : Network.values()) {
      byte[] bytes = Params.of(network).genesis().transactions().getFirst().payload();
      CoinbasePayload payload = CoinbasePayload.parse(bytes, PARAMS);
      assertThat(payload.subsidy()).isEqualTo(100_000_000);
      assertThat(payload.scriptPublicKey().script()).containsExactly(0);
      assertThat(payload.encode()).isEqualTo(bytes);
    }
  }

  @Test
  void lengthsAreChecked() throws CoinbasePayloadException {
    assertThat(CoinbasePayload.parse(payload(19, 0), PARAMS).scriptPublicKey().script()).isEmpty();
    assertThat(CoinbasePayload.parse(payload(204, 150), PARAMS).extraData()).hasSize(35);
    assertThat(CoinbasePayload.parse(payload(169, 150), PARAMS).extraData()).isEmpty();
    assertRefused(payload(18, 0), Reason.TOO_SHORT);
    assertRefused(new byte[0], Reason.TOO_SHORT);
    assertRefused(payload(205, 0), Reason.TOO_LONG);
    assertRefused(payload(204, 151), Reason.SCRIPT_TOO_LONG);
    assertRefused(payload(204, 255), Reason.SCRIPT_TOO_LONG);
    assertRefused(payload(168, 150), Reason.SCRIPT_CUT_SHORT);
    assertRefused(payload(19, 1), Reason.SCRIPT_CUT_SHORT);
  }

  @Property
  void anyBytesParseAndEncodeBackOrHaveAReason(@ForAll @Size(max = 230) byte[] bytes) {
    try {
      assertThat(CoinbasePayload.parse(bytes, PARAMS).encode()).isEqualTo(bytes);
    } catch (CoinbasePayloadException e) {
      assertThat(e.reason()).isNotNull();
    }
  }

  private static void assertRefused(byte[] payload, Reason reason) {
    CoinbasePayloadException e =
        catchThrowableOfType(
            CoinbasePayloadException.class, () -> CoinbasePayload.parse(payload, PARAMS));
    assertThat(e.reason()).isEqualTo(reason);
  }

  private static byte[] payload(int length, int scriptLength) {
    byte[] payload = Arrays.copyOf(new byte[0], length);
    if (length > 18) {
      payload[18] = (byte) scriptLength;
    }
    return payload;
  }
}
