package kaspeer.consensus;

import java.util.List;
import java.util.Optional;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;

/** What became of a header, a body or a block that was handed in. */
public sealed interface Verdict {
  /** The block it is about. */
  Hash hash();

  /** It passed and is stored: a kill from here on does not lose it. */
  record Accepted(Hash hash, BlockStatus status) implements Verdict {}

  /** It was here already, at this or a higher status. */
  record Known(Hash hash, BlockStatus status) implements Verdict {}

  /**
   * Some direct parents are unknown, or (for a body) have no body. Nothing was stored; it may come
   * again.
   *
   * @param badBody what is wrong with the body that came with an unknown header, whatever its
   *     parents turn out to be; they are looked at first, as kaspad does, but such a block is not
   *     worth keeping until they come
   */
  record MissingParents(Hash hash, List<Hash> parents, Optional<Invalid> badBody)
      implements Verdict {
    public MissingParents {
      parents = List.copyOf(parents);
    }

    MissingParents(Hash hash, List<Hash> parents) {
      this(hash, parents, Optional.empty());
    }
  }

  /** It broke a rule. */
  record Invalid(Hash hash, Rule rule, String detail) implements Verdict {}

  /** Too much is in flight. Nothing was looked at; it may come again when some verdicts are out. */
  record Busy(Hash hash) implements Verdict {}

  /** Whether the block is here now, whoever brought it. */
  default boolean isHere() {
    return this instanceof Accepted || this instanceof Known;
  }
}
