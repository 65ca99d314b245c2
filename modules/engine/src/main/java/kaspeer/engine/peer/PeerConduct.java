package kaspeer.engine.peer;

import java.util.Optional;
import kaspeer.engine.sanctions.SanctionsActor;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.policy.Policy;
import kaspeer.flow.policy.RejectText;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.Standing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides by the policy what follows for a peer from an outcome: counts it, logs it, tells the
 * sanctions actor.
 */
final class PeerConduct {
  private static final Logger LOG = LoggerFactory.getLogger(PeerConduct.class);

  /**
   * How a connection is ended.
   *
   * @param reason typed, stable
   * @param sanction name of what follows
   * @param rejectText what the peer is told; empty if nothing
   */
  record End(String reason, String detail, String sanction, Optional<String> rejectText) {
    /** An end that is not the peer's doing. */
    static End dismissal(String reason, String detail) {
      return new End(reason, detail, new Sanction.Disconnect().word(), Optional.empty());
    }
  }

  private final PeerEnvironment environment;

  PeerConduct(PeerEnvironment environment) {
    this.environment = environment;
  }

  /** What follows. Empty if the peer stays. @param flow where it came about */
  Optional<End> judge(PeerInfo peer, String flow, FlowOutcome outcome) {
    Policy policy = environment.policy().get();
    Sanction sanction = policy.decide(outcome, new Standing(peer.permanent(), score(peer)));
    environment.metrics().outcome(flow, outcome);
    String reason = outcome.typedReason();
    String detail = outcome.detail();
    if (!(sanction instanceof Sanction.Ignore)) {
      environment
          .sanctions()
          .tell(
              new SanctionsActor.Judged(
                  peer, sanction, reason, isProvable(outcome), flow + ": " + detail));
    }
    if (!sanction.endsPeer()) {
      LOG.debug("{} of {}: {} {}, {}", flow, peer.address(), reason, detail, sanction);
      return Optional.empty();
    }
    environment.lines().ending(peer, flow, outcome);
    boolean told = sanction instanceof Sanction.Reject || sanction instanceof Sanction.Ban;
    return Optional.of(
        new End(
            reason,
            detail,
            sanction.word(),
            told ? Optional.of(RejectText.of(outcome)) : Optional.empty()));
  }

  /** Whether the peer is to blame, however slow, cut off or mistaken we are. */
  private static boolean isProvable(FlowOutcome outcome) {
    return outcome instanceof FlowOutcome.Violation violation && violation.code().isProvable();
  }

  /** Points against a peer's host now. */
  double score(PeerInfo peer) {
    return environment
        .scores()
        .of(peer.address().getAddress(), environment.policy().get(), environment.clock().instant());
  }
}
