package kaspeer.engine.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import kaspeer.engine.Facades;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.metrics.Metrics;
import kaspeer.flow.dag.AcceptedBlock;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagEvent;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.mempool.MempoolOptions;
import kaspeer.mempool.MempoolOptions.OrphanOptions;
import kaspeer.mempool.Submission;
import kaspeer.mempool.TemplateLimits;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many peers hand in chained and conflicting transactions, in any order and some of them twice,
 * while blocks take some and reorganisations give some back. What the pool holds in the end is what
 * one holds to which the same was told one by one. What is handed in is such that its order makes
 * no difference: of two that spend the same the dearer one stays.
 */
class MempoolSoakTest {
  private static final Params PARAMS = Params.of(Network.SIMNET);
  private static final ScriptPublicKey ANYONE = new ScriptPublicKey(0, new byte[] {0x51});
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long AMOUNT = 1_000_000_000;
  private static final long FEE = 10_000_000;
  private static final int PEERS = 8;
  private static final int FAMILIES = 240;
  private static final int TOGETHER = 5;
  private static final MempoolOptions OPTIONS =
      MempoolOptions.ofBytes(64 << 20)
          .withAcceptNonStandard(true)
          .withOrphans(
              new OrphanOptions(100_000, 64 << 20, 100_000, 64 << 20, Duration.ofHours(1)));

  private final ActorTestKit kit = ActorTestKit.create();
  private final SoakVirtual virtual = new SoakVirtual();

  /** The twin's own, with the same coins. */
  private final SoakVirtual twinVirtual = new SoakVirtual();

  private final Map<Hash, Block> blocks = new ConcurrentHashMap<>();
  private final CompletableFuture<ActorRef<DagEvent>> events = new CompletableFuture<>();
  private final List<Transaction> handedIn = new ArrayList<>();

  /** Of each family what blocks take, parents first; those marked are given back later. */
  private final List<Transaction> taken = new ArrayList<>();

  private final Set<Hash> givenBack = new HashSet<>();
  private final Map<Hash, Long> feeOf = new HashMap<>();
  private int coins;
  private int made;

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  // --- what is handed in ------------------------------------------------------------------------

  private Outpoint coin() {
    Outpoint outpoint = new Outpoint(Hash.ofWords(7, 7, 7, ++coins), 0);
    for (SoakVirtual each : List.of(virtual, twinVirtual)) {
      each.add(outpoint, new UtxoEntry(AMOUNT, ANYONE, 1, false, null));
    }
    return outpoint;
  }

  private Transaction spend(Outpoint outpoint, long amount, long fee, long lockTime) {
    Transaction transaction =
        new Transaction(
            0,
            List.of(new Input(outpoint, new byte[0], 0, 0)),
            List.of(new Output(amount - fee, ANYONE, null)),
            lockTime,
            SubnetworkId.NATIVE,
            0,
            new byte[0],
            0);
    feeOf.put(transaction.id(), fee);
    return transaction;
  }

  private void family(int kind) {
    switch (kind) {
      case 0 -> { // a chain of four, of which a block takes the first two
        Transaction last = null;
        for (int i = 0; i < 4; i++) {
          last =
              last == null
                  ? spend(coin(), AMOUNT, FEE, 0)
                  : spend(new Outpoint(last.id(), 0), last.outputs().getFirst().value(), FEE, 0);
          handedIn.add(last);
          if (i < 2) {
            taken.add(last);
          }
        }
      }
      case 1 -> { // two that spend the same
        Outpoint coin = coin();
        handedIn.add(spend(coin, AMOUNT, FEE, 0));
        handedIn.add(spend(coin, AMOUNT, 3 * FEE, 0));
      }
      case 2 -> { // a block takes the cheaper of two that spend the same
        Outpoint coin = coin();
        Transaction cheap = spend(coin, AMOUNT, FEE, 0);
        handedIn.add(cheap);
        handedIn.add(spend(coin, AMOUNT, 3 * FEE, 0));
        taken.add(cheap);
      }
      case 3 -> handedIn.add(spend(coin(), AMOUNT, FEE, SoakVirtual.BROKEN));
      case 4 -> { // a parent that a block takes and gives back, and its child
        Transaction parent = spend(coin(), AMOUNT, FEE, 0);
        handedIn.add(parent);
        handedIn.add(spend(new Outpoint(parent.id(), 0), AMOUNT - FEE, FEE, 0));
        taken.add(parent);
        givenBack.add(parent.id());
      }
      default -> { // handed in twice
        Transaction twice = spend(coin(), AMOUNT, FEE, 0);
        handedIn.add(twice);
        handedIn.add(twice);
      }
    }
  }

  // --- the DAG ----------------------------------------------------------------------------------

  private Behavior<Dag> dag() {
    return Behaviors.receiveMessage(
        message -> {
          switch (message) {
            case Dag.Subscribe(var subscriber) -> events.complete(subscriber);
            case Dag.GetBlock(var hash, var replyTo) ->
                replyTo.tell(Optional.ofNullable(blocks.get(hash)));
            case Dag.GetAccepted(var hashes, var _, var replyTo) ->
                replyTo.tell(
                    new Dag.AcceptedTransactions(
                        hashes.stream().flatMap(hash -> bodyOf(hash).stream()).toList()));
            default -> throw new IllegalArgumentException(message.toString());
          }
          return Behaviors.same();
        });
  }

  private List<Transaction> bodyOf(Hash hash) {
    Block block = blocks.get(hash);
    assertThat(block).isNotNull();
    List<Transaction> all = Objects.requireNonNull(block).transactions();
    return all.subList(1, all.size());
  }

  private Block block(List<Transaction> transactions) {
    Header genesis = PARAMS.genesis().header();
    List<Transaction> body = new ArrayList<>(PARAMS.genesis().transactions());
    body.addAll(transactions);
    Header header =
        new Header(
            genesis.version(),
            genesis.parents(),
            genesis.hashMerkleRoot(),
            genesis.acceptedIdMerkleRoot(),
            genesis.utxoCommitment(),
            genesis.timestamp(),
            genesis.bits(),
            ++made,
            100,
            BlueWork.ZERO,
            made,
            genesis.pruningPoint());
    return new Block(header, body);
  }

  /** A block takes these: first virtual's state changes, then it is told. */
  private void take(List<Transaction> transactions) {
    Block block = block(transactions);
    blocks.put(block.hash(), block);
    transactions.forEach(virtual::accept);
    ActorRef<DagEvent> subscriber = events.join();
    subscriber.tell(new DagEvent.BlockSettled(block.hash(), block.transactions().size()));
    List<Hash> ids = transactions.stream().map(Transaction::id).toList();
    subscriber.tell(
        new DagEvent.ChainChanged(
            List.of(),
            List.of(
                new AcceptedBlock(
                    block.hash(), List.of(new AcceptedBlock.Merged(block.hash(), ids))))));
    if (givenBack.containsAll(ids)) {
      transactions.forEach(virtual::unaccept);
      subscriber.tell(new DagEvent.ChainChanged(List.of(block.hash()), List.of()));
    }
  }

  /** Blocks of what is taken for good, and others of what is given back at once. */
  private List<List<Transaction>> bodies() {
    List<List<Transaction>> bodies = new ArrayList<>();
    List<Transaction> good = new ArrayList<>();
    for (Transaction transaction : taken) {
      if (givenBack.contains(transaction.id())) {
        bodies.add(List.of(transaction));
      } else {
        good.add(transaction);
      }
      if (good.size() == TOGETHER) {
        bodies.add(good);
        good = new ArrayList<>();
      }
    }
    bodies.add(good);
    return bodies;
  }

  // --- the two pools ----------------------------------------------------------------------------

  private ActorRef<Mempool> start() {
    DagSnapshot.Tip tip = new DagSnapshot.Tip(hash(1), 1, BlueWork.ZERO, 1, 1_000);
    DagSnapshot snapshot =
        new DagSnapshot(1, 1, List.of(), tip, tip, List.of(), 100, 0, 0, hash(1), BlueWork.ZERO);
    return Facades.as(
        Mempool.class,
        kit.spawn(
            MempoolActor.create(
                new MempoolActor.Setup(
                    new kaspeer.mempool.TransactionPool(PARAMS, OPTIONS, new SplittableRandom(1)),
                    virtual,
                    (payTo, extraData, transactions) -> {
                      throw new IllegalStateException("nobody asks for a template");
                    },
                    TemplateLimits.of(PARAMS),
                    Runnable::run,
                    ForkJoinPool.commonPool(),
                    kit.spawn(dag()),
                    () -> snapshot,
                    Duration.ofSeconds(60),
                    peer -> "peer" + peer,
                    (ids, again) -> {},
                    id -> {},
                    InstantSource.fixed(Instant.ofEpochMilli(1_001)),
                    new EngineMetrics(new Metrics())))));
  }

  private static Hash hash(int number) {
    return Hash.ofWords(1, 1, 1, number);
  }

  private void submit(ActorRef<Mempool> pool, long peer, List<Transaction> transactions) {
    Mempool.Results results =
        AskPattern.<Mempool, Mempool.Results>ask(
                pool,
                replyTo -> new Mempool.Submit(transactions, peer, 500, replyTo),
                LIMIT,
                kit.system().scheduler())
            .toCompletableFuture()
            .join();
    assertThat(results.byId().keySet())
        .containsExactlyInAnyOrderElementsOf(
            transactions.stream().map(Transaction::id).distinct().toList());
  }

  private Mempool.Info info(ActorRef<Mempool> pool) {
    return AskPattern.<Mempool, Mempool.Info>ask(
            pool, Mempool.GetInfo::new, LIMIT, kit.system().scheduler())
        .toCompletableFuture()
        .join();
  }

  private Map<Hash, Long> fees(ActorRef<Mempool> pool) {
    Map<Hash, Long> fees = new TreeMap<>();
    for (Hash id : new HashSet<>(handedIn.stream().map(Transaction::id).toList())) {
      AskPattern.<Mempool, Optional<Mempool.Description>>ask(
              pool, replyTo -> new Mempool.Describe(id, replyTo), LIMIT, kit.system().scheduler())
          .toCompletableFuture()
          .join()
          .map(Mempool.Description::price)
          .ifPresent(price -> fees.put(id, price.fee()));
    }
    return fees;
  }

  /** All handed in one by one, parents first, each block told when all before it is done. */
  private Map<Hash, Long> serialTwin(List<List<Transaction>> bodies) {
    kaspeer.mempool.TransactionPool twin =
        new kaspeer.mempool.TransactionPool(PARAMS, OPTIONS, new SplittableRandom(1));
    for (Transaction transaction : handedIn) {
      twin.submit(transaction, Submission.relayed("peer"), twinVirtual);
    }
    for (List<Transaction> body : bodies) {
      List<Hash> ids = body.stream().map(Transaction::id).toList();
      body.forEach(twinVirtual::accept);
      twin.run(twin.block(body, 100, twinVirtual), twinVirtual);
      twin.run(twin.chain(ids, false, twinVirtual), twinVirtual);
      if (givenBack.containsAll(ids)) {
        body.forEach(twinVirtual::unaccept);
        twin.run(twin.chain(List.of(), true, twinVirtual), twinVirtual);
        twin.run(twin.returned(body, true, twinVirtual), twinVirtual);
      }
    }
    Map<Hash, Long> fees = new TreeMap<>();
    for (Hash id : twin.ids()) {
      fees.put(id, Objects.requireNonNull(twin.describe(id)).fee());
    }
    return fees;
  }

  // --- the soak ---------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void manyPeersAndBlocksAtOnceEndAsOneByOne(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < FAMILIES; i++) {
      family(i % 6);
    }
    List<List<Transaction>> bodies = bodies();
    ActorRef<Mempool> pool = start();
    List<Transaction> shuffled = new ArrayList<>(handedIn);
    Collections.shuffle(shuffled, random);
    try (ExecutorService peers = Executors.newFixedThreadPool(PEERS + 1)) {
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int peer = 0; peer < PEERS; peer++) {
        int number = peer;
        all.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int from = number * TOGETHER;
                      from < shuffled.size();
                      from += PEERS * TOGETHER) {
                    int to = Math.min(from + TOGETHER, shuffled.size());
                    submit(pool, number + 1, shuffled.subList(from, to));
                  }
                },
                peers));
      }
      all.add(
          CompletableFuture.runAsync(
              () -> {
                for (List<Transaction> body : bodies) {
                  take(body);
                  info(pool); // lets the actor come to it, with whatever else waits
                }
              },
              peers));
      CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0])).join();
    }
    Map<Hash, Long> expected = serialTwin(bodies);
    assertThat(expected).isNotEmpty();
    // Blocks that are still being read change the pool a last time.
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!fees(pool).equals(expected) && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    assertThat(fees(pool)).isEqualTo(expected);
    assertThat(expected).isEqualTo(byHand());
  }

  /** What has to be there: of each coin its dearest spender, unless a block took one for good. */
  private Map<Hash, Long> byHand() {
    Map<Outpoint, Transaction> spenders = new HashMap<>();
    for (Transaction transaction : handedIn) {
      if (transaction.lockTime() != SoakVirtual.BROKEN) {
        spenders.merge(
            transaction.inputs().getFirst().previous(),
            transaction,
            (a, b) -> fee(a) >= fee(b) ? a : b);
      }
    }
    for (Transaction transaction : taken) {
      if (!givenBack.contains(transaction.id())) {
        spenders.remove(transaction.inputs().getFirst().previous());
      }
    }
    Map<Hash, Long> fees = new TreeMap<>();
    spenders.values().forEach(transaction -> fees.put(transaction.id(), fee(transaction)));
    return fees;
  }

  private long fee(Transaction transaction) {
    return Objects.requireNonNull(feeOf.get(transaction.id()));
  }
}
