package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import kaspeer.primitives.hashing.Blake2bDomain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Expected values come from the oracle (shared/oracle/transactions.py). */
class TransactionHashingTest {
  private static byte[] message(int length) {
    byte[] message = new byte[length];
    for (int i = 0; i < length; i++) {
      message[i] = (byte) (7 * i + 3);
    }
    return message;
  }

  static Stream<Arguments> transactions() {
    Transaction empty =
        new Transaction(0, List.of(), List.of(), 0, SubnetworkId.NATIVE, 0, new byte[0], 0);
    Transaction plain =
        new Transaction(
            0,
            List.of(Samples.input(1, 7, new byte[] {0x51, 0x52}, -1, 3)),
            List.of(new Transaction.Output(100, Samples.payToKey(8), null)),
            5,
            SubnetworkId.NATIVE,
            0,
            new byte[0],
            0);
    Transaction large =
        new Transaction(
            1,
            List.of(Samples.input(1, 7, message(3000), -1, 1)),
            List.of(new Transaction.Output(100, Samples.payToKey(8), null)),
            -1,
            SubnetworkId.COINBASE,
            -1,
            message(2500),
            -1);
    return Stream.of(
        Arguments.of(
            empty,
            "c9e29784564c269ce2faaffd3487cb4684383018ace11133de082dce4bb88b0b",
            "2c18d5e59ca8fc4c23d9560da3bf738a8f40935c11c162017fbf2c907b7e665c"),
        Arguments.of(
            plain,
            "26c0e8c2405f721b46312dd1e2710455ea90e6275636e25ca4291f7b31cbf340",
            "fd8da58736d647ebe234680bdaea95862a1060bb35ed9fe1cbebd30a583fc0d2"),
        Arguments.of(
            Samples.version0(),
            "f31106fab8aa1a9869060c7bc4963f2dd9735dadccb3008ac092cfffe296d52e",
            "871ac3adf92b2a3027eecad3e3a25264176bb6c1f6a1735ad4c9489bc410c266"),
        Arguments.of(
            Samples.version1(),
            "d5b8a82e5bc584633c5eb7e6b24f5c3003477c07c1c31d1f90a2a14e225b950e",
            "3385cc0bdef7e9829a89b3b9dbba6ba18888ce180a6619195505e1d707586884"),
        Arguments.of(
            large,
            "c524bed4022f5e21d62bd4ea20407aedb4c9cc15d02353aa19c8fd96167f6505",
            "231a79c0152378bd2a31d5f79451992e63445f94da34dd712fac2cb21598b1f1"));
  }

  @ParameterizedTest
  @MethodSource("transactions")
  void everyFieldIsHashedInItsPlace(Transaction transaction, String hash, String id) {
    assertThat(transaction.hash()).hasToString(hash);
    assertThat(transaction.id()).hasToString(id);
  }

  @Test
  void signatureScriptsAndMassesChangeTheHashButNotTheId() {
    for (int version = 0; version < 2; version++) {
      Transaction a = with(version, new byte[] {1}, 2, 3);
      for (Transaction b :
          List.of(
              with(version, new byte[] {2}, 2, 3),
              with(version, new byte[] {1}, 3, 3),
              with(version, new byte[] {1}, 2, 4))) {
        assertThat(b.id()).isEqualTo(a.id());
        assertThat(b.hash()).isNotEqualTo(a.hash());
      }
    }
  }

  @Test
  void hashAndIdOfVersion0DifferOnlyInDomainWhenThereIsNothingToLeaveOut() {
    // Version, no inputs, no outputs, lock time, subnetwork, gas, no payload.
    byte[] bytes = new byte[2 + 8 + 8 + 8 + 20 + 8 + 8];
    Transaction empty =
        new Transaction(0, List.of(), List.of(), 0, SubnetworkId.NATIVE, 0, new byte[0], 0);
    assertThat(empty.hash()).isEqualTo(Blake2bDomain.TRANSACTION_HASH.hash(bytes));
    assertThat(empty.id()).isEqualTo(Blake2bDomain.TRANSACTION_ID.hash(bytes));
  }

  private static Transaction with(
      int version, byte[] signatureScript, int computeCommit, long storageMass) {
    return new Transaction(
        version,
        List.of(Samples.input(1, 0, signatureScript, 0, computeCommit)),
        List.of(),
        0,
        SubnetworkId.NATIVE,
        0,
        new byte[0],
        storageMass);
  }
}
