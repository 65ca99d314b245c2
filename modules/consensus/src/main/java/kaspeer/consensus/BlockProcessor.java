package kaspeer.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import kaspeer.consensus.Submission.Item;
import kaspeer.consensus.dag.Blocks;
import kaspeer.consensus.dag.Calculator;
import kaspeer.consensus.dag.Dag;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Decides about headers and bodies in their order, and enters those that pass into memory. What has
 * to be stored for it piles up as changes until {@link #flush}. The committer's; not for several
 * threads.
 */
final class BlockProcessor {
  /** Memory and store have parted: after this nothing can be accepted any more. */
  static final class BrokenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Throwable reason;

    BrokenException(Throwable reason) {
      super("the DAG in memory is ahead of what is stored", reason);
      this.reason = reason;
    }

    Throwable reason() {
      return reason;
    }
  }

  private final DagMemory memory;
  private final DagStore store;
  private final Dag dag;
  private final Calculator calculator;
  private final HeaderRules headerRules;
  private final StatelessChecks stateless;
  private final BodyValidator bodies;
  private final StatePublisher publisher;
  private final @Nullable UtxoState utxos;
  private final PipelineMetrics metrics;
  private final int maxStoredInvalid;

  private int storedInvalid;
  private final List<DagStore.Change> changes = new ArrayList<>();
  private long changeBytes;
  private final List<ConsensusEvent> events = new ArrayList<>();

  /** Headers that came without a body. */
  private int newHeaders;

  /**
   * @param utxos null without UTXO validation
   */
  BlockProcessor(
      DagMemory memory,
      DagStore store,
      Calculator calculator,
      StatelessChecks stateless,
      BodyValidator bodies,
      StatePublisher publisher,
      @Nullable UtxoState utxos,
      ConsensusOptions options,
      PipelineMetrics metrics) {
    this.memory = memory;
    this.store = store;
    this.dag = memory.dag();
    this.calculator = calculator;
    this.headerRules =
        new HeaderRules(dag, calculator, memory.invalid(), metrics, publisher::pruningPoint);
    this.stateless = stateless;
    this.bodies = bodies;
    this.publisher = publisher;
    this.utxos = utxos;
    this.metrics = metrics;
    if (utxos != null) {
      UtxoState state = utxos;
      utxos.chain().setCheckpoint(() -> checkpoint(state));
    }
    this.maxStoredInvalid = options.maxRememberedInvalid();
    this.storedInvalid = memory.invalid().size();
  }

  /** Decides about one item, whose stateless checks are done. */
  Verdict decide(Item item) {
    Header header = item.header;
    if (header == null) {
      return decideBody(item, Objects.requireNonNull(item.body));
    }
    Verdict verdict = decideHeader(item, header);
    if (item.body == null || !verdict.isHere()) {
      return verdict;
    }
    Verdict whole = decideBody(item, item.body);
    if (verdict instanceof Verdict.Accepted && whole instanceof Verdict.Accepted) {
      newHeaders--; // it came with its body
    }
    return whole;
  }

  private Verdict decideHeader(Item item, Header header) {
    Hash hash = item.hash;
    BlockStatus status = memory.statusNow(hash);
    if (status == BlockStatus.INVALID) {
      return knownInvalid(hash);
    }
    if (status != BlockStatus.UNKNOWN) {
      return new Verdict.Known(hash, status);
    }
    if (!item.headerChecked) { // it was known when the worker looked, and was forgotten since
      stateless.checkHeader(item, header);
    }
    try {
      if (item.headerFailure != null) {
        throw item.headerFailure;
      }
      List<Hash> missing = headerRules.check(header);
      if (!missing.isEmpty()) {
        return new Verdict.MissingParents(hash, missing, badBody(item));
      }
    } catch (RuleException broken) {
      return refuse(hash, Blocks.NONE, broken);
    }
    insert(header, item.level);
    return new Verdict.Accepted(hash, BlockStatus.HEADER_ONLY);
  }

  private static Optional<Verdict.Invalid> badBody(Item item) {
    return Optional.ofNullable(item.bodyFailure)
        .map(broken -> new Verdict.Invalid(item.hash, broken.rule(), broken.detail()));
  }

  private void insert(Header header, int level) {
    long start = System.nanoTime();
    memory.keepUntilStored(header);
    try {
      Dag.Appended appended = memory.change(() -> dag.append(calculator, header, level));
      change(
          new DagStore.Change.HeaderAdded(appended.id(), header, appended.dagData()),
          Submission.bytesOf(header));
    } catch (RuntimeException failure) {
      throw new BrokenException(failure);
    }
    newHeaders++;
    metrics.insertion(start);
  }

  private Verdict decideBody(Item item, List<Transaction> body) {
    Hash hash = item.hash;
    BlockStatus status = memory.statusNow(hash);
    if (status == BlockStatus.INVALID) {
      return knownInvalid(hash);
    }
    if (status.hasBody()) {
      return new Verdict.Known(hash, status);
    }
    int id = dag.find(hash);
    if (id == Blocks.NONE) {
      return new Verdict.MissingParents(hash, List.of(hash));
    }
    Header header =
        item.knownHeader != null ? item.knownHeader : Objects.requireNonNull(memory.header(hash));
    if (!item.bodyChecked) { // its header came after the worker had looked
      stateless.checkBody(item, header, body);
    }
    long start = System.nanoTime();
    int[] parents = dag.blocks().parents(id);
    try {
      if (item.bodyFailure != null) {
        throw item.bodyFailure;
      }
      List<Hash> missing = parentsWithoutBody(parents);
      if (!missing.isEmpty()) {
        return new Verdict.MissingParents(hash, missing);
      }
      bodies.validateInContext(header, body, dag.blocks().pastMedianTime(id));
    } catch (RuleException broken) {
      return refuse(hash, id, broken);
    }
    memory.keepUntilStored(id, hash, body, item.bodyBytes);
    memory.setStatus(id, BlockStatus.BODY);
    publisher.bodyAdded(id, parents);
    change(new DagStore.Change.BodyAdded(id, body), item.bodyBytes);
    events.add(new ConsensusEvent.BlockAdded(header, body.size()));
    metrics.bodyContext(start);
    return new Verdict.Accepted(hash, BlockStatus.BODY);
  }

  private List<Hash> parentsWithoutBody(int[] parents) {
    List<Hash> missing = new ArrayList<>();
    for (int parent : parents) {
      if (!dag.blocks().status(parent).hasBody()) {
        missing.add(dag.blocks().hash(parent));
      }
    }
    return missing;
  }

  private Verdict refuse(Hash hash, int id, RuleException broken) {
    metrics.invalid();
    if (broken.rule().remembered()) {
      events.add(new ConsensusEvent.BlockInvalidated(hash, broken.rule()));
      if (id >= 0) {
        memory.setStatus(id, BlockStatus.INVALID);
        change(new DagStore.Change.Invalidated(hash, id), Hash.SIZE);
      } else {
        memory.invalid().add(hash);
        // Those beyond are forgotten by a restart, and the store stays bounded.
        if (storedInvalid < maxStoredInvalid) {
          storedInvalid++;
          change(new DagStore.Change.Invalidated(hash, id), Hash.SIZE);
        }
      }
    }
    return new Verdict.Invalid(hash, broken.rule(), broken.detail());
  }

  private Verdict knownInvalid(Hash hash) {
    return new Verdict.Invalid(hash, Rule.KNOWN_INVALID, "the block is known to be invalid");
  }

  private void change(DagStore.Change change, long bytes) {
    changes.add(change);
    changeBytes += bytes;
  }

  /** Bytes of what waits to be stored. */
  long changeBytes() {
    return changeBytes;
  }

  /**
   * Finds the virtual block, stores all changes in one batch, then publishes the new state; answers
   * what happened.
   */
  List<ConsensusEvent> flush() {
    if (changes.isEmpty() && events.isEmpty() && !publisher.isToBeFound()) {
      return List.of();
    }
    try {
      publisher.resolve();
      VirtualResolver.Virtual found = publisher.found();
      if (utxos != null && found != null) {
        changes.addAll(utxos.chain().takeChanges(publisher.finalityPoint()));
      }
      commit(found);
      events.addAll(publisher.publish(newHeaders));
    } catch (RuntimeException failure) {
      throw new BrokenException(failure);
    }
    List<ConsensusEvent> happened = List.copyOf(events);
    events.clear();
    newHeaders = 0;
    return happened;
  }

  /** The committer ends, perhaps for a failure: nobody may wait for it any more. */
  void end() {
    if (utxos != null) {
      utxos.end();
    }
  }

  /** Stores what was decided until now; the virtual block remains as it was. */
  void store() {
    try {
      commit(null);
    } catch (RuntimeException failure) {
      throw new BrokenException(failure);
    }
  }

  private void commit(VirtualResolver.@Nullable Virtual found) {
    long start = System.nanoTime();
    List<DagStore.Change> batch = List.copyOf(changes);
    if (utxos != null && found != null) {
      utxos.commit(batch, store, found);
    } else if (!batch.isEmpty()) {
      store.commit(batch);
    }
    stored();
    metrics.store(start);
  }

  /** In the middle of a long move of the UTXO state: stores what there is, and how far it came. */
  private void checkpoint(UtxoState state) {
    long start = System.nanoTime();
    changes.addAll(state.chain().takeChanges(publisher.finalityPoint()));
    state.checkpoint(List.copyOf(changes), store);
    stored();
    metrics.store(start);
  }

  private void stored() {
    memory.stored();
    changes.clear();
    changeBytes = 0;
  }
}
