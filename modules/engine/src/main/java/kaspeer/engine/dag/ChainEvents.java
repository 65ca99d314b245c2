package kaspeer.engine.dag;

import java.util.Optional;
import kaspeer.consensus.DagEvent;
import kaspeer.flow.dag.AcceptedBlock;

/** What the consensus tells of the selected chain, for those who may not import it. */
final class ChainEvents {
  private ChainEvents() {}

  /** The event in the form that subscribers hear; empty if it is not about the chain. */
  static Optional<kaspeer.flow.dag.DagEvent> convert(DagEvent event) {
    return switch (event) {
      case DagEvent.ChainChanged(var removed, var added) ->
          Optional.of(
              new kaspeer.flow.dag.DagEvent.ChainChanged(
                  removed, added.stream().map(ChainEvents::convert).toList()));
      case DagEvent.BlockDisqualified(var hash, var rule, var detail) ->
          Optional.of(new kaspeer.flow.dag.DagEvent.BlockDisqualified(hash, rule.name(), detail));
      case DagEvent.ChainStopped(var hash, var detail) ->
          Optional.of(new kaspeer.flow.dag.DagEvent.ChainStopped(hash, detail));
      case DagEvent.FinalityViolated(var hash) ->
          Optional.of(new kaspeer.flow.dag.DagEvent.FinalityViolated(hash));
      // The DAG's actor tells of the others itself, as verdicts come, or when a commit is over.
      case DagEvent.BlockAdded _,
          DagEvent.HeadersAdded _,
          DagEvent.BlockInvalidated _,
          DagEvent.SinkChanged _,
          DagEvent.StateChanged _,
          DagEvent.Failed _ ->
          Optional.empty();
    };
  }

  static AcceptedBlock convert(kaspeer.consensus.AcceptedBlock block) {
    return new AcceptedBlock(
        block.hash(),
        block.merged().stream()
            .map(merged -> new AcceptedBlock.Merged(merged.block(), merged.transactions()))
            .toList());
  }
}
