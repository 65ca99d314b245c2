package kaspeer.primitives.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import kaspeer.primitives.SubnetworkId;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Expected values were computed by an independent implementation, or are those of consensus
 * reference 1.2.
 */
class Blake3Test {
  @ParameterizedTest
  @CsvSource({
    "PAYLOAD_DIGEST,102f0fed5f2ec9eea50a44485eb4af960458915cd4cb8dda183e794e2389461a",
    "TRANSACTION_REST,32cef52e956fbace4da2a48d30ea239d95c6f2bb012060721ceddaf17d2fa446",
    "TRANSACTION_V1_ID,a73c687c8ce37a2bf8ef96796a69249738c884331352f0332b575be397175064",
    "SEQ_COMMIT_MERKLE_BRANCH,fc32ef08ce027c1ce049d42eac5e231b10bc7ceea6c2259bbe526db79f1651bc",
    "SEQ_COMMIT_LANE_KEY,2ea48f340d233196840a96f95e114b1cafa73f608e93f1398f59ec7eab6d9411",
    "SEQ_COMMIT_LANE_TIP,1cc1f37d0a8731608c485131051d98f52a7a2ee64acdd9e1f5f8de0430032c8a",
    "SEQ_COMMIT_ACTIVITY_LEAF,04be1f90bcf62c9ff1e477ea4a06f6f453d20de36250711249c55493558bdcbb",
    "SEQ_COMMIT_MERGESET_CONTEXT,148dd273c65dbd6edcff62c8a7540256f008d6cc7e0f280deeced710c7525047",
    "SEQ_COMMIT_MINER_PAYLOAD_LEAF,b3a5ebe2c6039517325a1c67dafebd6ed05439c3786612ff6ffd2b4d77421a9f",
    "SEQ_COMMIT_ACTIVITY_ROOT,31e14bf0825d96683a3f0c256cea825dc45f420f53de94f866e720827ee4f4dd",
    "SEQ_COMMIT_ACTIVE_LEAF,f9515c45a42157a19d0d38ff6d3d75e398db98bd3a8e454afe4df08f73b5474a",
    "SEQ_COMMIT_ACTIVE_NODE,a7f254f8035f32ff59d7a15c59dfea1ba02eb535e1d808a7a3c57167396b87b9",
    "SEQ_COMMIT_ACTIVE_COLLAPSED_NODE,3ed52599c47a61186a710abe73913b2646e48c5b239dd39d80e928105b36104e"
  })
  void everyDomainHasItsKey(Blake3Domain domain, String expected) {
    assertThat(domain.hash(Blake2bTest.message(100))).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0,9c0ca2acb45e92ffe6ceb4ae29188b35c82d9676cdd3ce067fd6ccc30a9c4a38",
    "1,b0e40a0d905b48c4c62949bae7f716c2a4afb831908a36df1c2797d0dffffa3e",
    "63,95733241bb1d64d5ef3955fd2d0a1bb92ae3ff15fbac6893deaff66d86825958",
    "64,e5b548fd31d0763fa3149883803f65ac0eb0ebf0e4fdab76d5bbb9570195e83e",
    "65,d7bd7edcdbe3a31c175e7bebac1b9c136e0945d91d7b79d328576ae0cd6e1c65",
    "1023,efe6008fc246ee2969d06dae6f8edac51ddc683c1e5f2319004663763936a163",
    "1024,51878a50d9acc331f5c8d1fdbe739a120db75643f35c6a6d0caf28f3687c4402",
    "1025,8a0a3bfc133bf82ef51fd1fe743370b7e83b122f0bf43e587869bd5fa0bb81b9",
    "2048,7c22878c751a29f366e1bdc46b6af212db03cc6a4988cddb24b759f6794194e0",
    "2049,57eab9f4848ece1719cf1d15c3f78ae43bed9c0274b5f189cda0dc723ce12f50",
    "3072,9323af5dbe3e8e0bc038259f1bc3ab9d29605f4bee5c1ae327c330d92f7329a6",
    "4096,26a7eb4256e1b5737d8f3d90441af3a2c91059eb9cd929b3935e604b8281d8ac",
    "5000,2db5c6cf6255d583a39c699d2a04f0838e2e46407bc55ec44ae59c2c3cd9ab72",
    "10241,579f6824a5fa52bb4c0e8893671ae4d95adc1024e23c8e45ad2eb4dbbf1567a7"
  })
  void treesOfEveryShapeAreRight(int length, String expected) {
    assertThat(Blake3Domain.PAYLOAD_DIGEST.hash(Blake2bTest.message(length))).hasToString(expected);
  }

  @Test
  void theCoinbaseLaneHasItsKnownKey() {
    assertThat(Blake3Domain.SEQ_COMMIT_LANE_KEY.hash(SubnetworkId.COINBASE.toBytes()))
        .hasToString("8aa78027db66a16cb69692ee0af5cb76738ef80ad14c9d13920d7fa3cc40b9e4");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33})
  void aKeyOfAnotherLengthIsRefused(int length) {
    assertThatThrownBy(() -> Blake3Key.of(Blake2bTest.message(length)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(length + " bytes");
  }

  @Property(tries = 300)
  void piecesHashAsTheWhole(
      @ForAll @IntRange(max = 9000) int length, @ForAll @IntRange(min = 1, max = 1500) int piece) {
    byte[] message = Blake2bTest.message(length);
    Blake3 hasher = Blake3Domain.TRANSACTION_REST.hasher();
    for (int i = 0; i < length; i += piece) {
      hasher.putBytes(Arrays.copyOfRange(message, i, Math.min(i + piece, length)));
    }
    assertThat(hasher.finish()).isEqualTo(Blake3Domain.TRANSACTION_REST.hash(message));
  }

  @Test
  void aHasherStartsOverAfterFinishAndChangeOfDomain() {
    Blake3 hasher = Blake3Domain.PAYLOAD_DIGEST.hasher();
    hasher.putBytes(Blake2bTest.message(5000));
    hasher.finish();
    hasher.putBytes(Blake2bTest.message(10));
    assertThat(hasher.finish())
        .isEqualTo(Blake3Domain.PAYLOAD_DIGEST.hash(Blake2bTest.message(10)));
    hasher.putBytes(Blake2bTest.message(5000));
    hasher.reset(Blake3Domain.SEQ_COMMIT_LANE_TIP);
    hasher.putBytes(Blake2bTest.message(2000));
    assertThat(hasher.finish())
        .isEqualTo(Blake3Domain.SEQ_COMMIT_LANE_TIP.hash(Blake2bTest.message(2000)));
  }
}
