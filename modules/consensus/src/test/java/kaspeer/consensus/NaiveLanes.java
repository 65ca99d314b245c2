package kaspeer.consensus;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import kaspeer.crypto.lanes.Lane;
import kaspeer.crypto.lanes.LaneTree;
import kaspeer.crypto.lanes.SequencingCommitment;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;

/**
 * The lanes of a chain, made from genesis on with nothing but a map, and what each of its blocks
 * has to commit to (consensus reference 6.7).
 */
final class NaiveLanes {
  private final Consensus consensus;
  private final long finalityDepth;

  /** The active lanes. */
  private Map<Hash, Lane> lanes = new TreeMap<>();

  /** What every chain block has to state as its {@code acceptedIdMerkleRoot}. */
  final Map<Hash, Hash> commitments = new LinkedHashMap<>();

  /** Lanes that fell silent, and of these those that came back. */
  int expired;

  int returned;

  private final Map<Hash, Long> silent = new TreeMap<>();
  private final List<Header> chain = new ArrayList<>();

  NaiveLanes(Consensus consensus, long finalityDepth) {
    this.consensus = consensus;
    this.finalityDepth = finalityDepth;
    chain.add(header(UtxoFixture.GENESIS));
  }

  /** Goes along what another replay found. */
  NaiveLanes replay(NaiveUtxos utxos) {
    utxos.steps.forEach(this::apply);
    return this;
  }

  private Header header(Hash block) {
    return Objects.requireNonNull(consensus.header(block));
  }

  private void apply(NaiveUtxos.Step step) {
    Header header = header(step.block());
    Header parent = chain.getLast();
    expire(header.blueScore());
    Hash context =
        SequencingCommitment.mergesetContext(
            parent.timestamp(), header.daaScore(), header.blueScore());
    leaves(step.accepted())
        .forEach(
            (lane, leaves) -> {
              Hash key = SequencingCommitment.laneKey(lane);
              Lane before = lanes.get(key);
              Hash tip =
                  SequencingCommitment.laneTip(
                      before == null ? parent.acceptedIdMerkleRoot() : before.tip(),
                      key,
                      SequencingCommitment.activityDigest(leaves),
                      context);
              lanes.put(key, new Lane(tip, header.blueScore()));
              if (silent.remove(key) != null) {
                returned++;
              }
            });
    Hash root = LaneTree.EMPTY.with(lanes, List.of()).root();
    Hash state =
        SequencingCommitment.stateRoot(
            SequencingCommitment.activityRoot(shortcut(header.blueScore()), root),
            SequencingCommitment.payloadAndContext(context, payloadRoot(step.merged())));
    commitments.put(
        step.block(), SequencingCommitment.commit(parent.acceptedIdMerkleRoot(), state));
    chain.add(header);
  }

  private void expire(long blueScore) {
    Map<Hash, Lane> active = new TreeMap<>();
    lanes.forEach(
        (key, lane) -> {
          if (lane.touchBlueScore() + finalityDepth >= blueScore) {
            active.put(key, lane);
          } else {
            expired++;
            silent.put(key, blueScore);
          }
        });
    lanes = active;
  }

  private static Map<SubnetworkId, List<Hash>> leaves(List<Transaction> accepted) {
    Map<SubnetworkId, List<Hash>> leaves = new LinkedHashMap<>();
    for (int i = 0; i < accepted.size(); i++) {
      Transaction transaction = accepted.get(i);
      leaves
          .computeIfAbsent(transaction.subnetworkId(), lane -> new ArrayList<>())
          .add(SequencingCommitment.activityLeaf(transaction.id(), transaction.version(), i));
    }
    return leaves;
  }

  private Hash payloadRoot(List<Hash> merged) {
    List<Hash> leaves = new ArrayList<>();
    for (Hash block : merged) {
      Transaction coinbase = Objects.requireNonNull(consensus.body(block)).getFirst();
      leaves.add(
          SequencingCommitment.minerPayloadLeaf(
              block, header(block).blueWork(), coinbase.payload()));
    }
    return SequencingCommitment.payloadRoot(leaves);
  }

  /** The commitment of the highest block so far that is deep enough; zero while that is genesis. */
  private Hash shortcut(long blueScore) {
    for (Header below : chain.reversed()) {
      if (below.blueScore() + finalityDepth + 1 <= blueScore) {
        return below.blueScore() == 0 ? Hash.ZERO : below.acceptedIdMerkleRoot();
      }
    }
    return Hash.ZERO;
  }

  /** The lanes in the form of {@link UtxoFixture#lanes}. */
  Map<Hash, DagStore.StoredLane> stored() {
    Map<Hash, DagStore.StoredLane> stored = new TreeMap<>();
    lanes.forEach(
        (key, lane) ->
            stored.put(key, new DagStore.StoredLane(key, lane.tip(), lane.touchBlueScore())));
    return stored;
  }
}
