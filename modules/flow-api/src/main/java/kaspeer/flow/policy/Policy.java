package kaspeer.flow.policy;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.policy.Sanction.Ban;
import kaspeer.flow.policy.Sanction.Demerit;
import kaspeer.flow.policy.Sanction.Disconnect;
import kaspeer.flow.policy.Sanction.Ignore;
import kaspeer.flow.policy.Sanction.Reject;

/**
 * What follows from a breach: a table by reason, immutable. Two presets: {@link #NETWORK}, what the
 * live network tolerates, and {@link #STRICT}, the bans of the protocol's original text (protocol
 * reference section 10).
 */
public final class Policy {
  /** How long a ban lasts unless a row says otherwise (protocol reference 7.1). */
  public static final Duration BAN_LENGTH = Duration.ofHours(24);

  /** Points at which a peer is banned. */
  public static final int BAN_LIMIT = 100;

  /** Time after which half of a peer's points are forgotten. */
  public static final Duration HALF_LIFE = Duration.ofMinutes(10);

  /**
   * What the live network tolerates. Nothing bans by itself; provably invalid transactions count
   * against a peer, and ten of them within a short time ban it.
   */
  public static final Policy NETWORK =
      new Policy("network", false, networkRows(), BAN_LIMIT, HALF_LIFE);

  /**
   * The protocol text's own bans: request of an unknown block or transaction, invalid transaction,
   * wrong pong nonce; and the verack only after the checks. It costs honest peers of today's
   * network, whose mempools forget transactions.
   */
  public static final Policy STRICT =
      new Policy("strict", true, strictRows(), BAN_LIMIT, HALF_LIFE);

  private final String name;
  private final boolean verackAfterChecks;
  private final Map<ViolationCode, Sanction> rows;
  private final int banLimit;
  private final Duration halfLife;

  private Policy(
      String name,
      boolean verackAfterChecks,
      Map<ViolationCode, Sanction> rows,
      int banLimit,
      Duration halfLife) {
    this.name = name;
    this.verackAfterChecks = verackAfterChecks;
    this.rows = Collections.unmodifiableMap(new EnumMap<>(rows));
    this.banLimit = banLimit;
    this.halfLife = halfLife;
  }

  private static Map<ViolationCode, Sanction> networkRows() {
    Map<ViolationCode, Sanction> rows = new EnumMap<>(ViolationCode.class);
    for (ViolationCode code : ViolationCode.values()) {
      rows.put(
          code,
          switch (code) {
            // No implementation sends it by mistake: not a word.
            case OVERSIZED_MESSAGE -> new Disconnect();
            // Ids vanish from mempools by the minute, and what is standard differs from node to
            // node.
            case REQUEST_OF_UNKNOWN_TRANSACTION, NON_STANDARD_TRANSACTION -> new Ignore();
            case INVALID_TRANSACTION -> new Demerit(10);
            // The live network closes without a word after some of these; a word helps whoever
            // looks for the fault.
            case MALFORMED_MESSAGE,
                UNKNOWN_MESSAGE,
                UNEXPECTED_MESSAGE,
                UNSOLICITED_ANSWER,
                WRONG_NETWORK,
                VERSION_TOO_OLD,
                LOOPBACK_CONNECTION,
                DUPLICATE_CONNECTION,
                INVALID_VERSION_MESSAGE,
                USER_AGENT_REFUSED,
                NO_ROOM,
                BANNED,
                HANDSHAKE_TIMEOUT,
                WRONG_PONG_NONCE,
                TOO_MANY_ADDRESSES,
                INVALID_BLOCK,
                INV_OF_INVALID_BLOCK,
                WRONG_BLOCK,
                HEADER_ONLY_BLOCK,
                REQUEST_OF_UNKNOWN_BLOCK,
                REQUEST_LIST_TOO_LONG,
                TOO_MANY_TRANSACTION_IDS,
                WRONG_TRANSACTION,
                INVALID_HEADER,
                BAD_LOCATOR,
                BAD_SYNC_ANSWER,
                BAD_SYNC_REQUEST,
                UNSUPPORTED_REQUEST,
                FINALITY_CONFLICT,
                UNRESPONSIVE,
                STALLED ->
                new Reject();
          });
    }
    return rows;
  }

  private static Map<ViolationCode, Sanction> strictRows() {
    Map<ViolationCode, Sanction> rows = networkRows();
    Ban ban = new Ban(BAN_LENGTH);
    rows.put(ViolationCode.REQUEST_OF_UNKNOWN_BLOCK, ban);
    rows.put(ViolationCode.REQUEST_OF_UNKNOWN_TRANSACTION, ban);
    rows.put(ViolationCode.INVALID_TRANSACTION, ban);
    rows.put(ViolationCode.WRONG_PONG_NONCE, ban);
    return rows;
  }

  /** The preset of this name: {@code network} or {@code strict}. */
  public static Optional<Policy> preset(String name) {
    return switch (name) {
      case "network" -> Optional.of(NETWORK);
      case "strict" -> Optional.of(STRICT);
      default -> Optional.empty();
    };
  }

  /** The preset it is, or began as. */
  public String name() {
    return name;
  }

  /**
   * Whether a version message is answered with a verack only if the peer is compatible, rather than
   * at once.
   */
  public boolean verackAfterChecks() {
    return verackAfterChecks;
  }

  /** Points at which a peer is banned. */
  public int banLimit() {
    return banLimit;
  }

  /** Time after which half of a peer's points are forgotten. */
  public Duration halfLife() {
    return halfLife;
  }

  /** The whole table. */
  public Map<ViolationCode, Sanction> rows() {
    return rows;
  }

  /** The row of a code. */
  public Sanction row(ViolationCode code) {
    Sanction row = rows.get(code);
    if (row == null) {
      throw new IllegalStateException("no row for " + code);
    }
    return row;
  }

  /**
   * This policy with another row for a code.
   *
   * @throws IllegalArgumentException if the code is fatal, and the sanction would let the peer stay
   */
  public Policy with(ViolationCode code, Sanction sanction) {
    if (code.isFatal() && !sanction.endsPeer()) {
      throw new IllegalArgumentException(
          "after " + code + " a peer cannot stay: disconnect, reject or ban it, not " + sanction);
    }
    Map<ViolationCode, Sanction> changed = new EnumMap<>(rows);
    changed.put(code, sanction);
    return new Policy(name, verackAfterChecks, changed, banLimit, halfLife);
  }

  /**
   * This policy with another limit for points.
   *
   * @param points at least 1
   * @param halfLife longer than 0
   */
  public Policy withScores(int points, Duration halfLife) {
    if (points < 1 || !halfLife.isPositive()) {
      throw new IllegalArgumentException(
          "the ban limit is at least 1 point and the half-life longer than 0");
    }
    return new Policy(name, verackAfterChecks, rows, points, halfLife);
  }

  /** What is left of a score after a time. */
  public double decayed(double score, Duration elapsed) {
    if (score == 0 || !elapsed.isPositive()) {
      return score;
    }
    return score * Math.pow(0.5, (double) elapsed.toMillis() / halfLife.toMillis());
  }

  /**
   * What follows for a peer from the end, or from a breach, of a flow. Our own faults, full queues
   * and broken links end the connection where they must and never do more; permanent peers are
   * never banned.
   */
  public Sanction decide(FlowOutcome outcome, Standing standing) {
    return switch (outcome) {
      case FlowOutcome.Completed _ -> new Ignore();
      case FlowOutcome.Violation(var code, var _) -> decide(row(code), standing);
      case FlowOutcome.Unresponsive _ -> decide(row(ViolationCode.UNRESPONSIVE), standing);
      case FlowOutcome.Overflowed _,
          FlowOutcome.Refused _,
          FlowOutcome.LocalFault _,
          FlowOutcome.LinkLost _ ->
          new Disconnect();
    };
  }

  private Sanction decide(Sanction row, Standing standing) {
    return switch (row) {
      case Demerit(int points)
          when !standing.permanent() && standing.score() + points >= banLimit ->
          new Ban(BAN_LENGTH);
      case Ban _ when standing.permanent() -> new Reject();
      case Ignore _, Demerit _, Disconnect _, Reject _, Ban _ -> row;
    };
  }

  @Override
  public String toString() {
    return "Policy[" + name + "]";
  }
}
