package kaspeer.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import kaspeer.primitives.Hash;
import org.junit.jupiter.api.Test;

final class KnownInventoryTest {
  private final Random random = new Random(1);

  private Hash hash() {
    return Hash.ofWords(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  @Test
  void whatWasAddedLatelyIsKnownAndOthersAreNot() {
    KnownInventory inventory = new KnownInventory(64);
    Hash hash = hash();
    assertThat(inventory.contains(hash)).isFalse();
    inventory.add(hash);
    assertThat(inventory.contains(hash)).isTrue();
    for (int i = 0; i < 10_000; i++) {
      assertThat(inventory.contains(hash())).isFalse();
    }
  }

  @Test
  void olderOnesAreForgottenAndMemoryStays() {
    KnownInventory inventory = new KnownInventory(64);
    Hash first = hash();
    inventory.add(first);
    for (int i = 0; i < 10_000; i++) {
      inventory.add(hash());
    }
    assertThat(inventory.contains(first)).isFalse();
  }

  @Test
  void aHashOfZerosIsNotTakenForAnEmptyPlace() {
    KnownInventory inventory = new KnownInventory(64);
    inventory.add(Hash.ofWords(0, 0, 0, 1));
    assertThat(inventory.contains(Hash.ZERO)).isFalse();
    inventory.add(Hash.ZERO);
    assertThat(inventory.contains(Hash.ZERO)).isTrue();
  }
}
