package kaspeer.engine.dag;

import java.util.Optional;
import kaspeer.consensus.ConsensusEvent;
import kaspeer.flow.dag.AcceptedBlock;

/** What the consensus tells of the selected chain, for those who may not import it. */
final class ChainEvents {
  private ChainEvents() {}

  /** The event in the form that subscribers hear; empty if it is not about the chain. */
  static Optional<kaspeer.flow.dag.DagEvent> convert(ConsensusEvent event) {
    return switch (event) {
      case ConsensusEvent.ChainChanged(var removed, var added) ->
          Optional.of(
              new kaspeer.flow.dag.DagEvent.ChainChanged(
                  removed, added.stream().map(ChainEvents::convert).toList()));
      case ConsensusEvent.BlockDisqualified(var hash, var rule, var detail) ->
          Optional.of(new kaspeer.flow.dag.DagEvent.BlockDisqualified(hash, rule.name(), detail));
      case ConsensusEvent.ChainStopped(var hash, var detail) ->
          Optional.of(new kaspeer.flow.dag.DagEvent.ChainStopped(hash, detail));
      case ConsensusEvent.FinalityViolated(var hash) ->
          Optional.of(new kaspeer.flow.dag.DagEvent.FinalityViolated(hash));
      // The DAG's actor tells of the others itself, as verdicts come, or when a commit is over.
      case ConsensusEvent.BlockAdded _,
          ConsensusEvent.HeadersAdded _,
          ConsensusEvent.BlockInvalidated _,
          ConsensusEvent.SinkChanged _,
          ConsensusEvent.StateChanged _,
          ConsensusEvent.Failed _ ->
          Optional.empty();
    };
  }

  static AcceptedBlock convert(kaspeer.consensus.BlockAcceptance block) {
    return new AcceptedBlock(
        block.hash(),
        block.merged().stream()
            .map(merged -> new AcceptedBlock.Merged(merged.block(), merged.transactions()))
            .toList());
  }
}
