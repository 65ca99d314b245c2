package kaspeer.flows.sync;

import java.util.List;
import java.util.Optional;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/**
 * Finds the highest block of a peer's selected chain that is known here, by zooming into its chain
 * locator (protocol reference 6.2). A state machine without clock or messages: each call says what
 * to do next.
 */
final class Negotiation {
  /** Entries of a chain locator; they are logarithmic in the length of the chain. */
  static final int MAX_LOCATOR = 64;

  /** How often the peer's chain may change under our hands before we give up. */
  static final int MAX_RESTARTS = 32;

  /** What to do next. */
  sealed interface Step {
    /**
     * Ask for the locator between two blocks of the peer's chain, or (with neither) for all of it.
     *
     * @param hurried whether the short timeout applies: all but the first request
     */
    record Request(Optional<Hash> low, Optional<Hash> high, boolean hurried) implements Step {}

    /** Look up what is known of these, and say so to {@link Negotiation#onStatuses}. */
    record LookUp(List<Hash> hashes) implements Step {}

    /**
     * The end.
     *
     * @param sink first entry of the full locator
     * @param pruningPoint its last entry
     * @param known highest block known here, if there is any
     */
    record Found(Hash sink, Hash pruningPoint, Optional<Hash> known) implements Step {}

    /** The peer's answers contradict the protocol. */
    record Fault(String detail) implements Step {}
  }

  private List<Hash> locator = List.of();
  private @Nullable Hash sink;
  private @Nullable Hash pruningPoint;
  private @Nullable Hash low;
  private @Nullable Hash high;
  private int initialLength;
  private int zooms;
  private int restarts;

  /** The first step. */
  Step begin() {
    return new Step.Request(Optional.empty(), Optional.empty(), false);
  }

  /** How often the peer's chain changed meanwhile. */
  int restarts() {
    return restarts;
  }

  /** The peer answered the last request. */
  Step onLocator(List<Hash> hashes) {
    if (hashes.size() > MAX_LOCATOR) {
      return new Step.Fault("chain locator of " + hashes.size() + " entries");
    }
    if (low == null || high == null) {
      return onFullLocator(hashes);
    }
    return hashes.isEmpty() ? restart() : onZoomed(hashes, low, high);
  }

  private Step onFullLocator(List<Hash> hashes) {
    if (hashes.isEmpty()) {
      return new Step.Fault("empty chain locator where all of the chain was asked for");
    }
    sink = hashes.getFirst();
    pruningPoint = hashes.getLast();
    initialLength = hashes.size();
    return lookUp(hashes);
  }

  private Step onZoomed(List<Hash> hashes, Hash expectedLast, Hash expectedFirst) {
    if (!hashes.getFirst().equals(expectedFirst) || !hashes.getLast().equals(expectedLast)) {
      return new Step.Fault("chain locator does not end in the blocks asked for");
    }
    zooms++;
    if (hashes.size() == 2) {
      return found(Optional.of(expectedLast));
    }
    if (zooms > 2 * initialLength) {
      return new Step.Fault(
          "chain locator does not get finer: "
              + zooms
              + " zooms, at first "
              + initialLength
              + " entries");
    }
    return lookUp(hashes);
  }

  /**
   * An empty answer says that the peer's chain has changed: one of the two blocks is no longer on
   * it.
   */
  private Step restart() {
    zooms = 0;
    restarts++;
    if (restarts > MAX_RESTARTS) {
      return new Step.Fault("the chain changed " + restarts + " times while it was negotiated");
    }
    low = null;
    high = null;
    return new Step.Request(Optional.empty(), Optional.empty(), true);
  }

  private Step lookUp(List<Hash> hashes) {
    locator = hashes;
    return new Step.LookUp(hashes);
  }

  /** What is known of the blocks of the last {@link Step.LookUp}, in their order. */
  Step onStatuses(List<BlockStatus> statuses) {
    Hash lowestUnknown = null;
    Hash highestKnown = null;
    for (int i = 0; i < locator.size() && highestKnown == null; i++) {
      switch (statuses.get(i)) {
        case UNKNOWN -> lowestUnknown = locator.get(i);
        case INVALID -> {
          return new Step.Fault("block " + locator.get(i) + " of the chain is invalid");
        }
        case HEADER_ONLY, BODY, UTXO_VALID, DISQUALIFIED_FROM_CHAIN ->
            highestKnown = locator.get(i);
      }
    }
    if (highestKnown == null || lowestUnknown == null || locator.size() == 1) {
      return found(Optional.ofNullable(highestKnown));
    }
    low = highestKnown;
    high = lowestUnknown;
    return new Step.Request(Optional.of(highestKnown), Optional.of(lowestUnknown), true);
  }

  private Step found(Optional<Hash> known) {
    if (sink == null || pruningPoint == null) {
      throw new IllegalStateException("no locator was received");
    }
    return new Step.Found(sink, pruningPoint, known);
  }
}
