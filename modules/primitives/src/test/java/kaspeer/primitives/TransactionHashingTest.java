package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import kaspeer.primitives.hashing.Blake2bDomain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Expected values were computed by an independent implementation or, where it is said, come from
 * kaspad's own tests.
 */
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

  /** The 14 cases of kaspad's own test (kaspa-consensus-core 2.1.0, hashing/tx.rs), in order. */
  static Stream<Arguments> kaspadCases() {
    List<Transaction.Input> none = List.of();
    List<Transaction.Input> zero = List.of(kaspadInput(Hash.ZERO, 5));
    List<Transaction.Input> some = List.of(kaspadInput(PREVIOUS, 5));
    List<Transaction.Input> budgetless = List.of(kaspadInput(PREVIOUS, 0));
    List<Transaction.Output> to =
        List.of(
            new Transaction.Output(
                1564, new Transaction.ScriptPublicKey(7, new byte[] {1, 2, 3, 4, 5}), null));
    byte[] payload = {1, 2, 3};
    byte[] empty = {};
    return Stream.of(
        Arguments.of(
            kaspad(0, none, List.of(), 0, SubnetworkId.NATIVE, 0, empty, 0),
            "2c18d5e59ca8fc4c23d9560da3bf738a8f40935c11c162017fbf2c907b7e665c",
            "c9e29784564c269ce2faaffd3487cb4684383018ace11133de082dce4bb88b0b"),
        Arguments.of(
            kaspad(0, zero, List.of(), 0, SubnetworkId.NATIVE, 0, empty, 0),
            "b2d65ae36e123eb73f253176d7234a57656b84d0d60b9fc746ab0d0f085c9cc7",
            "7d9f7cfdd77f236a41895ac5cdda2fa42f7122964ba995fdfacebce54efad7e8"),
        Arguments.of(
            kaspad(0, zero, to, 0, SubnetworkId.NATIVE, 0, empty, 0),
            "67289b12146d1b5ef384332137399791a5cfe89506ff31688b0d95ae821d0a0c",
            "492279c0ed5018aa00b0b2d42c1c42350285f2e689236a81829edaf818e30fdb"),
        Arguments.of(
            kaspad(0, zero, to, 54, SubnetworkId.NATIVE, 3, empty, 0),
            "7cd34b788d7d230970d4bfd955c34c5abc49e3bcdd5adb03a77bb71d05554401",
            "de319664ee9f4197e89be0d0e08b2b6cac110efc2cf107de1fbc6bd2ce29d545"),
        Arguments.of(
            kaspad(0, some, to, 54, SubnetworkId.NATIVE, 3, empty, 0),
            "c9dd78e818445f617a28348d6db752142e2fab440effa58140ad2773e638b628",
            "1be9978bcab9424f15adac6fca0a64c3f56344a7cd0ec92a225496e19a0d122c"),
        Arguments.of(
            kaspad(0, none, to, 54, SubnetworkId.COINBASE, 3, empty, 0),
            "2578783ec93c3a02414a228e10b1b5af298623254775f972f97df08d4ec28c8f",
            "dffa96c75ef9d17520991fc6d88813531e230488e75b65f65ce958f2d54d2451"),
        Arguments.of(
            kaspad(0, some, to, 54, SubnetworkId.REGISTRY, 3, empty, 0),
            "3f6cea6d7ac8f6b2f86209fa748ea0ef5a1d5d380d43b79e77d52e770bb9a7b9",
            "9abf01c6c312dd984ff19c23bec85e8678e6ea34041fe3c5de52fd9344adac63"),
        Arguments.of(
            kaspad(0, some, to, 54, SubnetworkId.REGISTRY, 3, payload, 0),
            "4acda997dfb31c6518224c9ac00d0777fc7cbecdab461be3c0816b1cba19a056",
            "f0bb137ed71a91445ddf9224c76f755153a296eeb4fdc29b8393ddd81bf34ce6"),
        Arguments.of(
            kaspad(0, some, to, 54, SubnetworkId.REGISTRY, 3, payload, 5),
            "4acda997dfb31c6518224c9ac00d0777fc7cbecdab461be3c0816b1cba19a056",
            "ced89bbf642cda42d29d9518d16e35cbbf85d10e1ab106b7dc2e0a821308ac91"),
        // kaspad leaves the count of signature operations out of version 1: a budget of 0.
        Arguments.of(
            kaspad(1, budgetless, to, 54, SubnetworkId.REGISTRY, 3, payload, 0),
            "a08a500b21be3e692c080b14e399fcfa2cfa01b25c08f2f8e7414d1c116e8d18",
            "773f5582d847a1c48947eb4e6e6ac569f90f0f9d979b4c939b72ef008f025e02"),
        Arguments.of(
            kaspadOfBudget(111),
            "5978e7aa1a9ba8fdf12dae6aa39aa198a91985e91192b291e207d4d6246349e6",
            "c41c18964aab2abe309a79de3dcf0353eee216e29ab83448cbec0c4c5792056c"),
        Arguments.of(
            kaspadOfBudget(222),
            "5978e7aa1a9ba8fdf12dae6aa39aa198a91985e91192b291e207d4d6246349e6",
            "415dfbc5b38e5805e20831d43a49bc770f4f591b00964ac922d108f6a224c590"),
        // Its cases 13 and 14 differ only in such counts.
        Arguments.of(
            kaspadOfBudget(0),
            "5978e7aa1a9ba8fdf12dae6aa39aa198a91985e91192b291e207d4d6246349e6",
            "55724643b090b9a1c1b9b93b03ffac9cb1bd913a1cf0605a36509322af825864"));
  }

  private static final Hash PREVIOUS =
      Hash.fromHex("59b3d6dc6cdc660c389c3fdb5704c48c598d279cdf1bab54182db586a4c95dd5");

  private static Transaction.Input kaspadInput(Hash previous, int computeCommit) {
    return new Transaction.Input(
        new Transaction.Outpoint(previous, 2), new byte[] {1, 2}, 7, computeCommit);
  }

  private static Transaction kaspad(
      int version,
      List<Transaction.Input> inputs,
      List<Transaction.Output> outputs,
      long lockTime,
      SubnetworkId subnetwork,
      long gas,
      byte[] payload,
      long storageMass) {
    return new Transaction(
        version, inputs, outputs, lockTime, subnetwork, gas, payload, storageMass);
  }

  private static Transaction kaspadOfBudget(int budget) {
    Transaction.Outpoint previous = new Transaction.Outpoint(Hash.ZERO, 0);
    List<Transaction.Input> inputs =
        List.of(new Transaction.Input(previous, new byte[0], 0, budget));
    return kaspad(1, inputs, List.of(), 0, SubnetworkId.NATIVE, 0, new byte[0], 0);
  }

  @ParameterizedTest
  @MethodSource("kaspadCases")
  void kaspadsOwnCasesHaveItsIdsAndHashes(Transaction transaction, String id, String hash) {
    assertThat(transaction.id()).hasToString(id);
    assertThat(transaction.hash()).hasToString(hash);
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
