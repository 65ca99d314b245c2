package kaspeer.flows.sync;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import kaspeer.flow.FlowContext;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.Breach;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.IbdChainBlockLocatorMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.RequestIbdChainBlockLocatorMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The negotiation with one peer: runs a {@link Negotiation}, then decides whether this node can
 * sync from the peer (protocol reference 6.3). From a peer that shares a block with us and has not
 * pruned what we lack it can; the kinds of sync that start from another's pruning point are
 * refused, without blame.
 */
final class ChainSearch {
  private static final Logger LOG = LoggerFactory.getLogger(ChainSearch.class);

  /** Restarts after which an operator may want to know. */
  private static final int NOTABLE_RESTARTS = 10;

  private final FlowContext flow;
  private final DagLine dag;
  private final long lease;
  private final AnswerWait wait;
  private final Negotiation negotiation = new Negotiation();
  private List<Hash> looked = List.of();
  private int question;
  private Negotiation.Step.@Nullable Found found;
  private boolean ancestryAsked;
  private boolean done;

  ChainSearch(FlowContext flow, DagLine dag, long lease) {
    this.flow = flow;
    this.dag = dag;
    this.lease = lease;
    this.wait = new AnswerWait(flow);
  }

  AnswerWait waiting() {
    return wait;
  }

  boolean isDone() {
    return done;
  }

  void begin() throws Breach {
    follow(negotiation.begin());
  }

  void onLocator(IbdChainBlockLocatorMessage locator) throws Breach, ConversionException {
    wait.end();
    flow.settle(question);
    follow(negotiation.onLocator(Hashes.fromWire(locator.getBlockLocatorHashesList())));
  }

  /** The answer that was due came, and is of no use any more. */
  void giveUp() {
    wait.end();
    flow.settle(question);
    done = true;
  }

  private void follow(Negotiation.Step step) throws Breach {
    switch (step) {
      case Negotiation.Step.Request request -> ask(request);
      case Negotiation.Step.LookUp(var hashes) -> lookUp(hashes);
      case Negotiation.Step.Found result -> decide(result);
      case Negotiation.Step.Fault(var detail) ->
          throw new Breach(ViolationCode.BAD_LOCATOR, detail);
    }
  }

  private void ask(Negotiation.Step.Request request) {
    if (negotiation.restarts() == NOTABLE_RESTARTS) {
      LOG.warn(
          "The chain of peer {} changed {} times while it was negotiated",
          flow.peer().number(),
          NOTABLE_RESTARTS);
    }
    RequestIbdChainBlockLocatorMessage.Builder message =
        RequestIbdChainBlockLocatorMessage.newBuilder();
    request.low().ifPresent(low -> message.setLowHash(Hashes.toWire(low)));
    request.high().ifPresent(high -> message.setHighHash(Hashes.toWire(high)));
    question =
        flow.ask(
            KaspadMessage.newBuilder().setRequestIbdChainBlockLocator(message),
            Set.of(PayloadCase.IBD_CHAIN_BLOCK_LOCATOR),
            false);
    wait.begin(
        PayloadCase.IBD_CHAIN_BLOCK_LOCATOR,
        request.hurried() ? IbdFlow.ZOOM_TIMEOUT : flow.settings().answerTimeout());
  }

  private void lookUp(List<Hash> hashes) {
    looked = hashes;
    dag.lookUp(hashes);
  }

  /** What is known of blocks. Ignored unless it is what was asked. */
  void onStatuses(Dag.Statuses statuses) throws Breach {
    if (!statuses.hashes().equals(looked)) {
      return;
    }
    looked = List.of();
    if (found == null) {
      follow(negotiation.onStatuses(statuses.statuses()));
    } else {
      onPruningPoint(found, statuses.statuses().getFirst());
    }
  }

  private void decide(Negotiation.Step.Found result) {
    found = result;
    if (result.known().isEmpty()) {
      refuse(
          Sync.Refusal.NEEDS_PRUNING_POINT_PROOF,
          "it shares no block with us above its pruning point " + result.pruningPoint());
    } else {
      lookUp(List.of(result.pruningPoint()));
    }
  }

  private void onPruningPoint(Negotiation.Step.Found result, BlockStatus status) throws Breach {
    Optional<Hash> known = result.known();
    switch (status) {
      // It lies below a block whose whole past is known here.
      case UNKNOWN, INVALID ->
          throw new Breach(
              ViolationCode.BAD_LOCATOR,
              "pruning point " + result.pruningPoint() + " is " + status + " below " + known);
      case HEADER_ONLY ->
          refuse(
              Sync.Refusal.NEEDS_PRUNING_CATCH_UP,
              "its pruning point " + result.pruningPoint() + " is above the bodies that are here");
      case BODY, UTXO_VALID, DISQUALIFIED_FROM_CHAIN -> {
        ancestryAsked = true;
        dag.isAncestor(flow.dagSnapshot().pruningPoint(), known.orElseThrow());
      }
    }
  }

  /**
   * Whether our own pruning point is in the past of the block found. Ignored unless that was asked.
   */
  void onAncestry(boolean isAncestor) throws Breach {
    Negotiation.Step.Found result = found;
    if (result == null || !ancestryAsked || done) {
      return;
    }
    Hash known = result.known().orElseThrow();
    if (isAncestor) {
      done = true;
      flow.sync().tell(new Sync.Negotiated(flow.peer().number(), lease, result.sink(), known));
    } else {
      throw new Breach(
          ViolationCode.FINALITY_CONFLICT,
          "its chain leaves ours at "
              + known
              + ", below our pruning point "
              + flow.dagSnapshot().pruningPoint());
    }
  }

  private void refuse(Sync.Refusal refusal, String detail) {
    done = true;
    flow.sync().tell(new Sync.Unsuitable(flow.peer().number(), lease, refusal, detail));
  }
}
