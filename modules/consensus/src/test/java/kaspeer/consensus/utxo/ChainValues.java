package kaspeer.consensus.utxo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import kaspeer.consensus.DagStore;
import kaspeer.consensus.DagStore.StoredLane;
import kaspeer.consensus.MemoryDagStore;
import kaspeer.consensus.dag.Dag;
import kaspeer.consensus.dag.Merge;
import kaspeer.crypto.MuHash;
import kaspeer.crypto.lanes.LaneTree;
import kaspeer.crypto.lanes.SequencingCommitment;
import kaspeer.primitives.CoinbasePayload;
import kaspeer.primitives.CoinbasePayloadException;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;
import kaspeer.primitives.Subsidy;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;

/**
 * What the UTXO rules find for each block of a DAG, as text: with the parts the committer uses, one
 * by one.
 */
final class ChainValues {
  private final Dag dag;
  private final Params params;
  private final BlockSource source;
  private final MemoryDagStore store;
  private final UtxoChain chain;
  private final Workers workers = new Workers(Runnable::run, 1);

  /** The active lanes after each block. */
  private final Map<Integer, LaneTree> lanes = new HashMap<>(Map.of(0, LaneTree.EMPTY));

  /**
   * @param store has the blocks' headers and bodies
   */
  ChainValues(Dag dag, BlockSource source, MemoryDagStore store) {
    this.dag = dag;
    this.params = dag.params();
    this.source = source;
    this.store = store;
    this.chain =
        new UtxoChain(
            dag,
            dag.calculator(),
            source,
            store,
            new StoredUtxos(store, 1 << 20),
            new Scripts(params, 1 << 20),
            workers);
  }

  /** Adds the values of a block that has its body, and moves the state there. */
  void put(int id, Map<String, String> values) {
    Merge merge = dag.calculator().merge(id);
    assertThat(chain.moveTo(merge.selectedParent())).isTrue();
    MergedState merged =
        new Merger(params, dag.blocks(), source).merge(merge, chain.view(), null, Set.of()).state();
    putAcceptance(merged, values);
    putCoinbase(id, merged, values);
    putChange(merged.diff(), values);
    putLanes(id, merged, values);
    NextState next = Objects.requireNonNull(chain.next(merge));
    values.put("utxoCommitment", next.utxoCommitment(workers).toString());
    assertThat(next.sequencingCommitment()).hasToString(values.get("commitment"));
    assertThat(chain.moveTo(id)).isTrue();
    store.commit(chain.takeChanges(0));
    chain.committed();
    requireStored(id, merged, values);
  }

  private static void putAcceptance(MergedState merged, Map<String, String> values) {
    int accepted = 0;
    int rejected = 0;
    for (int i = 0; i < merged.blocks().size(); i++) {
      MergedBlock block = merged.block(i);
      int next = 0;
      for (int j = 0; j < block.transactions().size(); j++) {
        Hash transaction = block.transactions().get(j).id();
        if (next < block.accepted().length && block.accepted()[next] == j) {
          values.put("accepted." + accepted++, transaction.toString());
          next++;
        } else if (j > 0) { // of the coinbases only the selected parent's can be accepted
          values.put("rejected." + rejected++, block.id() + " " + transaction);
        }
      }
    }
  }

  private void putCoinbase(int id, MergedState merged, Map<String, String> values) {
    Merge merge = merged.merge();
    values.put("subsidy", String.valueOf(Subsidy.of(params, merge.daaScore())));
    for (int i = 0; i < merge.size(); i++) {
      MergedBlock block = merged.block(i);
      values.put(
          "reward." + block.id(),
          payload(block.coinbase()).subsidy()
              + " "
              + block.fees()
              + (merge.isRed(i) ? " red" : " blue"));
    }
    CoinbaseOutputs outputs = new CoinbaseOutputs(params, dag.blocks());
    Transaction own = source.body(id).getFirst();
    values.put("coinbase", outputs.expected(merged, payload(own)).hash().toString());
  }

  private CoinbasePayload payload(Transaction coinbase) {
    try {
      return CoinbasePayload.parse(coinbase.payload(), params);
    } catch (CoinbasePayloadException e) {
      throw new AssertionError(e);
    }
  }

  private static void putChange(UtxoDiff diff, Map<String, String> values) {
    diff.forEachAdded((outpoint, entry) -> values.put(name("added", outpoint), text(entry)));
    diff.forEachRemoved((outpoint, entry) -> values.put(name("removed", outpoint), text(entry)));
  }

  private static String name(String what, Outpoint outpoint) {
    return what + "." + outpoint.transactionId() + ":" + outpoint.index();
  }

  private static String text(UtxoEntry entry) {
    return entry.amount()
        + " "
        + entry.blockDaaScore()
        + (entry.coinbase() ? " coinbase " : " - ")
        + (entry.covenantId() == null ? "-" : entry.covenantId())
        + " "
        + entry.scriptPublicKey().version()
        + " "
        + HexFormat.of().formatHex(entry.scriptPublicKey().script());
  }

  private void putLanes(int id, MergedState merged, Map<String, String> values) {
    Merge merge = merged.merge();
    Sequencing.Parts parts = merged.sequencing().parts();
    Hash parentCommitment = source.header(merge.selectedParent()).acceptedIdMerkleRoot();
    Hash shortcut = source.header(merge.finalityPoint()).acceptedIdMerkleRoot();
    Lanes.Update update =
        lanesAt(merge.selectedParent())
            .update(parts, merge.blueScore(), parentCommitment, shortcut);
    lanes.put(id, update.tree());
    values.put("context", parts.context().toString());
    for (int i = 0; i < parts.lanes().size(); i++) {
      Hash key = parts.lanes().get(i).laneKey();
      Hash tip = Objects.requireNonNull(update.tree().get(key)).tip();
      values.put("touched." + i, key + " " + parts.lanes().get(i).digest() + " " + tip);
    }
    update
        .tree()
        .forEach(
            (key, lane) -> values.put("lane." + key, lane.tip() + " " + lane.touchBlueScore()));
    values.put("lanesRoot", update.tree().root().toString());
    values.put("payloadAndContext", parts.payloadAndContext().toString());
    values.put("shortcut", shortcut.toString());
    Hash activityRoot = SequencingCommitment.activityRoot(shortcut, update.tree().root());
    values.put("activityRoot", activityRoot.toString());
    values.put(
        "stateRoot",
        SequencingCommitment.stateRoot(activityRoot, parts.payloadAndContext()).toString());
    values.put("commitment", update.commitment().toString());
  }

  private Lanes lanesAt(int block) {
    List<StoredLane> active = new ArrayList<>();
    Objects.requireNonNull(lanes.get(block))
        .forEach((key, lane) -> active.add(new StoredLane(key, lane.tip(), lane.touchBlueScore())));
    Lanes at = new Lanes(params.finalityDepth());
    at.load(active);
    return at;
  }

  /** What the committer stored for the block says the same. */
  private void requireStored(int id, MergedState merged, Map<String, String> values) {
    DagStore.Position position = Objects.requireNonNull(store.position());
    assertThat(position.block()).isEqualTo(id);
    assertThat(MuHash.decode(Objects.requireNonNull(store.multiset(id))).hash())
        .hasToString(values.get("utxoCommitment"));
    assertThat(store.acceptance(id)).isEqualTo(Accepted.encode(id, merged));
    Map<String, String> change = new HashMap<>();
    putChange(Delta.decode(id, Objects.requireNonNull(store.delta(id))).utxos(), change);
    assertThat(values).containsAllEntriesOf(change);
    Map<String, String> stored = new HashMap<>();
    store.forEachLane(
        lane -> stored.put("lane." + lane.key(), lane.tip() + " " + lane.blueScore()));
    assertThat(values).containsAllEntriesOf(stored);
    assertThat(stored).hasSize(Objects.requireNonNull(lanes.get(id)).size());
  }
}
