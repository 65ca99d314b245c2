package kaspeer.mempool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import kaspeer.mempool.WeightedTree.Node;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The frontier, and what is selected from it, against lists. */
class FrontierPropertyTest {
  private int made;

  private Entry entry(SplittableRandom random) {
    int lane = random.nextInt(12);
    Txs.Draft draft = new Txs.Draft(Txs.coin(made++)).outputs(1);
    if (lane > 0) {
      draft.lane(lane, random.nextInt(40));
    }
    long compute = random.nextLong(1, 3000);
    long transientStorage = random.nextLong(1, 3000);
    long storage = random.nextLong(0, 3000);
    long mass = Math.max(compute, Math.max(transientStorage, storage));
    // Few fee rates, so that some are equal.
    long fee = mass * random.nextLong(1, 6) * (random.nextInt(20) == 0 ? 100_000 : 1);
    return new Entry(
        draft.build(), new Price(fee, compute, transientStorage, storage, mass), false, 0, 0);
  }

  private static List<Entry> descending(WeightedTree<Entry> tree) {
    List<Entry> entries = new ArrayList<>();
    for (Node<Entry> node = tree.last(); node != null; node = tree.previous(node)) {
      entries.add(node.item);
    }
    return entries;
  }

  private static void agree(Frontier frontier, List<Entry> model) {
    assertThat(descending(frontier.all()))
        .containsExactlyElementsOf(model.stream().sorted(Entry.BY_FEE_RATE.reversed()).toList());
    assertThat(frontier.size()).isEqualTo(model.size());
    assertThat(frontier.totalMass())
        .isEqualTo(model.stream().mapToLong(entry -> entry.price.mass()).sum());
    double total = model.stream().mapToDouble(Frontier::weight).sum();
    assertThat(frontier.all().total()).isCloseTo(total, within(total * 1e-12));
    assertThat(frontier.lanes().total()).isCloseTo(total, within(total * 1e-12));
    assertThat(frontier.lanes().size())
        .isEqualTo(model.stream().map(e -> e.transaction.subnetworkId()).distinct().count());
  }

  @Property(tries = 100)
  void theFrontierDoesAsASortedListDoes(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Frontier frontier = new Frontier(random);
    List<Entry> model = new ArrayList<>();
    for (int step = 0; step < 100; step++) {
      if (model.isEmpty() || random.nextInt(3) > 0) {
        Entry entry = entry(random);
        frontier.add(entry);
        model.add(entry);
      } else {
        frontier.remove(model.remove(random.nextInt(model.size())));
      }
    }
    agree(frontier, model);
    List.copyOf(model).forEach(frontier::remove);
    agree(frontier, List.of());
  }

  @Property(tries = 200)
  void aSelectionKeepsEveryLimitAndLeavesTheFrontierAsItWas(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Frontier frontier = new Frontier(random);
    List<Entry> model = new ArrayList<>();
    for (int i = random.nextInt(1, 120); i > 0; i--) {
      Entry entry = entry(random);
      frontier.add(entry);
      model.add(entry);
    }
    TemplateLimits limits =
        new TemplateLimits(
            random.nextLong(100, 100_000),
            random.nextLong(100, 100_000),
            random.nextLong(100, 100_000),
            random.nextInt(1, 14),
            random.nextInt(40, 200));
    Selection selection = TemplateSelector.select(frontier, limits, random, Set.of());
    agree(frontier, model);
    List<Entry> selected = keepsLimits(selection, limits, model);
    isAll(selected, limits, model);
    double weight = frontier.all().total();
    assertThat(frontier.lanes().total()).isCloseTo(weight, within(weight * 1e-12));
  }

  private static List<Entry> keepsLimits(
      Selection selection, TemplateLimits limits, List<Entry> model) {
    Set<Transaction> chosen = new HashSet<>(selection.transactions());
    assertThat(chosen).hasSameSizeAs(selection.transactions());
    List<Entry> selected =
        model.stream().filter(entry -> chosen.contains(entry.transaction)).toList();
    assertThat(selected).hasSameSizeAs(chosen);
    assertThat(selection.compute())
        .isEqualTo(selected.stream().mapToLong(e -> e.price.compute()).sum())
        .isLessThanOrEqualTo(limits.compute());
    assertThat(selection.transientStorage())
        .isEqualTo(selected.stream().mapToLong(e -> e.price.transientStorage()).sum())
        .isLessThanOrEqualTo(limits.transientStorage());
    assertThat(selection.storage())
        .isEqualTo(selected.stream().mapToLong(e -> e.price.storage()).sum())
        .isLessThanOrEqualTo(limits.storage());
    assertThat(selection.fees()).isEqualTo(selected.stream().mapToLong(e -> e.price.fee()).sum());
    Map<SubnetworkId, Long> gas = gasByLane(selected);
    assertThat(gas.size()).isLessThanOrEqualTo(limits.lanes());
    assertThat(gas.values()).allMatch(sum -> sum <= limits.gasPerLane());
    return selected;
  }

  private static Map<SubnetworkId, Long> gasByLane(List<Entry> entries) {
    Map<SubnetworkId, Long> gas = new HashMap<>();
    for (Entry entry : entries) {
      gas.merge(entry.transaction.subnetworkId(), entry.transaction.gas(), Long::sum);
    }
    return gas;
  }

  /** Where everything keeps the limits together, everything is selected. */
  private static void isAll(List<Entry> selected, TemplateLimits limits, List<Entry> model) {
    Map<SubnetworkId, Long> gas = gasByLane(model);
    boolean all =
        model.stream().mapToLong(e -> e.price.compute()).sum() <= limits.compute()
            && model.stream().mapToLong(e -> e.price.transientStorage()).sum()
                <= limits.transientStorage()
            && model.stream().mapToLong(e -> e.price.storage()).sum() <= limits.storage()
            && gas.size() <= limits.lanes()
            && gas.values().stream().allMatch(sum -> sum <= limits.gasPerLane());
    if (all) {
      assertThat(selected).hasSameSizeAs(model);
    }
    // With more of them, drawing may end before one that fits is drawn.
    if (model.size() <= 32) {
      assertThat(selected.isEmpty())
          .isEqualTo(model.stream().noneMatch(entry -> fitsAlone(entry, limits)));
    }
  }

  private static boolean fitsAlone(Entry entry, TemplateLimits limits) {
    return entry.price.compute() <= limits.compute()
        && entry.price.transientStorage() <= limits.transientStorage()
        && entry.price.storage() <= limits.storage();
  }
}
