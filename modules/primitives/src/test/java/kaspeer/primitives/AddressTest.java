package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.HexFormat;
import kaspeer.primitives.Address.Version;
import kaspeer.primitives.AddressException.Reason;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  private static final String KEY =
      "5fff3c4da18f45adcdd499e44611e9fff148ba69db3c4ea2ddd955fc46a59522";
  private static final String TEXT =
      "kaspa:qp0l70zd5x85ttwd6jv7g3s3a8llzj96d8dncn4zmhv4tlzx5k2jyqh70xmfj";

  /** From the reference implementation's own vectors. */
  @ParameterizedTest
  @CsvSource({
    "TESTNET_10, PUB_KEY, 0000000000000000000000000000000000000000000000000000000000000000,"
        + "kaspatest:qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqhqrxplya",
    "TESTNET_10, PUB_KEY_ECDSA,"
        + "000000000000000000000000000000000000000000000000000000000000000000,"
        + "kaspatest:qyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqhe837j2d",
    "TESTNET_10, PUB_KEY_ECDSA,"
        + "ba01fc5f4e9d9879599c69a3dafdb835a7255e5f2e934e9322ecd3af190ab0f60e,"
        + "kaspatest:qxaqrlzlf6wes72en3568khahq66wf27tuhfxn5nytkd8tcep2c0vrse6gdmpks",
    "MAINNET, PUB_KEY, 0000000000000000000000000000000000000000000000000000000000000000,"
        + "kaspa:qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqkx9awp4e",
    "MAINNET, PUB_KEY," + KEY + "," + TEXT
  })
  void isWrittenAsWalletsDo(Network network, Version version, String payload, String text)
      throws AddressException {
    Address address = new Address(network, version, hex(payload));
    assertThat(address).hasToString(text);
    assertThat(Address.parse(text)).isEqualTo(address);
  }

  @ParameterizedTest
  @CsvSource({
    "PUB_KEY, 20" + KEY + "ac",
    "PUB_KEY_ECDSA, 2102" + KEY + "ab",
    "SCRIPT_HASH, aa20" + KEY + "87"
  })
  void eachVersionHasItsScript(Version version, String script) {
    byte[] payload = hex(version == Version.PUB_KEY_ECDSA ? "02" + KEY : KEY);
    Address address = new Address(Network.SIMNET, version, payload);
    assertThat(address.toScriptPublicKey().script()).isEqualTo(hex(script));
    assertThat(address.toScriptPublicKey().version()).isZero();
    assertThat(Address.ofScriptPublicKey(Network.SIMNET, address.toScriptPublicKey()))
        .contains(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "20" + KEY + "ad",
        "1f" + KEY + "ac",
        "20" + KEY + "acac",
        "2102" + KEY + "ac",
        "aa20" + KEY + "88",
        "aa21" + KEY + "87",
        "ab20" + KEY + "87"
      })
  void anyOtherScriptHasNone(String script) {
    assertThat(Address.ofScriptPublicKey(Network.MAINNET, new ScriptPublicKey(0, hex(script))))
        .isEmpty();
  }

  @Test
  void aScriptOfAnotherVersionHasNone() {
    assertThat(
            Address.ofScriptPublicKey(
                Network.MAINNET, new ScriptPublicKey(1, hex("20" + KEY + "ac"))))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "kaspa, MISSING_PREFIX",
    "'', MISSING_PREFIX",
    "kaspa1:qp0l70zd5x85ttwd6jv7g3s3a8llzj96d8dncn4zmhv4tlzx5k2jyqh70xmfj, UNKNOWN_PREFIX",
    "KASPA:qp0l70zd5x85ttwd6jv7g3s3a8llzj96d8dncn4zmhv4tlzx5k2jyqh70xmfj, UNKNOWN_PREFIX",
    "kaspatest:qp0l70zd5x85ttwd6jv7g3s3a8llzj96d8dncn4zmhv4tlzx5k2jyqh70xmfj, BAD_CHECKSUM",
    "kaspa:qp0l70zd5x85ttwd6jv7g3s3a8llzj96d8dncn4zmhv4tlzx5k2jyqh70xmfq, BAD_CHECKSUM",
    "kaspa:qp0l70zd5x85ttwd6jv7g3s3a8llzj96d8dncn4zmhv4tlzx5k2jyqh70xmf1, BAD_CHARACTER",
    "kaspa:qp0l70zd5x85ttwd6jv7g3s3a8llzj96d8dncn4zmhv4tlzx5k2jyqh70xmfJ, BAD_CHARACTER",
    "kaspa:qp0l70zd5x85ttwd6jv7g3s3a8llzj96d8dncn4zmhv4tlzx5k2jyqh70xmf\u20ac, BAD_CHARACTER",
    "kaspa:, BAD_LENGTH",
    "kaspa:qqqqqqqq, BAD_LENGTH"
  })
  void whatIsWrongIsSaid(String text, Reason reason) {
    assertThat(reasonOf(text)).isEqualTo(reason);
  }

  /** Texts with right checksums whose content is none of an address. */
  @ParameterizedTest
  @CsvSource({
    "00, BAD_LENGTH",
    "01" + KEY + ", BAD_LENGTH",
    "0002" + KEY + ", BAD_LENGTH",
    "02" + KEY + ", UNKNOWN_VERSION",
    "80" + KEY + ", UNKNOWN_VERSION"
  })
  void aRightChecksumIsNotEnough(String data, Reason reason) {
    assertThat(reasonOf(AddressText.encode("kaspa", hex(data)))).isEqualTo(reason);
  }

  /** The last bit of the last character set, and one character more, with right checksums. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "kaspa:qp0l70zd5x85ttwd6jv7g3s3a8llzj96d8dncn4zmhv4tlzx5k2j9n58ylc6n",
        "kaspa:qp0l70zd5x85ttwd6jv7g3s3a8llzj96d8dncn4zmhv4tlzx5k2jyqh70xmfnp"
      })
  void anAddressHasOnlyOneText(String other) {
    assertThat(reasonOf(other)).isEqualTo(Reason.BAD_PADDING);
  }

  @Test
  void aPayloadHasTheLengthOfItsVersion() {
    assertThatThrownBy(() -> new Address(Network.MAINNET, Version.PUB_KEY_ECDSA, new byte[32]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("PUB_KEY_ECDSA has 33 bytes, not 32");
  }

  @Property(tries = 200)
  void whatIsWrittenIsReadBack(
      @ForAll Network network, @ForAll Version version, @ForAll @Size(33) byte[] bytes)
      throws AddressException {
    byte[] payload = Arrays.copyOf(bytes, version.payloadSize());
    Address address = new Address(network, version, payload);
    assertThat(Address.parse(address.toString())).isEqualTo(address);
    assertThat(Address.parse(address.toString()).payload()).isEqualTo(payload);
  }

  /** The code finds any change of up to five characters; here is one of one. */
  @Property(tries = 500)
  void noOtherCharacterFits(
      @ForAll @IntRange(min = 6, max = 66) int position,
      @ForAll @StringLength(1) @CharRange(from = '!', to = 'z') String character) {
    String changed = TEXT.substring(0, position) + character + TEXT.substring(position + 1);
    if (!changed.equals(TEXT)) {
      assertThat(reasonOf(changed)).isIn(Reason.BAD_CHARACTER, Reason.BAD_CHECKSUM);
    }
  }

  private static Reason reasonOf(String text) {
    return catchThrowableOfType(AddressException.class, () -> Address.parse(text)).reason();
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
