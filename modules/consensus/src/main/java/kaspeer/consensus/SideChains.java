package kaspeer.consensus;

import java.util.ArrayList;
import java.util.List;
import kaspeer.consensus.dag.Calculator;
import kaspeer.consensus.dag.Dag;
import kaspeer.consensus.utxo.NextState;
import kaspeer.consensus.utxo.UtxoChain;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;

/**
 * What tests and tools ask of blocks beside the selected chain. It moves the UTXO state there; the
 * next commit brings it back. The committer's.
 */
final class SideChains {
  private final Dag dag;
  private final Calculator calculator;
  private final UtxoChain chain;
  private final StatePublisher publisher;
  private final BlockTemplates templates;

  SideChains(
      Dag dag,
      Calculator calculator,
      UtxoChain chain,
      StatePublisher publisher,
      BlockTemplates templates) {
    this.dag = dag;
    this.calculator = calculator;
    this.chain = chain;
    this.publisher = publisher;
    this.templates = templates;
  }

  /** Checks whether blocks qualify for the selected chain; answers their statuses then. */
  List<BlockStatus> qualify(List<Hash> hashes) {
    int[] ids = new int[hashes.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = dag.find(hashes.get(i));
      if (ids[i] < 0 || !dag.blocks().status(ids[i]).hasBody()) {
        throw new IllegalArgumentException("block " + hashes.get(i) + " has no body here");
      }
    }
    List<BlockStatus> statuses = new ArrayList<>(ids.length);
    for (int id : ids) {
      if (dag.blocks().status(id) == BlockStatus.BODY) {
        publisher.utxoStateMoved();
        chain.moveTo(id);
      }
      statuses.add(dag.blocks().status(id));
    }
    return statuses;
  }

  /** A template on any parents. */
  BlockTemplate template(List<Hash> parents, BlockTemplates.Order order) {
    HeaderTemplate header = new HeaderTemplates(dag, calculator).build(parents);
    for (Hash parent : parents) {
      if (!dag.blocks().status(dag.find(parent)).hasBody()) {
        throw new IllegalArgumentException("parent " + parent + " has no body here");
      }
    }
    publisher.utxoStateMoved();
    int selectedParent = dag.find(header.selectedParent());
    if (!chain.moveTo(selectedParent)) {
      throw new IllegalArgumentException(
          "selected parent " + header.selectedParent() + " does not qualify");
    }
    NextState next = chain.next(calculator.merge());
    if (next == null) {
      throw new IllegalArgumentException("these parents cannot be merged here");
    }
    return templates.make(
        header, BlockTemplates.Draft.of(order, parents, next, next.view(chain.view())));
  }
}
