package kaspeer.engine.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import kaspeer.consensus.Rule;
import kaspeer.engine.Facades;
import kaspeer.engine.MutableClock;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.metrics.Metrics;
import kaspeer.flow.dag.AcceptedBlock;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagEvent;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.mempool.Mempool.Result;
import kaspeer.flow.mempool.Mempool.TemplateReply;
import kaspeer.mempool.MempoolOptions;
import kaspeer.mempool.TemplateLimits;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MempoolActorTest {
  private static final Params PARAMS = Params.of(Network.SIMNET);
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Duration NEARLY_SYNCED = Duration.ofSeconds(661);
  private static final long PEER = 7;
  private static final ScriptPublicKey MINER = new ScriptPublicKey(0, new byte[] {0x51});

  private static final ScriptPublicKey OTHER_MINER = new ScriptPublicKey(0, new byte[] {0x53});

  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final ManualTime time = ManualTime.get(kit.system());
  private final TestProbe<Dag> dag = kit.createTestProbe(Dag.class);
  private final MutableClock clock = new MutableClock();
  private final FakeVirtual virtual = new FakeVirtual();
  private final List<List<Hash>> announced = new CopyOnWriteArrayList<>();
  private final List<Hash> spoilt = new CopyOnWriteArrayList<>();
  private final List<List<Transaction>> templates = new CopyOnWriteArrayList<>();
  private final HeldExecutor checks = new HeldExecutor();
  private volatile List<Hash> rejected = List.of();
  private volatile boolean rejectsFirst;
  private volatile DagSnapshot snapshot = snapshot(NOW, PARAMS.genesis().header().directParents());
  private ActorRef<Mempool> pool = kit.system().ignoreRef();
  private ActorRef<DagEvent> events = kit.system().ignoreRef();

  @BeforeEach
  void start() {
    MempoolActor.Setup setup =
        new MempoolActor.Setup(
            new kaspeer.mempool.Mempool(
                PARAMS,
                MempoolOptions.ofBytes(1 << 20).withAcceptNonStandard(true),
                new SplittableRandom(1)),
            virtual,
            this::make,
            TemplateLimits.of(PARAMS),
            Runnable::run,
            checks,
            dag.ref(),
            () -> snapshot,
            NEARLY_SYNCED,
            peer -> "peer" + peer,
            announced::add,
            spoilt::add,
            clock,
            new EngineMetrics(new Metrics()));
    pool = Facades.as(Mempool.class, kit.spawn(MempoolActor.create(setup)));
    events = dag.expectMessageClass(Dag.Subscribe.class).subscriber();
  }

  /** Runs what it is given, at once or when it is let go. */
  private static final class HeldExecutor implements Executor {
    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    private volatile boolean holds;

    @Override
    public void execute(Runnable task) {
      if (holds) {
        held.add(task);
      } else {
        task.run();
      }
    }

    private void letGo() {
      holds = false;
      for (Runnable task = held.poll(); task != null; task = held.poll()) {
        task.run();
      }
    }
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private TemplateMaker.Made make(
      ScriptPublicKey payTo, byte[] extraData, List<Transaction> transactions) {
    if (payTo.version() == 1) {
      throw new IllegalArgumentException("the miner's script is too long");
    }
    templates.add(transactions);
    List<Transaction> body = new ArrayList<>(PARAMS.genesis().transactions());
    body.addAll(transactions);
    List<Hash> invalid =
        rejectsFirst
            ? List.of(transactions.getFirst().id())
            : rejected.stream()
                .filter(id -> transactions.stream().anyMatch(tx -> tx.id().equals(id)))
                .toList();
    return new TemplateMaker.Made(new Block(PARAMS.genesis().header(), body), invalid);
  }

  private static DagSnapshot snapshot(Instant sinkTime, List<Hash> parents) {
    DagSnapshot.Tip tip =
        new DagSnapshot.Tip(Hash.ZERO, 1, BlueWork.ZERO, 1, sinkTime.toEpochMilli());
    return new DagSnapshot(1, 1, List.of(), tip, tip, parents, 100, 0, 0, Hash.ZERO, BlueWork.ZERO);
  }

  private Map<Hash, Result> submit(long origin, Transaction... transactions) {
    TestProbe<Mempool.Results> results = kit.createTestProbe(Mempool.Results.class);
    pool.tell(new Mempool.Submit(List.of(transactions), origin, 100, results.ref()));
    return results.receiveMessage().byId();
  }

  private Optional<Transaction> get(Transaction transaction) {
    @SuppressWarnings("unchecked") // The only optional that is sent there.
    TestProbe<Optional<Transaction>> found =
        (TestProbe<Optional<Transaction>>) (TestProbe<?>) kit.createTestProbe(Optional.class);
    pool.tell(new Mempool.Get(transaction.id(), found.ref()));
    return found.receiveMessage();
  }

  private TemplateReply template(ScriptPublicKey payTo) {
    TestProbe<TemplateReply> reply = kit.createTestProbe(TemplateReply.class);
    pool.tell(new Mempool.GetBlockTemplate(payTo, new byte[] {1}, reply.ref()));
    return reply.receiveMessage();
  }

  private Transaction spendingCoin(int number) {
    return FakeVirtual.spending(virtual.coin(number), FakeVirtual.AMOUNT, 1);
  }

  // --- transactions come ------------------------------------------------------------------------

  @Test
  void what_is_taken_is_answered_with_its_fee_and_announced() {
    Transaction transaction = spendingCoin(1);
    assertThat(submit(PEER, transaction))
        .containsExactly(
            Map.entry(transaction.id(), new Result.Accepted(FakeVirtual.FEE, List.of())));
    assertThat(announced).containsExactly(List.of(transaction.id()));
    assertThat(submit(Dag.LOCAL, transaction))
        .containsExactly(Map.entry(transaction.id(), new Result.Known(false)));
    assertThat(announced).hasSize(1);
  }

  @Test
  void what_is_handed_in_to_replace_is_held_against_the_one_that_spends_the_same() {
    Transaction first = spendingCoin(0);
    Transaction second = FakeVirtual.spending(virtual.coin(0), FakeVirtual.AMOUNT, 2);
    assertThat(replace(first))
        .as("there is nothing to replace")
        .isInstanceOf(Result.NonStandard.class);
    submit(Dag.LOCAL, first);
    assertThat(submit(Dag.LOCAL, second).get(second.id()))
        .isInstanceOfSatisfying(
            Result.DoubleSpend.class,
            refused -> assertThat(refused.policy()).doesNotContain("REPLACEMENT"));
    assertThat(replace(second))
        .as("it pays the same")
        .isInstanceOfSatisfying(
            Result.DoubleSpend.class,
            refused -> assertThat(refused.policy()).isEqualTo("REPLACEMENT_FEE_RATE_TOO_LOW"));
  }

  private Result replace(Transaction transaction) {
    TestProbe<Mempool.Results> results = kit.createTestProbe(Mempool.Results.class);
    pool.tell(new Mempool.Replace(transaction, 100, results.ref()));
    return Objects.requireNonNull(results.receiveMessage().byId().get(transaction.id()));
  }

  @Test
  void what_is_in_the_pool_is_described_with_its_price() {
    Transaction transaction = spendingCoin(0);
    submit(7, transaction);
    assertThat(describe(transaction.id()))
        .hasValueSatisfying(
            found -> {
              assertThat(found.transaction().id()).isEqualTo(transaction.id());
              assertThat(Objects.requireNonNull(found.price()).fee()).isEqualTo(FakeVirtual.FEE);
              assertThat(Objects.requireNonNull(found.price()).computeMass()).isEqualTo(2_000);
              assertThat(Objects.requireNonNull(found.price()).storageMass()).isEqualTo(100);
              assertThat(Objects.requireNonNull(found.price()).ready()).isTrue();
            });
    assertThat(describe(Hash.ZERO)).isEmpty();
  }

  private Optional<Mempool.Description> describe(Hash id) {
    @SuppressWarnings("unchecked") // The only optional that is sent there.
    TestProbe<Optional<Mempool.Description>> found =
        (TestProbe<Optional<Mempool.Description>>)
            (TestProbe<?>) kit.createTestProbe(Optional.class);
    pool.tell(new Mempool.Describe(id, found.ref()));
    return found.receiveMessage();
  }

  @Test
  void an_orphan_waits_for_its_parent_and_both_are_announced() {
    Transaction parent = spendingCoin(1);
    Transaction child =
        FakeVirtual.spending(FakeVirtual.outputOf(parent), FakeVirtual.AMOUNT - FakeVirtual.FEE, 2);
    assertThat(submit(PEER, child))
        .containsExactly(
            Map.entry(child.id(), new Result.Orphaned(List.of(FakeVirtual.outputOf(parent)))));
    assertThat(get(child)).isEmpty();
    assertThat(describe(child.id())).contains(new Mempool.Description(child, null));
    assertThat(info().orphans()).isEqualTo(1);

    submit(PEER, parent);
    assertThat(announced).containsExactly(List.of(parent.id(), child.id()));
    assertThat(get(child)).isPresent();
    assertThat(info().orphans()).isZero();
    assertThat(info().ready()).isEqualTo(1);
  }

  @Test
  void what_was_submitted_here_does_not_wait_for_others() {
    Transaction orphan =
        FakeVirtual.spending(FakeVirtual.outputOf(spendingCoin(1)), FakeVirtual.AMOUNT, 2);
    assertThat(submit(Dag.LOCAL, orphan).get(orphan.id()))
        .isInstanceOfSatisfying(
            Result.NonStandard.class,
            refused -> assertThat(refused.policy()).isEqualTo("ORPHAN_NOT_ALLOWED"));
  }

  @Test
  void what_breaks_a_rule_for_good_may_be_asked_of_others_and_what_breaks_it_now_need_not() {
    Transaction bad = spendingCoin(1);
    Transaction early = spendingCoin(2);
    virtual.breaks(bad, Rule.SIGNATURE_INVALID);
    virtual.breaks(early, Rule.IMMATURE_COINBASE_SPEND);
    assertThat(submit(PEER, bad, early))
        .containsEntry(bad.id(), new Result.Invalid("SIGNATURE_INVALID", "as the test says"))
        .containsEntry(
            early.id(), new Result.NotYet("IMMATURE_COINBASE_SPEND", "as the test says"));
    assertThat(spoilt).containsExactly(bad.id());
    assertThat(announced).isEmpty();
  }

  // --- while transactions are checked -----------------------------------------------------------

  @Test
  void nothing_else_waits_while_transactions_are_checked() {
    Transaction here = spendingCoin(1);
    submit(PEER, here);
    checks.holds = true;
    TestProbe<Mempool.Results> results = kit.createTestProbe(Mempool.Results.class);
    Transaction coming = spendingCoin(2);
    pool.tell(new Mempool.Submit(List.of(coming), PEER, 100, results.ref()));

    assertThat(template(MINER)).isInstanceOf(TemplateReply.Made.class);
    virtual.accept(here);
    added(here);
    soon(() -> assertThat(get(here)).isEmpty());
    assertThat(info().transactions()).isZero();
    results.expectNoMessage(Duration.ofMillis(20));
    checks.letGo();
    assertThat(results.receiveMessage().byId().get(coming.id()))
        .isInstanceOf(Result.Accepted.class);
  }

  @Test
  void what_several_submit_meanwhile_is_checked_together_and_what_is_submitted_here_first() {
    checks.holds = true;
    TestProbe<Mempool.Results> results = kit.createTestProbe(Mempool.Results.class);
    List<Transaction> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(spendingCoin(i));
    }
    pool.tell(new Mempool.Submit(List.of(all.get(0)), PEER, 100, results.ref()));
    pool.tell(new Mempool.Submit(all.subList(1, 3), PEER, 100, results.ref()));
    pool.tell(new Mempool.Submit(List.of(all.get(3)), PEER + 1, 100, results.ref()));
    pool.tell(new Mempool.Submit(List.of(all.get(4)), Dag.LOCAL, 100, results.ref()));
    info();
    checks.letGo();
    List<Hash> order = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Map<Hash, Result> answer = results.receiveMessage().byId();
      assertThat(answer.values()).hasOnlyElementsOfType(Result.Accepted.class);
      order.add(answer.keySet().iterator().next());
      assertThat(answer).hasSize(i == 2 ? 2 : 1);
    }
    assertThat(order.get(1)).as("submitted here").isEqualTo(all.get(4).id());
    assertThat(virtual.together).containsExactly(1, 1, 3);
  }

  @Test
  void what_waits_is_bounded_in_bytes_but_for_what_is_submitted_here() {
    checks.holds = true;
    TestProbe<Mempool.Results> held = kit.createTestProbe(Mempool.Results.class);
    TestProbe<Mempool.Results> results = kit.createTestProbe(Mempool.Results.class);
    int bytes = (int) Intake.MAX_BYTES;
    pool.tell(new Mempool.Submit(List.of(spendingCoin(1)), PEER, bytes, held.ref()));
    Transaction more = spendingCoin(2);
    pool.tell(new Mempool.Submit(List.of(more), PEER + 1, 1, results.ref()));
    assertThat(results.receiveMessage().byId())
        .containsExactly(Map.entry(more.id(), new Result.Full("INTAKE_FULL")));
    pool.tell(new Mempool.Submit(List.of(spendingCoin(3)), Dag.LOCAL, 1, held.ref()));
    info();
    checks.letGo();
    held.receiveMessage();
    held.receiveMessage();
    assertThat(submit(PEER + 1, more).get(more.id())).isInstanceOf(Result.Accepted.class);
  }

  @Test
  void many_are_found_at_a_time() {
    Transaction here = spendingCoin(1);
    submit(PEER, here);
    TestProbe<Mempool.Found> found = kit.createTestProbe(Mempool.Found.class);
    pool.tell(new Mempool.GetAll(List.of(here.id(), Hash.ZERO, here.id()), found.ref()));
    assertThat(found.receiveMessage().byId()).containsOnlyKeys(here.id());
  }

  // --- the DAG grows ----------------------------------------------------------------------------

  @Test
  void what_a_block_brought_into_virtuals_past_leaves_and_orphans_of_it_are_announced() {
    Transaction transaction = spendingCoin(1);
    submit(PEER, transaction);
    Transaction stranger = spendingCoin(2);
    Transaction orphan =
        FakeVirtual.spending(
            FakeVirtual.outputOf(stranger), FakeVirtual.AMOUNT - FakeVirtual.FEE, 3);
    submit(PEER, orphan);
    announced.clear();

    virtual.accept(transaction);
    virtual.accept(stranger);
    added(transaction, stranger);
    soon(() -> assertThat(get(orphan)).isPresent());
    assertThat(get(transaction)).isEmpty();
    assertThat(announced).containsExactly(List.of(orphan.id()));
  }

  @Test
  void far_behind_nothing_that_blocks_free_is_announced() {
    Transaction stranger = spendingCoin(2);
    Transaction orphan =
        FakeVirtual.spending(
            FakeVirtual.outputOf(stranger), FakeVirtual.AMOUNT - FakeVirtual.FEE, 3);
    submit(PEER, orphan);
    snapshot = snapshot(NOW.minus(NEARLY_SYNCED), List.of());
    virtual.accept(stranger);
    added(stranger);
    soon(() -> assertThat(get(orphan)).isPresent());
    assertThat(announced).isEmpty();
  }

  @Test
  void far_behind_and_empty_blocks_are_not_read_and_chains_not_followed() {
    snapshot = snapshot(NOW.minus(NEARLY_SYNCED), List.of());
    events.tell(new DagEvent.BlockAdded(header(), 2, Dag.LOCAL, false));
    events.tell(new DagEvent.ChainChanged(List.of(Hash.ZERO), List.of()));
    dag.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void what_removed_blocks_had_accepted_comes_back_unless_others_accepted_it_too() {
    Transaction lost = spendingCoin(1);
    Transaction kept = spendingCoin(2);
    virtual.accept(kept);
    List<Hash> removed = List.of(Hash.ofWords(1, 1, 1, 1));
    events.tell(
        new DagEvent.ChainChanged(
            removed,
            List.of(
                new AcceptedBlock(
                    Hash.ofWords(2, 2, 2, 2),
                    List.of(new AcceptedBlock.Merged(Hash.ZERO, List.of(kept.id())))))));
    Dag.GetAccepted question = dag.expectMessageClass(Dag.GetAccepted.class);
    assertThat(question.blocks()).isEqualTo(removed);
    question.replyTo().tell(new Dag.AcceptedTransactions(List.of(lost, kept)));

    soon(() -> assertThat(get(lost)).isPresent());
    assertThat(get(kept)).isEmpty();
    assertThat(announced).containsExactly(List.of(lost.id()));
    assertThat(info().counts()).containsEntry("returned", 1L);
  }

  @Test
  void what_a_removed_block_accepted_is_asked_for_again_and_lower_blocks_come_first() {
    Transaction parent = spendingCoin(1);
    Transaction child =
        FakeVirtual.spending(FakeVirtual.outputOf(parent), FakeVirtual.AMOUNT - FakeVirtual.FEE, 2);
    Hash upper = Hash.ofWords(1, 1, 1, 1);
    Hash lower = Hash.ofWords(1, 1, 1, 2);
    Transaction bystander = spendingCoin(3);
    submit(PEER, bystander);
    events.tell(new DagEvent.ChainChanged(List.of(upper, lower), List.of()));
    Dag.GetAccepted unanswered = dag.expectMessageClass(Dag.GetAccepted.class);
    assertThat(unanswered.blocks()).containsExactly(lower);
    time.timePasses(Duration.ofSeconds(30));

    Dag.GetAccepted again = dag.expectMessageClass(Dag.GetAccepted.class);
    assertThat(again.blocks()).containsExactly(lower);
    virtual.accept(bystander);
    events.tell(new DagEvent.BlockAdded(header(), 2, PEER, true));
    Dag.GetBlock block = dag.expectMessageClass(Dag.GetBlock.class);
    List<Transaction> body = new ArrayList<>(PARAMS.genesis().transactions());
    body.add(bystander);
    block.replyTo().tell(Optional.of(new Block(header(), body)));
    assertThat(get(bystander)).as("the block waits for its turn").isPresent();
    again.replyTo().tell(new Dag.AcceptedTransactions(List.of(parent)));

    Dag.GetAccepted rest = dag.expectMessageClass(Dag.GetAccepted.class);
    assertThat(rest.blocks()).containsExactly(upper);
    rest.replyTo().tell(new Dag.AcceptedTransactions(List.of(child)));
    soon(() -> assertThat(get(bystander)).isEmpty());
    assertThat(get(parent)).isPresent();
    assertThat(get(child)).isPresent();
  }

  @Test
  void few_blocks_are_read_at_a_time_and_what_is_never_read_is_made_good() {
    Transaction spent = spendingCoin(1);
    submit(PEER, spent);
    for (int i = 0; i < ChainFollower.MAX_READING + 1; i++) {
      events.tell(new DagEvent.BlockAdded(header(), 2, PEER, true));
    }
    for (int i = 0; i < ChainFollower.MAX_READING; i++) {
      dag.expectMessageClass(Dag.GetBlock.class);
    }
    dag.expectNoMessage(Duration.ofMillis(20));
    virtual.accept(spent);
    time.timePasses(Duration.ofSeconds(30));
    dag.expectMessageClass(Dag.GetBlock.class).replyTo().tell(Optional.empty());
    soon(() -> assertThat(get(spent)).isEmpty());
  }

  @Test
  void what_was_submitted_here_is_announced_again_every_half_minute() {
    Transaction own = spendingCoin(1);
    submit(Dag.LOCAL, own);
    submit(PEER, spendingCoin(2));
    announced.clear();
    for (int i = 0; i < MempoolActor.LOOKS_PER_REBROADCAST; i++) {
      assertThat(announced).isEmpty();
      time.timePasses(MempoolActor.LOOK_INTERVAL);
    }
    soon(() -> assertThat(announced).containsExactly(List.of(own.id())));
  }

  // --- blocks are made --------------------------------------------------------------------------

  @Test
  void a_template_holds_what_is_ready_and_is_kept_for_a_second() {
    Transaction transaction = spendingCoin(1);
    submit(PEER, transaction);
    assertThat(template(MINER))
        .isInstanceOfSatisfying(
            TemplateReply.Made.class,
            made -> {
              assertThat(made.block().transactions()).hasSize(2);
              assertThat(made.nearlySynced()).isTrue();
            });
    assertThat(template(MINER)).isInstanceOf(TemplateReply.Made.class);
    assertThat(templates).hasSize(1);
    assertThat(templates.getFirst().getFirst().id()).isEqualTo(transaction.id());

    clock.advance(BlockTemplates.FRESH);
    template(MINER);
    assertThat(templates).hasSize(2);
  }

  @Test
  void a_template_on_other_parents_is_another_one() {
    template(MINER);
    snapshot = snapshot(NOW, List.of(Hash.ofWords(1, 2, 3, 4)));
    template(MINER);
    assertThat(templates).hasSize(2);
  }

  @Test
  void a_template_for_somebody_else_is_another_one() {
    template(MINER);
    template(new ScriptPublicKey(0, new byte[] {0x52}));
    assertThat(templates).hasSize(2);
  }

  @Test
  void a_template_for_somebody_else_holds_the_same_until_its_second_is_over() {
    Transaction first = spendingCoin(1);
    submit(PEER, first);
    template(MINER);
    submit(PEER, spendingCoin(2));
    clock.advance(BlockTemplates.FRESH.dividedBy(2));
    template(OTHER_MINER);
    assertThat(templates.getLast()).extracting(Transaction::id).containsExactly(first.id());
    clock.advance(BlockTemplates.FRESH.dividedBy(2));
    template(OTHER_MINER);
    assertThat(templates.getLast()).hasSize(2);
  }

  @Test
  void what_a_template_rejects_and_virtual_does_not_accept_leaves_the_pool_and_it_is_made_anew() {
    Transaction bad = spendingCoin(1);
    Transaction good = spendingCoin(2);
    submit(PEER, bad, good);
    virtual.breaks(bad, Rule.SIGNATURE_INVALID);
    rejected = List.of(bad.id());
    template(MINER);
    assertThat(get(bad)).isEmpty();
    assertThat(templates).hasSize(2);
    assertThat(templates.getFirst()).hasSize(2);
    assertThat(templates.getLast()).extracting(Transaction::id).containsExactly(good.id());
  }

  @Test
  void a_template_is_made_anew_only_so_often() {
    List<Transaction> many = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      many.add(spendingCoin(i));
    }
    submit(PEER, many.toArray(Transaction[]::new));
    rejectsFirst = true;
    assertThat(template(MINER)).isInstanceOf(TemplateReply.Made.class);
    assertThat(templates).hasSize(TemplateWork.MAX_ATTEMPTS);
    assertThat(templates.getLast()).hasSize(4);
  }

  @Test
  void a_template_that_cannot_be_made_is_refused_with_the_reason() {
    assertThat(template(new ScriptPublicKey(1, new byte[0])))
        .isEqualTo(new TemplateReply.Refused("the miner's script is too long"));
    assertThat(template(MINER)).isInstanceOf(TemplateReply.Made.class);
  }

  @Test
  void the_fee_estimate_is_told() {
    assertThat(info().fees().priority().feeRate()).isPositive();
    assertThat(info().fees().normal()).isNotEmpty();
    assertThat(info().fees().low()).isNotEmpty();
  }

  private Mempool.Info info() {
    TestProbe<Mempool.Info> info = kit.createTestProbe(Mempool.Info.class);
    pool.tell(new Mempool.GetInfo(info.ref()));
    return info.receiveMessage();
  }

  private void soon(Runnable assertion) {
    dag.awaitAssert(
        () -> {
          assertion.run();
          return null;
        });
  }

  private static Header header() {
    return PARAMS.genesis().header();
  }

  /** A block with these is added and read. */
  private void added(Transaction... transactions) {
    List<Transaction> body = new ArrayList<>(PARAMS.genesis().transactions());
    body.addAll(List.of(transactions));
    events.tell(new DagEvent.BlockAdded(header(), body.size(), PEER, true));
    Dag.GetBlock question = dag.expectMessageClass(Dag.GetBlock.class);
    question.replyTo().tell(Optional.of(new Block(header(), body)));
  }
}
