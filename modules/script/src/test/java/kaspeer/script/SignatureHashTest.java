package kaspeer.script;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import kaspeer.primitives.Hash;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signature hashes as the reference implementation's own tests have them. */
class SignatureHashTest {
  private static final Hash PREVIOUS =
      Hash.fromHex("880eb9819a31821d9d2399e2f35e2433b72637e393d71ecc9b8d0250f49153c3");
  private static final byte[] SCRIPT_1 =
      HexFormat.of()
          .parseHex("208325613d2eeaf7176ac6c670b13c0043156c427438ed72d74b7800862ad884e8ac");
  private static final byte[] SCRIPT_2 =
      HexFormat.of()
          .parseHex("20fcef4c106cf11135bbd70f02a726a92162d2fb8b22f0469126f800862ad884e8ac");
  private static final SubnetworkId LANE = lane(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

  @ParameterizedTest(name = "{0} {1} {2} {3}")
  @CsvSource(
      delimiter = ' ',
      value = {
        "native 01 0 none 03b7ac6927b2b67100734c3cc313ff8c2e8b3ce3e746d46dd660b706a916b1f5",
        "native 01 0 input1 a9f563d86c0ef19ec2e4f483901d202e90150580b6123c3d492e26e7965f488c",
        "native 01 0 output1 aad2b61bd2405dfcf7294fc2be85f325694f02dda22d0af30381cb50d8295e0a",
        "native 01 0 sequence1 0818bd0a3703638d4f01014c92cf866a8903cab36df2fa2506dc0d06b94295e8",
        "native 81 0 none 24821e466e53ff8e5fa93257cb17bb06131a48be4ef282e87f59d2bdc9afebc2",
        "native 81 0 input0 d09cb639f335ee69ac71f2ad43fd9e59052d38a7d0638de4cf989346588a7c38",
        "native 81 0 input1 24821e466e53ff8e5fa93257cb17bb06131a48be4ef282e87f59d2bdc9afebc2",
        "native 81 0 sequence1 24821e466e53ff8e5fa93257cb17bb06131a48be4ef282e87f59d2bdc9afebc2",
        "native 02 0 none 38ce4bc93cf9116d2e377b33ff8449c665b7b5e2f2e65303c543b9afdaa4bbba",
        "native 02 0 output1 38ce4bc93cf9116d2e377b33ff8449c665b7b5e2f2e65303c543b9afdaa4bbba",
        "native 02 0 sequence0 d9efdd5edaa0d3fd0133ee3ab731d8c20e0a1b9f3c0581601ae2075db1109268",
        "native 02 0 sequence1 38ce4bc93cf9116d2e377b33ff8449c665b7b5e2f2e65303c543b9afdaa4bbba",
        "native 82 0 none 06aa9f4239491e07bb2b6bda6b0657b921aeae51e193d2c5bf9e81439cfeafa0",
        "native 82 0 amount0 f07f45f3634d3ea8c0f2cb676f56e20993edf9be07a83bf0dfdb3debcf1441bf",
        "native 82 0 script0 20a525c54dc33b2a61201f05233c086dbe8e06e9515775181ed96550b4f2d714",
        "native 04 0 none 44a0b407ff7b239d447743dd503f7ad23db5b2ee4d25279bd3dffaf6b474e005",
        "native 04 0 output1 44a0b407ff7b239d447743dd503f7ad23db5b2ee4d25279bd3dffaf6b474e005",
        "native 04 0 sequence0 83796d22879718eee1165d4aace667bb6778075dab579c32c57be945f466a451",
        "native 04 0 sequence1 44a0b407ff7b239d447743dd503f7ad23db5b2ee4d25279bd3dffaf6b474e005",
        "native 04 2 none 022ad967192f39d8d5895d243e025ec14cc7a79708c5e364894d4eff3cecb1b0",
        "native 04 2 output1 022ad967192f39d8d5895d243e025ec14cc7a79708c5e364894d4eff3cecb1b0",
        "native 84 0 none 43b20aba775050cf9ba8d5e48fc7ed2dc6c071d23f30382aea58b7c59cfb8ed7",
        "native 84 2 none 846689131fb08b77f83af1d3901076732ef09d3f8fdff945be89aa4300562e5f",
        "native 01 0 payload 72ea6c2871e0f44499f1c2b556f265d9424bfea67cca9cb343b4b040ead65525",
        "v1 01 0 none 5b2657524be672e019897646b56da3d192b453d78ae5e6e5c07f029a69f5f075",
        "v1 01 0 commit0 5b2657524be672e019897646b56da3d192b453d78ae5e6e5c07f029a69f5f075",
        "v1 01 0 commit1 5b2657524be672e019897646b56da3d192b453d78ae5e6e5c07f029a69f5f075",
        "lane 01 0 none b2f421c933eb7e1a91f1d9e1efa3f120fe419326c0dbac487752189522550e0c",
        "lane 01 0 payload 12ab63b9aea3d58db339245a9b6e9cb6075b2253615ce0fb18104d28de4435a1",
        "lane 01 0 gas 2501edfc0068d591160c4bd98646c6e6892cdc051182a8be3ccd6d67f104fd17",
        "lane 01 0 subnetwork a5d1230ede0dfcfd522e04123a7bcd721462fed1d3a87352031a4f6e3c4389b6",
      })
  void theHashCoversWhatItsTypeSays(
      String transaction, String hashType, int input, String change, String expected) {
    SpendingTransaction spending = changed(transaction, change);
    int type = HexFormat.fromHexDigits(hashType);

    assertThat(SignatureHash.schnorr(spending, input, type)).hasToString(expected);
    assertThat(SignatureHash.schnorr(spending, input, type)).hasToString(expected);
  }

  @Test
  void version0SignsTheSignatureOperationsOfAllInputs() {
    Hash plain = SignatureHash.schnorr(changed("native", "none"), 0, SignatureHash.ALL);

    assertThat(SignatureHash.schnorr(changed("native", "commit0"), 0, SignatureHash.ALL))
        .isNotEqualTo(plain);
    assertThat(SignatureHash.schnorr(changed("native", "commit1"), 0, SignatureHash.ALL))
        .isNotEqualTo(plain);
  }

  @Test
  void anEcdsaMessageIsAHashOfTheSchnorrMessageInItsOwnDomain() {
    SpendingTransaction spending = changed("native", "none");
    var domain = SignatureHash.sha256().digest("TransactionSigningHashECDSA".getBytes(UTF_8));
    var digest = SignatureHash.sha256();
    digest.update(domain);
    digest.update(SignatureHash.schnorr(spending, 1, SignatureHash.NONE).toBytes());

    assertThat(SignatureHash.ecdsa(spending, 1, SignatureHash.NONE))
        .isEqualTo(Hash.of(digest.digest()));
  }

  @Test
  void thereAreSixHashTypes() {
    int[] allowed = {0x01, 0x02, 0x04, 0x81, 0x82, 0x84};

    for (int type = 0; type < 256; type++) {
      int candidate = type;
      boolean expected = Arrays.stream(allowed).anyMatch(a -> a == candidate);
      assertThat(SignatureHash.isHashType(type)).as("0x%x", type).isEqualTo(expected);
    }
    assertThatThrownBy(() -> SignatureHash.schnorr(changed("native", "none"), 0, 3))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static SpendingTransaction changed(String transaction, String change) {
    Spending spending = new Spending();
    for (int i = 0; i < 3; i++) {
      int commit = transaction.equals("v1") ? 11 * (i + 1) : 0;
      ScriptPublicKey script = new ScriptPublicKey(0, i == 0 ? SCRIPT_1 : SCRIPT_2);
      spending.input(
          new Input(new Outpoint(PREVIOUS, i), new byte[0], i, commit),
          new UtxoEntry(100L * (i + 1), script, 0, false, null));
    }
    spending.output(300, SCRIPT_2, null).output(300, SCRIPT_1, null);
    spending.version(transaction.equals("v1") ? 1 : 0).lockTime(1615462089000L);
    boolean lane = transaction.equals("lane");
    SubnetworkId id = lane ? LANE : SubnetworkId.NATIVE;
    byte[] payload = lane ? bytes(10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20) : new byte[0];
    long gas = lane ? 250 : 0;
    switch (change) {
      case "payload" -> payload = bytes(6, 6, 6, 4, 2, 0, 1, 3, 3, 7);
      case "gas" -> gas = 1234;
      case "subnetwork" -> id = lane(6, 6, 6, 4, 2, 0, 1, 3, 3, 7);
      default -> change(spending, change);
    }
    return spending.subnetwork(id, gas, payload).build();
  }

  private static void change(Spending spending, String change) {
    int i = change.charAt(change.length() - 1) - '0';
    switch (change.substring(0, change.length() - 1)) {
      case "input" ->
          changeInput(
              spending,
              i,
              x ->
                  new Input(
                      new Outpoint(PREVIOUS, 2),
                      x.signatureScript(),
                      x.sequence(),
                      x.computeCommit()));
      case "sequence" ->
          changeInput(
              spending,
              i,
              x -> new Input(x.previous(), x.signatureScript(), 12345, x.computeCommit()));
      case "commit" ->
          changeInput(
              spending, i, x -> new Input(x.previous(), x.signatureScript(), x.sequence(), 123));
      case "output" ->
          spending.outputs.set(i, new Output(100, spending.outputs.get(i).scriptPublicKey(), null));
      case "amount" ->
          spending.spent.set(
              i, new UtxoEntry(666, spending.spent.get(i).scriptPublicKey(), 0, false, null));
      case "script" -> {
        UtxoEntry entry = spending.spent.get(i);
        byte[] longer =
            new ScriptBuilder().raw(entry.scriptPublicKey().script()).raw(bytes(1, 2, 3)).build();
        ScriptPublicKey script = new ScriptPublicKey(0, longer);
        spending.spent.set(i, new UtxoEntry(entry.amount(), script, 0, false, null));
      }
      default -> assertThat(change).isEqualTo("none");
    }
  }

  private static void changeInput(Spending spending, int i, UnaryOperator<Input> change) {
    spending.inputs.set(i, change.apply(spending.inputs.get(i)));
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static SubnetworkId lane(int... start) {
    return SubnetworkId.of(Arrays.copyOf(bytes(start), SubnetworkId.SIZE));
  }
}
