package kaspeer.engine.dag;

import java.util.List;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.ParentsByLevel;

/** Blocks with the parents and the blue work that a test wants; no consensus would take them. */
final class Sketch {
  private Sketch() {}

  static Hash hash(int number) {
    return Hash.ofWords(number, 7, 7, 7);
  }

  /**
   * @param number tells it from others, and is its blue work
   */
  static Block block(int number, Hash... parents) {
    Header header =
        new Header(
            2,
            parents.length == 0
                ? ParentsByLevel.NONE
                : ParentsByLevel.ofLevels(List.of(List.of(parents))),
            Hash.ZERO,
            Hash.ZERO,
            Hash.ZERO,
            1_700_000_000_000L + number,
            0x207fffff,
            number,
            number,
            BlueWork.of(number),
            number,
            Hash.ZERO);
    return new Block(header, List.of());
  }

  static Block block(int number, Block... parents) {
    Hash[] hashes = new Hash[parents.length];
    for (int i = 0; i < parents.length; i++) {
      hashes[i] = parents[i].hash();
    }
    return block(number, hashes);
  }
}
