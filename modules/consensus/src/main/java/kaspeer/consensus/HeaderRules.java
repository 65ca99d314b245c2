package kaspeer.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import kaspeer.consensus.dag.Blocks;
import kaspeer.consensus.dag.Calculator;
import kaspeer.consensus.dag.Dag;
import kaspeer.consensus.dag.NextBlock;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.CompactTarget;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;

/**
 * The rules of headers that depend on the DAG (consensus reference 3.1, steps 2 to 5), in their
 * order.
 */
final class HeaderRules {
  /** With a target of so few bits the work of a block, 2^256 / (target + 1), has over 192 bits. */
  private static final int TOO_MUCH_WORK_TARGET_BITS = 64;

  private final Dag dag;
  private final Calculator calculator;
  private final InvalidHashes invalid;
  private final PipelineMetrics metrics;
  private final IntSupplier pruningPoint;
  private int[] parents = new int[16];

  /**
   * @param pruningPoint the block in whose future every new block has to be; genesis in a node that
   *     has pruned nothing
   */
  HeaderRules(
      Dag dag,
      Calculator calculator,
      InvalidHashes invalid,
      PipelineMetrics metrics,
      IntSupplier pruningPoint) {
    this.dag = dag;
    this.calculator = calculator;
    this.invalid = invalid;
    this.metrics = metrics;
    this.pruningPoint = pruningPoint;
  }

  /**
   * Checks a header, and leaves all that was computed for it in the calculator.
   *
   * @return direct parents that are unknown; if there are any, nothing further was checked
   * @throws RuleException for the first rule broken
   */
  List<Hash> check(Header header) throws RuleException {
    long start = System.nanoTime();
    List<Hash> missing = findParents(header);
    if (!missing.isEmpty()) {
      return missing;
    }
    int length = header.directParents().size();
    checkRelations(length);
    calculator.ghostdag(parents, length);
    NextBlock next = calculator.next();
    checkPruning(length);
    if (next.mergesetBeyondBound()) {
      throw new RuleException(
          Rule.MERGE_SET_BEYOND_BOUND,
          "mergeset beyond any bound, at most " + dag.params().mergesetSizeLimit());
    }
    long ghostdagDone = metrics.ghostdag(start);
    calculator.windows();
    long windowsDone = metrics.windows(ghostdagDone);
    checkFields(header, next);
    checkWorkFits(header, next);
    calculator.depths();
    checkMergeDepth();
    calculator.levels();
    if (!calculator.levelsMatch(header.parents())) {
      throw new RuleException(
          Rule.UNEXPECTED_INDIRECT_PARENTS, "parents by level differ from those of the DAG");
    }
    metrics.levels(windowsDone);
    return missing;
  }

  /** Looks the direct parents up; answers those that are unknown. */
  private List<Hash> findParents(Header header) throws RuleException {
    List<Hash> direct = header.directParents();
    List<Hash> missing = List.of();
    if (direct.size() > parents.length) {
      parents = new int[2 * direct.size()];
    }
    for (int i = 0; i < direct.size(); i++) {
      Hash hash = direct.get(i);
      int id = dag.find(hash);
      if (id == Blocks.NONE
          ? invalid.contains(hash)
          : dag.blocks().status(id) == BlockStatus.INVALID) {
        throw new RuleException(Rule.INVALID_PARENT, "parent " + hash + " is invalid");
      }
      if (id == Blocks.NONE) {
        missing = missing.isEmpty() ? new ArrayList<>() : missing;
        missing.add(hash);
      }
      parents[i] = id;
    }
    return missing;
  }

  /**
   * No parent may be in the past of another one. One named twice is left to the rule on indirect
   * parents.
   */
  private void checkRelations(int length) throws RuleException {
    for (int i = 0; i < length; i++) {
      for (int j = 0; j < length; j++) {
        if (parents[i] < parents[j] && dag.reachability().isDagAncestor(parents[i], parents[j])) {
          throw new RuleException(
              Rule.INVALID_PARENTS_RELATION,
              "parent %s is in the past of parent %s"
                  .formatted(dag.blocks().hash(parents[i]), dag.blocks().hash(parents[j])));
        }
      }
    }
  }

  private void checkPruning(int length) throws RuleException {
    int point = pruningPoint.getAsInt();
    for (int i = 0; i < length; i++) {
      if (dag.reachability().isDagAncestor(point, parents[i])) {
        return;
      }
    }
    throw new RuleException(
        Rule.PRUNING_VIOLATION, "no parent is in the future of the pruning point");
  }

  private void checkFields(Header header, NextBlock next) throws RuleException {
    if (header.daaScore() != next.daaScore()) {
      throw differs(
          Rule.UNEXPECTED_HEADER_DAA_SCORE, "DAA score", header.daaScore(), next.daaScore());
    }
    if (header.bits() != next.bits()) {
      throw new RuleException(
          Rule.UNEXPECTED_DIFFICULTY,
          "bits 0x%08x instead of 0x%08x".formatted(header.bits(), next.bits()));
    }
    if (header.blueScore() != next.blueScore()) {
      throw differs(
          Rule.UNEXPECTED_HEADER_BLUE_SCORE, "blue score", header.blueScore(), next.blueScore());
    }
    if (!header.blueWork().equals(next.blueWork())) {
      throw new RuleException(
          Rule.UNEXPECTED_HEADER_BLUE_WORK,
          "blue work " + header.blueWork() + " instead of " + next.blueWork());
    }
    if (Long.compareUnsigned(header.timestamp(), next.pastMedianTime()) <= 0) {
      throw new RuleException(
          Rule.TIME_TOO_OLD,
          "timestamp %s, must exceed %s"
              .formatted(
                  Long.toUnsignedString(header.timestamp()),
                  Long.toUnsignedString(next.pastMedianTime())));
    }
    if (next.mergesetSize() > dag.params().mergesetSizeLimit()) {
      throw new RuleException(
          Rule.MERGE_SET_TOO_BIG,
          "mergeset of "
              + next.mergesetSize()
              + " blocks, at most "
              + dag.params().mergesetSizeLimit());
    }
  }

  /**
   * Blue work has 192 bits. The reference implementation has no rule for what goes beyond, and
   * cannot go on from there: it ends at the child of a block whose own work has more, and a sum
   * that has more starts again at zero, or ends it too, by how it was built. So this refuses both,
   * without remembering it. A header gets here only where proof of work is skipped.
   */
  private static void checkWorkFits(Header header, NextBlock next) throws RuleException {
    if (next.blueWorkBeyondBound()
        || CompactTarget.target(header.bits()).bitLength() <= TOO_MUCH_WORK_TARGET_BITS) {
      throw new RuleException(
          Rule.WORK_BEYOND_BOUND,
          "with bits 0x%08x the blue work has more than 192 bits".formatted(header.bits()));
    }
  }

  private void checkMergeDepth() throws RuleException {
    int violation = calculator.boundedMergeViolation();
    if (violation != Blocks.NONE) {
      throw new RuleException(
          Rule.VIOLATING_BOUNDED_MERGE_DEPTH,
          "red block %s is below merge root %s"
              .formatted(
                  dag.blocks().hash(violation), dag.blocks().hash(calculator.next().mergeRoot())));
    }
  }

  private static RuleException differs(Rule rule, String field, long stated, long expected) {
    return new RuleException(
        rule,
        "%s %s instead of %s"
            .formatted(field, Long.toUnsignedString(stated), Long.toUnsignedString(expected)));
  }
}
