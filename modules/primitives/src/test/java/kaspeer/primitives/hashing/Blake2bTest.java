package kaspeer.primitives.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import kaspeer.primitives.Hash;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values were computed by Python's hashlib. */
class Blake2bTest {
  /** Bytes 3, 10, 17, ... of which the expected values were computed. */
  static byte[] message(int length) {
    byte[] message = new byte[length];
    for (int i = 0; i < length; i++) {
      message[i] = (byte) (7 * i + 3);
    }
    return message;
  }

  @ParameterizedTest
  @CsvSource({
    "TRANSACTION_HASH,13d6c8b9f223e74a104a30d95fd7a990f1a344fdef00ed8df597dee4b741c9e7",
    "TRANSACTION_ID,9b1dc0f86ec87f7b02bd53f80c5b71df59964888a77fc6833d79672f22d94150",
    "TRANSACTION_SIGNING_HASH,355766604fe162331c5425bc55a4aa71f58eee356bd374f1c5d4a1511096a018",
    "BLOCK_HASH,619a1878b081a912790b7e6d2e40ac74b7bbfb75dbe88065cf9cfb236f612f84",
    "MERKLE_BRANCH,112f743af275a04020018ee40cf8ab5e3961fdab420803142ff9d9ec8ec52c9d",
    "MUHASH_ELEMENT,e909601c901ff9ab3b3f91a177085e3e03bec07d9a59e14c32c2dcac30abe2c0",
    "MUHASH_FINALIZE,ee1eb33487b264164dee3e9f8afc1905f7e3ad5e1c2bdbe99d844e45d7118dd8",
    "PERSONAL_MESSAGE_SIGNING_HASH,28d6101b43f2bb84d38254181d67c6db2e0dde3dce5298f4669dbd442fcf1651",
    "COVENANT_ID,3f30db2f4eca58872041776a9544625b1d2aeaf045cd4f6a709ef20047aded93"
  })
  void everyDomainHasItsKey(Blake2bDomain domain, String expected) {
    assertThat(domain.hash(message(200))).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0,a80b6aa20f20b15ebabe2b1949527f78a257594a732e774de637d85e6973a768",
    "1,11117d37461b16c577017280c072880110b23d8819e2c1793abfbeee15db9942",
    "127,241f2e5ef62cfec8d825dd8e8613f84cc2913de7aebca290512c66cc1337f8a0",
    "128,c8baa371a4d3b61c04ab68f4c1fb0c9a6dcf42dc6837025b2f344221a1805d23",
    "129,a6fbbe5fda76a8013da78dd8320d97d6636e7daa8d99ecc674377172718bcab3",
    "256,576517d98e877c55b23a92dae4a435c31f8146a67a5f112c7f759c8a5df23908",
    "1024,bc3266bf61a577dd6848fde81c035b2cd7070855d74beb6ba3bd69af19e7f14e",
    "1025,ee12629831d07b75cd2c19f3338ec997607327dcd060423393369c1201b45804",
    "5000,5c784162e653582ab36aea0c648960025f04122255e73e3baeb5425c4b19d73d"
  })
  void everyLengthIsPaddedRight(int length, String expected) {
    assertThat(Blake2bDomain.BLOCK_HASH.hash(message(length))).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8,d3a8189dd96b845c2c66fe769b5da873e558b691644487f234da6a5166cde77e",
    "1,e88bd757ad5b9bedf372d8d3f0cf6c962a469db61a265f6418e1ffed86da29ec,f1cb2ccf1389567bb5d97a7a9546866324029435209812236470acbafa97cb79",
    "128,f0501d06597880592bc49234eef100ec1ff349058d0e9d9b753504e24af86dd6,9cb6db4e950137a4c10d434ee9b3b1e93e634a52c13131d61e7205d2c71a1c8b",
    "129,a34a4e1e03c541dfbf3099c4b6c143c022ced65c28bd7e8a10e0a098461aecf0,493264191ea04047d1bcbce041dffea71357fc5bcc25eac39524b463c0c40e94",
    "1024,69690d5736283a6379bc55ddd89b01dfff8db87eff8208c9177baa695b639b50,c50b8e939765bececfb8231014b80c23bd3d56beac7224f3a8bd949348674b61",
    "1025,67f108ad2e0ed869a1ddb618e5c87c886fa845cd6f4961ee1a43dc13fbcbb4b6,27e90e18e89dc7cfa345d3267370f30402f9ec4350ff753a60a67afd994968f8",
    "5000,befdce0c6278f63e1f33b517b5d275987b72c5e9e2d5ddf574096eda44f56912,05516b847d66f2731b1f390ac4d2070b43d882bc425b14be1e5618abbe29aaee"
  })
  void withoutAKeyAndWithTheLongest(int length, String without, String with) {
    assertThat(Blake2bKey.NONE.hash(message(length))).hasToString(without);
    assertThat(Blake2bKey.of(message(Blake2bKey.MAX_SIZE)).hash(message(length))).hasToString(with);
  }

  @Test
  void aKeyOfMoreThan64BytesIsRefused() {
    assertThatThrownBy(() -> Blake2bKey.of(message(65)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65 bytes");
  }

  @Property(tries = 300)
  void piecesHashAsTheWhole(
      @ForAll @IntRange(max = 3000) int length,
      @ForAll @IntRange(min = 1, max = 1500) int first,
      @ForAll @IntRange(min = 1, max = 1500) int second) {
    byte[] message = message(length);
    Blake2b hasher = Blake2bDomain.TRANSACTION_ID.hasher();
    int a = Math.min(first, length);
    int b = Math.min(a + second, length);
    hasher.putBytes(Arrays.copyOfRange(message, 0, a));
    hasher.putBytes(Arrays.copyOfRange(message, a, b));
    for (int i = b; i < length; i++) {
      hasher.putByte(message[i]);
    }
    assertThat(hasher.finish()).isEqualTo(Blake2bDomain.TRANSACTION_ID.hash(message));
  }

  @Test
  void numbersAreLittleEndianAndVariableDataFollowsItsLength() {
    Hash hash = Hash.of(message(32));
    Blake2b hasher = Blake2bDomain.BLOCK_HASH.hasher();
    hasher.putByte(0x101);
    hasher.putShort(0x10203);
    hasher.putInt(0x04050607);
    hasher.putLong(0x08090a0b0c0d0e0fL);
    hasher.putHash(hash);
    hasher.putVarBytes(new byte[] {0x55, 0x66});
    byte[] expected = new byte[1 + 2 + 4 + 8 + 32 + 8 + 2];
    byte[] start = {1, 3, 2, 7, 6, 5, 4, 0xf, 0xe, 0xd, 0xc, 0xb, 0xa, 9, 8};
    System.arraycopy(start, 0, expected, 0, start.length);
    hash.write(expected, start.length);
    expected[47] = 2;
    expected[55] = 0x55;
    expected[56] = 0x66;
    assertThat(hasher.finish()).isEqualTo(Blake2bDomain.BLOCK_HASH.hash(expected));
  }

  @Test
  void aHasherStartsOverAfterFinishResetAndChangeOfDomain() {
    Blake2b hasher = Blake2bDomain.BLOCK_HASH.hasher();
    hasher.putBytes(message(700));
    hasher.finish();
    hasher.putBytes(message(10));
    assertThat(hasher.finish()).isEqualTo(Blake2bDomain.BLOCK_HASH.hash(message(10)));
    hasher.putBytes(message(1500));
    hasher.reset();
    hasher.putBytes(message(11));
    assertThat(hasher.finish()).isEqualTo(Blake2bDomain.BLOCK_HASH.hash(message(11)));
    hasher.putBytes(message(1500));
    hasher.reset(Blake2bDomain.COVENANT_ID);
    hasher.putBytes(message(12));
    assertThat(hasher.finish()).isEqualTo(Blake2bDomain.COVENANT_ID.hash(message(12)));
  }

  @Property(tries = 200)
  void aCopyGoesOnAlone(
      @ForAll @IntRange(max = 3000) int before, @ForAll @IntRange(max = 3000) int after) {
    Blake2b original = Blake2bDomain.BLOCK_HASH.hasher();
    original.putBytes(message(before));
    Blake2b copy = Blake2bDomain.COVENANT_ID.hasher();
    copy.putBytes(message(77));
    copy.copyFrom(original);
    original.putBytes(new byte[after]);
    copy.putBytes(new byte[after]);
    copy.putByte(1);
    byte[] whole = Arrays.copyOf(message(before), before + after);
    assertThat(original.finish()).isEqualTo(Blake2bDomain.BLOCK_HASH.hash(whole));
    byte[] longer = Arrays.copyOf(whole, whole.length + 1);
    longer[whole.length] = 1;
    assertThat(copy.finish()).isEqualTo(Blake2bDomain.BLOCK_HASH.hash(longer));
  }
}
