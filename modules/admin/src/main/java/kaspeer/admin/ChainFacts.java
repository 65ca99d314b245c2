package kaspeer.admin;

import java.util.List;
import java.util.Optional;
import kaspeer.primitives.Hash;

/**
 * What there is to say of the selected chain beyond where it is.
 *
 * @param stop where it ends, if it cannot go on
 * @param violatingFinality tips that have more work than the sink and are not followed, because
 *     that would undo what is final
 */
public record ChainFacts(Optional<ChainStop> stop, List<Hash> violatingFinality) {
  /** A chain of which there is nothing to say. */
  public static final ChainFacts NONE = new ChainFacts(Optional.empty(), List.of());

  public ChainFacts {
    violatingFinality = List.copyOf(violatingFinality);
  }
}
