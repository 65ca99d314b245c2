package kaspeer.consensus.dag;

import java.math.BigInteger;
import java.util.Arrays;
import kaspeer.primitives.CompactTarget;
import kaspeer.primitives.Params;
import org.jspecify.annotations.Nullable;

/**
 * DAA score, difficulty and past median time of a new block, from sampled windows of its past
 * (consensus reference 3.4, KIP-4). The window of a block is that of its selected parent plus the
 * samples among what it merges.
 */
final class Windows {
  private static final BigInteger MAX_TARGET =
      BigInteger.ONE.shiftLeft(255).subtract(BigInteger.ONE);
  private static final int MEDIAN_FRAME = 11;

  /** One kind of window, and the one that was built last: the next is mostly a little above it. */
  private static final class Kind {
    final int size;
    final int rate;
    final boolean isDifficulty;
    int lastBlock = Blocks.NONE;
    Window last = Window.EMPTY;

    Kind(int size, int rate, boolean isDifficulty) {
      this.size = size;
      this.rate = rate;
      this.isDifficulty = isDifficulty;
    }
  }

  private final Params params;
  private final Blocks blocks;
  private final WindowCache cache;
  private final Kind difficulty;
  private final Kind medianTime;
  private final long daaWindowBlocks;

  /** Samples of one mergeset. */
  private int[] samples = new int[64];

  Windows(Params params, Blocks blocks, WindowCache cache) {
    this.params = params;
    this.blocks = blocks;
    this.cache = cache;
    this.difficulty = new Kind(params.difficultyWindow(), params.difficultySampleRate(), true);
    this.medianTime =
        new Kind(params.pastMedianTimeWindow(), params.pastMedianTimeSampleRate(), false);
    this.daaWindowBlocks = (long) params.difficultyWindow() * params.difficultySampleRate();
  }

  /** Fills in windows, DAA score, bits and past median time; GHOSTDAG has to be filled in. */
  void compute(NextBlock next) {
    int parent = next.selectedParent;
    int outside;
    if (parent == Blocks.GENESIS) {
      next.difficultyWindow = Window.EMPTY;
      next.medianTimeWindow = Window.EMPTY;
      outside = difficulty.size == 0 ? 0 : 1; // genesis never counts
    } else {
      outside = countOutside(next);
      next.difficultyWindow =
          extend(next, parentWindow(cache.difficulty(parent), parent, difficulty), difficulty);
      next.medianTimeWindow =
          extend(next, parentWindow(cache.medianTime(parent), parent, medianTime), medianTime);
    }
    next.daaScore = blocks.daaScore[parent] + next.mergesetSize() - outside;
    next.bits = bits(next.difficultyWindow, parent);
    next.pastMedianTime = pastMedianTime(next.medianTimeWindow, parent);
  }

  /** Merged blocks that are too low for the DAA window. */
  private int countOutside(NextBlock next) {
    long threshold = threshold(next.blueScore);
    int outside = blocks.blueScore[next.selectedParent] < threshold ? 1 : 0;
    for (int i = 0; i < next.mergedCount; i++) {
      if (blocks.blueScore[next.merged[i] & ~Blocks.RED] < threshold) {
        outside++;
      }
    }
    return outside;
  }

  /**
   * Blocks with a lower blue score are outside the DAA window of a chain block, whatever window is
   * asked for.
   */
  long threshold(long blueScore) {
    return Math.max(0, blueScore - daaWindowBlocks);
  }

  private Window extend(NextBlock next, Window window, Kind kind) {
    int found = sample(next.selectedParent, next.blueScore, next.merged, 0, next.mergedCount, kind);
    return found == 0 ? window : window.with(blocks, samples, found, kind.size);
  }

  /**
   * Collects the samples of a chain block's mergeset: blocks are counted from the selected parent's
   * DAA score on, first the selected parent, then the others descending, and each rate-th is one.
   */
  private int sample(int parent, long blueScore, int[] merged, int from, int length, Kind kind) {
    long threshold = threshold(blueScore);
    long counter = blocks.daaScore[parent];
    int found = 0;
    for (int i = length; i >= 0; i--) {
      int block = i == length ? parent : merged[from + i] & ~Blocks.RED;
      if (blocks.blueScore[block] < threshold) {
        continue;
      }
      counter++;
      if (Long.remainderUnsigned(counter, kind.rate) == 0) {
        if (found == samples.length) {
          samples = Arrays.copyOf(samples, 2 * found);
        }
        samples[found++] = block;
      }
    }
    return found;
  }

  private Window parentWindow(@Nullable Window cached, int block, Kind kind) {
    if (cached != null) {
      return cached;
    }
    Window built = build(block, kind);
    kind.lastBlock = block;
    kind.last = built;
    return built;
  }

  /** The window of a stored block from the DAG, down its selected chain to one that is known. */
  private Window build(int block, Kind kind) {
    Window window = Window.EMPTY;
    for (int chain = block; ; chain = blocks.selectedParent[chain]) {
      Window known = known(chain, kind);
      if (known != null) {
        return known.with(blocks, window.toArray(), window.size(), kind.size);
      }
      int parent = blocks.selectedParent[chain];
      // Genesis never enters; and what is below a block that does not enter does not either.
      if (kind.size == 0
          || parent <= Blocks.GENESIS
          || (chain != block && !window.admits(blocks, parent, kind.size))) {
        return window;
      }
      int[] record = blocks.record(chain);
      int at = blocks.recordOffset(chain);
      int merged = record[at + Blocks.RECORD_MERGED];
      int found =
          sample(parent, blocks.blueScore[chain], record, at + Blocks.RECORD_LISTS, merged, kind);
      if (found > 0) {
        window = window.with(blocks, samples, found, kind.size);
      }
    }
  }

  private @Nullable Window known(int block, Kind kind) {
    if (block == kind.lastBlock) {
      return kind.last;
    }
    return kind.isDifficulty ? cache.difficulty(block) : cache.medianTime(block);
  }

  private int bits(Window window, int parent) {
    // Two blocks are the least that spans a time.
    if (window.size()
        < Math.max(2, Math.min(params.minDifficultyWindow(), params.difficultyWindow()))) {
      return blocks.bits[parent];
    }
    if (!window.resultKnown()) {
      window.setResult(averagedBits(window));
    }
    return (int) window.result();
  }

  /** The average target of all but the oldest block, scaled by the time they took. */
  private int averagedBits(Window window) {
    int oldest = 0;
    long maxTime = blocks.timestamp[window.id(0)];
    for (int i = 1; i < window.size(); i++) {
      long time = blocks.timestamp[window.id(i)];
      if (Long.compareUnsigned(time, blocks.timestamp[window.id(oldest)]) < 0) {
        oldest = i;
      }
      if (Long.compareUnsigned(time, maxTime) > 0) {
        maxTime = time;
      }
    }
    long span = maxTime - blocks.timestamp[window.id(oldest)];
    int others = window.size() - 1;
    BigInteger average = sumOfTargets(window, oldest).divide(BigInteger.valueOf(others));
    BigInteger expected =
        BigInteger.valueOf(params.targetTimePerBlock())
            .multiply(BigInteger.valueOf(params.difficultySampleRate()))
            .multiply(BigInteger.valueOf(others));
    BigInteger scaled = average.multiply(unsigned(span == 0 ? 1 : span)).divide(expected);
    return CompactTarget.encode(scaled.min(MAX_TARGET));
  }

  /** Adds up the targets by exponent: the mantissas of blocks of one time mostly share it. */
  private BigInteger sumOfTargets(Window window, int except) {
    BigInteger sum = BigInteger.ZERO;
    long mantissas = 0;
    int exponent = 0;
    for (int i = 0; i < window.size(); i++) {
      if (i == except) {
        continue;
      }
      int bits = blocks.bits[window.id(i)];
      int e = bits >>> 24;
      if (e <= 3) {
        sum = sum.add(CompactTarget.target(bits));
        continue;
      }
      if (e != exponent) {
        sum = sum.add(BigInteger.valueOf(mantissas).shiftLeft(8 * Math.max(0, exponent - 3)));
        mantissas = 0;
        exponent = e;
      }
      int mantissa = bits & 0xFFFFFF;
      mantissas += mantissa > 0x7FFFFF ? 0 : mantissa; // a negative target counts as 0
    }
    return sum.add(BigInteger.valueOf(mantissas).shiftLeft(8 * Math.max(0, exponent - 3)));
  }

  private long pastMedianTime(Window window, int parent) {
    int n = window.size();
    if (n == 0) {
      return blocks.timestamp[parent];
    }
    if (!window.resultKnown()) {
      long[] times = new long[n];
      for (int i = 0; i < n; i++) {
        times[i] = blocks.timestamp[window.id(i)] ^ Long.MIN_VALUE; // sorts as unsigned
      }
      Arrays.sort(times);
      int frame = Math.min(n, MEDIAN_FRAME);
      int end = (n + frame + 1) / 2;
      BigInteger sum = BigInteger.valueOf(frame / 2);
      for (int i = end - frame; i < end; i++) {
        sum = sum.add(unsigned(times[i] ^ Long.MIN_VALUE));
      }
      window.setResult(sum.divide(BigInteger.valueOf(frame)).longValue());
    }
    return window.result();
  }

  private static BigInteger unsigned(long value) {
    BigInteger signed = BigInteger.valueOf(value);
    return value >= 0 ? signed : signed.add(BigInteger.ONE.shiftLeft(64));
  }
}
