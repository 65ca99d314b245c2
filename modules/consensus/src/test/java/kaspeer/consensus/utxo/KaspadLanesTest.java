package kaspeer.consensus.utxo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kaspeer.consensus.DagStore.StoredLane;
import kaspeer.crypto.lanes.LaneTree;
import kaspeer.primitives.Hash;
import org.junit.jupiter.api.Test;

/**
 * Lanes that are touched, expire, begin again in the same block and are left by reorganisations, as
 * kaspa-smt-store 2.1.0 has them: its tree keeps a version of each node for each block, and reads
 * only what is within the finality depth.
 */
class KaspadLanesTest {
  /** A chain block of the file, and the lanes after it. */
  private record Known(long blueScore, Hash commitment, LaneTree tree) {}

  private long finalityDepth;
  private final Map<Hash, Known> known = new HashMap<>();
  private int expired;
  private int revived;

  @Test
  void lanesAreThoseOfKaspadsVersionedTree() throws IOException {
    int blocks = 0;
    for (String line : lines()) {
      if (line.startsWith("depth ")) {
        finalityDepth = Long.parseLong(line.substring("depth ".length()));
        known.clear();
      } else if (!line.startsWith("#")) {
        check(line);
        blocks++;
      }
    }
    assertThat(blocks).isGreaterThan(20);
    assertThat(expired).isGreaterThan(10);
    assertThat(revived).isGreaterThan(2);
  }

  private void check(String line) {
    String[] halves = line.split(";", -1);
    String[] fields = halves[0].split(" ");
    Hash parentHash = Hash.fromHex(fields[1]);
    Known parent = known.getOrDefault(parentHash, new Known(0, parentHash, LaneTree.EMPTY));
    long blueScore = Long.parseLong(fields[2]);
    Hash shortcut = Hash.fromHex(fields[4]);
    Sequencing.Parts parts =
        new Sequencing.Parts(Hash.fromHex(fields[3]), activities(halves[1].strip()), shortcut);

    Lanes lanes = new Lanes(finalityDepth);
    lanes.load(stored(parent.tree));
    Lanes.Update update = lanes.update(parts, blueScore, parent.commitment, shortcut);

    assertThat(update.tree().root()).as(fields[0]).hasToString(fields[5]);
    assertThat(update.commitment()).as(fields[0]).hasToString(fields[6]);
    for (LaneChange change : update.changes()) {
      if (change.after() == null) {
        expired++;
      } else if (change.before() != null
          && change.before().touchBlueScore() < blueScore - finalityDepth) {
        revived++;
      }
    }
    known.put(Hash.fromHex(fields[0]), new Known(blueScore, update.commitment(), update.tree()));
  }

  private static List<Sequencing.Activity> activities(String text) {
    List<Sequencing.Activity> activities = new ArrayList<>();
    if (!text.isEmpty()) {
      for (String lane : text.split(" ")) {
        String[] parts = lane.split(":");
        activities.add(new Sequencing.Activity(Hash.fromHex(parts[0]), Hash.fromHex(parts[1])));
      }
    }
    return activities;
  }

  private static List<StoredLane> stored(LaneTree tree) {
    List<StoredLane> stored = new ArrayList<>();
    tree.forEach((key, lane) -> stored.add(new StoredLane(key, lane.tip(), lane.touchBlueScore())));
    return stored;
  }

  private static List<String> lines() throws IOException {
    try (InputStream in = KaspadLanesTest.class.getResourceAsStream("/kaspad/lanes.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), US_ASCII).lines().toList();
    }
  }
}
