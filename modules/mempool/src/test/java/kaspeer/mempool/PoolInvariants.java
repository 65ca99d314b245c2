package kaspeer.mempool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kaspeer.primitives.Hash;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import org.assertj.core.data.Percentage;

/** Whether the indexes of a pool say the same as the transactions in it. */
final class PoolInvariants {
  private final TransactionPool mempool;
  private final Pool pool;
  private final List<Entry> entries = new ArrayList<>();

  private PoolInvariants(TransactionPool mempool) {
    this.mempool = mempool;
    this.pool = mempool.pool;
    for (Hash id : pool.ids()) {
      Entry entry = pool.get(id);
      assertThat(entry).isNotNull();
      if (entry != null) {
        assertThat(entry.id()).isEqualTo(id);
        entries.add(entry);
      }
    }
  }

  /**
   * @param seen every transaction that the pool ever saw
   */
  static void hold(TransactionPool mempool, Collection<Transaction> seen) {
    PoolInvariants invariants = new PoolInvariants(mempool);
    invariants.ofPriorities();
    invariants.ofLinks();
    invariants.ofFrontier();
    invariants.ofSpenders(seen);
    invariants.ofOrphans(seen);
  }

  /** Whether all that is in a pool can be accepted, one after the other. */
  static void areSpendable(TransactionPool mempool, VirtualState virtual) {
    for (Entry entry : new PoolInvariants(mempool).entries) {
      for (Input input : entry.transaction.inputs()) {
        Entry parent = mempool.pool.get(input.previous().transactionId());
        assertThat(parent != null || virtual.utxo(input.previous()) != null)
            .as("%s, which %s spends, is somewhere", input.previous(), entry.id())
            .isTrue();
      }
      assertThat(virtual.utxo(new Outpoint(entry.id(), 0)))
          .as("%s is not accepted", entry.id())
          .isNull();
    }
  }

  private void ofPriorities() {
    Set<Entry> all = new HashSet<>(pool.high());
    all.addAll(pool.low());
    assertThat(all).isEqualTo(new HashSet<>(entries)).hasSize(pool.size());
    assertThat(pool.high()).allMatch(entry -> entry.high);
    assertThat(pool.low()).noneMatch(entry -> entry.high);
    assertThat(pool.bytes()).isEqualTo(entries.stream().mapToLong(entry -> entry.bytes).sum());
  }

  private void ofLinks() {
    Map<Entry, Set<Entry>> children = new HashMap<>();
    for (Entry entry : entries) {
      Set<Entry> parents = new LinkedHashSet<>();
      for (Input input : entry.transaction.inputs()) {
        Entry parent = pool.get(input.previous().transactionId());
        if (parent != null) {
          parents.add(parent);
          children.computeIfAbsent(parent, p -> new HashSet<>()).add(entry);
        }
      }
      assertThat(entry.parents()).containsExactlyInAnyOrderElementsOf(parents);
    }
    for (Entry entry : entries) {
      assertThat(entry.children())
          .containsExactlyInAnyOrderElementsOf(children.getOrDefault(entry, Set.of()));
    }
  }

  private void ofFrontier() {
    List<Entry> ready = entries.stream().filter(entry -> entry.parents().isEmpty()).toList();
    assertThat(entries).allMatch(entry -> (entry.place != null) == entry.parents().isEmpty());
    assertThat(pool.evictable())
        .containsExactlyElementsOf(
            ready.stream().filter(entry -> !entry.high).sorted(Entry.BY_FEE_RATE).toList());
    Frontier frontier = pool.frontier();
    assertThat(frontier.size()).isEqualTo(ready.size());
    assertThat(frontier.totalMass())
        .isEqualTo(ready.stream().mapToLong(entry -> entry.price.mass()).sum());
    isWeight(frontier.all().total(), ready);
    Map<SubnetworkId, List<Entry>> lanes = new HashMap<>();
    for (Entry entry : ready) {
      lanes.computeIfAbsent(entry.transaction.subnetworkId(), lane -> new ArrayList<>()).add(entry);
      Frontier.Place place = entry.place;
      assertThat(place != null && place.inAll().item == entry && place.inLane().item == entry)
          .isTrue();
    }
    assertThat(frontier.lanes().size()).isEqualTo(lanes.size());
    isWeight(frontier.lanes().total(), ready);
    for (List<Entry> ofLane : lanes.values()) {
      Frontier.Place place = ofLane.getFirst().place;
      if (place != null) {
        assertThat(place.lane().entries.size()).isEqualTo(ofLane.size());
        isWeight(place.lane().entries.total(), ofLane);
      }
    }
  }

  private static void isWeight(double total, List<Entry> of) {
    double sum = of.stream().mapToDouble(Frontier::weight).sum();
    if (sum == 0) {
      assertThat(total).isCloseTo(0, within(0.0));
    } else {
      assertThat(total).isCloseTo(sum, Percentage.withPercentage(1e-6));
    }
  }

  private void ofSpenders(Collection<Transaction> seen) {
    Map<Outpoint, Entry> spenders = new HashMap<>();
    for (Entry entry : entries) {
      for (Input input : entry.transaction.inputs()) {
        assertThat(spenders.put(input.previous(), entry)).isNull();
      }
    }
    for (Transaction transaction : seen) {
      for (Input input : transaction.inputs()) {
        assertThat(pool.spender(input.previous())).isSameAs(spenders.get(input.previous()));
      }
    }
  }

  private void ofOrphans(Collection<Transaction> seen) {
    Orphans orphans = mempool.orphans;
    Map<Outpoint, Hash> spenders = new HashMap<>();
    Set<Hash> waiting = new HashSet<>();
    long least = 0;
    for (Transaction transaction : seen) {
      Hash id = transaction.id();
      if (orphans.contains(id) && waiting.add(id)) {
        assertThat(pool.get(id)).isNull();
        least += Orphans.estimatedBytes(transaction, 1);
        for (Input input : transaction.inputs()) {
          assertThat(spenders.put(input.previous(), id)).isNull();
        }
      }
    }
    assertThat(orphans.size()).isEqualTo(waiting.size());
    assertThat(orphans.bytes()).isGreaterThanOrEqualTo(least);
    for (Transaction transaction : seen) {
      for (Input input : transaction.inputs()) {
        assertThat(orphans.spender(input.previous())).isEqualTo(spenders.get(input.previous()));
      }
    }
  }
}
