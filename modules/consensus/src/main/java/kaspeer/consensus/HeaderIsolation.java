package kaspeer.consensus;

import java.time.InstantSource;
import kaspeer.crypto.ProofOfWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Params;

/**
 * The rules of headers that need nothing but the header and the clock (consensus reference 3.1,
 * step 1).
 */
final class HeaderIsolation {
  private final Params params;
  private final InstantSource clock;

  HeaderIsolation(Params params, InstantSource clock) {
    this.params = params;
    this.clock = clock;
  }

  /**
   * Checks a header; answers its block level.
   *
   * @throws RuleException for the first rule broken
   */
  int check(Header header) throws RuleException {
    if (header.version() != HeaderTemplate.VERSION) {
      throw new RuleException(
          Rule.WRONG_BLOCK_VERSION,
          "version " + header.version() + " instead of " + HeaderTemplate.VERSION);
    }
    long latest = clock.millis() + params.timestampTolerance();
    if (Long.compareUnsigned(header.timestamp(), latest) > 0) {
      throw new RuleException(
          Rule.TIME_TOO_FAR_INTO_THE_FUTURE,
          "timestamp "
              + Long.toUnsignedString(header.timestamp())
              + ", at most "
              + latest
              + " now");
    }
    int parents = header.directParents().size();
    if (parents == 0) {
      throw new RuleException(Rule.NO_PARENTS, "no direct parents");
    }
    if (parents > params.maxBlockParents()) {
      throw new RuleException(
          Rule.TOO_MANY_PARENTS, parents + " direct parents, at most " + params.maxBlockParents());
    }
    if (header.directParents().contains(Hash.ORIGIN)) {
      throw new RuleException(Rule.ORIGIN_PARENT, "a parent is the origin, which is no block");
    }
    ProofOfWork.Result work = ProofOfWork.of(header);
    if (!params.skipProofOfWork() && !work.passes(header.bits())) {
      throw new RuleException(
          Rule.INVALID_POW,
          "proof of work %064x does not meet bits 0x%08x".formatted(work.value(), header.bits()));
    }
    return work.level(params.maxBlockLevel());
  }
}
