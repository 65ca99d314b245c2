package kaspeer.consensus;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;

/**
 * Mines blocks as on a network on which news take a while: each has for parents the tips that were
 * heard of by then.
 */
public final class WideDag {
  private final Consensus consensus;
  private final Random random;
  private final double delayInBlocks;
  private final Set<Hash> tips = new HashSet<>();
  private final Deque<Header> unheard = new ArrayDeque<>();
  private final Deque<Double> unheardSince = new ArrayDeque<>();
  private double now;
  private long clock;

  /**
   * @param width blocks mined on average until the news of one are out
   */
  public WideDag(Consensus consensus, Header genesis, double width, long seed) {
    this.consensus = consensus;
    this.random = new Random(seed);
    this.delayInBlocks = width;
    this.clock = genesis.timestamp();
    tips.add(genesis.hash());
  }

  /** Mines blocks; only their headers are submitted. */
  public List<Header> mine(int count) {
    List<Header> mined = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Header header = next();
      Verdict verdict = consensus.submitHeader(header).join();
      if (!(verdict instanceof Verdict.Accepted)) {
        throw new IllegalStateException("mined a block that is refused: " + verdict);
      }
      mined.add(header);
    }
    return mined;
  }

  private Header next() {
    now += -Math.log(1 - random.nextDouble());
    while (!unheard.isEmpty() && unheardSince.getFirst() + delayInBlocks < now) {
      Header heard = unheard.removeFirst();
      unheardSince.removeFirst();
      heard.directParents().forEach(tips::remove);
      tips.add(heard.hash());
    }
    HeaderTemplate template = consensus.template(ordered(tips));
    clock = Math.max(clock + random.nextInt(201), template.pastMedianTime() + 1);
    Hash commitment =
        Hash.ofWords(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    Header header = template.header(commitment, commitment, commitment, clock, random.nextLong());
    unheard.add(header);
    unheardSince.add(now);
    return header;
  }

  /** The selected parent first. */
  private List<Hash> ordered(Set<Hash> hashes) {
    return consensus.read(
        dag -> hashes.stream().sorted((a, b) -> dag.compareWork(dag.id(b), dag.id(a))).toList());
  }
}
