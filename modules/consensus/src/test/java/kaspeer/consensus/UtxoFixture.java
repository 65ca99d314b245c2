package kaspeer.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import kaspeer.consensus.body.BodyRules;
import kaspeer.crypto.Merkle;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.CoinbasePayload;
import kaspeer.primitives.CovenantId;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Params;
import kaspeer.primitives.StorageMass;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Subsidy;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;

/** A consensus with UTXO validation, and real blocks to hand to it. Every tenth second a block. */
final class UtxoFixture implements AutoCloseable {
  /** Coinbases mature after 10; pruning points come after 90 and more. */
  static final Params PARAMS = TestParams.simnet(TestParams.blockRate(3, 4, 12, 10, 10, 15, 30));

  static final Hash GENESIS = PARAMS.genesis().hash();

  /** Pushes true: anyone may spend it, with nothing. */
  static final ScriptPublicKey ANYONE = new ScriptPublicKey(0, new byte[] {0x51});

  /** Returns early: nobody can spend it. */
  static final ScriptPublicKey NOBODY = new ScriptPublicKey(0, new byte[] {0x6a});

  final DagStore store;
  final List<ConsensusEvent> events = Collections.synchronizedList(new ArrayList<>());
  final Consensus consensus;
  private long now;
  private int made;

  UtxoFixture() {
    this(new MemoryDagStore());
  }

  UtxoFixture(DagStore store) {
    this(store, PARAMS);
  }

  UtxoFixture(DagStore store, Params params) {
    this.store = store;
    now = params.genesis().header().timestamp() + 1000;
    InstantSource clock = () -> Instant.ofEpochMilli(now);
    consensus =
        Consensus.open(
            params,
            store,
            new BodyRules(params),
            ConsensusOptions.defaults()
                .withClock(clock)
                .withWorkers(2)
                .withListener(events::addAll));
  }

  // --- blocks ---------------------------------------------------------------------------------

  /** The hashes, the one of most work first: as a block states its parents. */
  List<Hash> ordered(Hash... hashes) {
    return consensus.read(
        dag ->
            Arrays.stream(hashes).sorted((a, b) -> dag.compareWork(dag.id(b), dag.id(a))).toList());
  }

  /** A template on some parents, whose selected one may be any of them. */
  BlockTemplate template(List<Hash> parents, Transaction... transactions) {
    now += PARAMS.targetTimePerBlock();
    byte[] unique = ByteBuffer.allocate(4).putInt(made++).array();
    return consensus.blockTemplate(parents, ANYONE, unique, List.of(transactions)).join();
  }

  /** A block that follows every rule, not handed in. All transactions must be fit for it. */
  Block make(List<Hash> parents, Transaction... transactions) {
    BlockTemplate template = template(parents, transactions);
    assertThat(template.rejected()).isEmpty();
    return template.block();
  }

  /**
   * A block on parents of which the selected one need not qualify: it does not itself then, but
   * breaks no rule of headers and bodies.
   */
  Block onAny(List<Hash> parents) {
    now += PARAMS.targetTimePerBlock();
    HeaderTemplate header = consensus.template(parents);
    byte[] unique = ByteBuffer.allocate(4).putInt(made++).array();
    Transaction coinbase =
        new Transaction(
            1,
            List.of(),
            List.of(),
            0,
            SubnetworkId.COINBASE,
            0,
            new CoinbasePayload(
                    header.blueScore(), Subsidy.of(PARAMS, header.daaScore()), ANYONE, unique)
                .encode(),
            0);
    return new Block(
        header.header(
            coinbase.hash(),
            Hash.ofWords(6, 6, 6, 6),
            Hash.ofWords(6, 6, 6, 6),
            Math.max(now, header.pastMedianTime() + 1),
            0),
        List.of(coinbase));
  }

  /** Hands in a block, which must have a body then; answers its hash. */
  Hash add(Block block) {
    assertThat(consensus.submitBlock(block).join()).isInstanceOf(Verdict.Accepted.class);
    return block.hash();
  }

  /** Makes a block and hands it in. */
  Hash mine(List<Hash> parents, Transaction... transactions) {
    return add(make(parents, transactions));
  }

  Hash mine(Hash parent, Transaction... transactions) {
    return mine(List.of(parent), transactions);
  }

  /** A chain of blocks; answers the hash of the last. */
  Hash chain(Hash from, int length) {
    Hash tip = from;
    for (int i = 0; i < length; i++) {
      tip = mine(tip);
    }
    return tip;
  }

  /** Blocks on the virtual parents. */
  Hash onVirtual(int length) {
    for (int i = 0; i < length; i++) {
      mine(consensus.state().virtualParents());
    }
    return sink();
  }

  /** The same block with another body, of which the header states the merkle root. */
  static Block withBody(Block block, UnaryOperator<List<Transaction>> change) {
    List<Transaction> body = change.apply(new ArrayList<>(block.transactions()));
    Hash root = Merkle.root(body.stream().map(Transaction::hash).toList());
    return new Block(header(block.header(), root, block.header().utxoCommitment()), body);
  }

  private static Header header(Header h, Hash merkleRoot, Hash utxoCommitment) {
    return new Header(
        h.version(),
        h.parents(),
        merkleRoot,
        h.acceptedIdMerkleRoot(),
        utxoCommitment,
        h.timestamp(),
        h.bits(),
        h.nonce(),
        h.daaScore(),
        h.blueWork(),
        h.blueScore(),
        h.pruningPoint());
  }

  /** A block that states another UTXO commitment, which disqualifies it. */
  static Block withWrongCommitment(Block block) {
    return new Block(
        header(block.header(), block.header().hashMerkleRoot(), Hash.ofWords(6, 6, 6, 6)),
        block.transactions());
  }

  // --- transactions ---------------------------------------------------------------------------

  /** The first output of a block's coinbase. */
  Outpoint coinbaseOf(Hash block) {
    List<Transaction> body = consensus.body(block);
    assertThat(body).isNotNull();
    return new Outpoint(java.util.Objects.requireNonNull(body).getFirst().id(), 0);
  }

  /** Spends an output anyone may spend, all but a fee, to outputs of equal amounts. */
  static Transaction spend(Outpoint outpoint, UtxoEntry entry, long fee, int outputs) {
    return spend(outpoint, entry, fee, Collections.nCopies(outputs, ANYONE));
  }

  static Transaction spend(
      Outpoint outpoint, UtxoEntry entry, long fee, List<ScriptPublicKey> scripts) {
    long each = (entry.amount() - fee) / scripts.size();
    List<Output> outputs = new ArrayList<>();
    for (ScriptPublicKey script : scripts) {
      outputs.add(new Output(each, script, null));
    }
    Input input = new Input(outpoint, new byte[0], -1, 0);
    return withMass(transaction(List.of(input), outputs, 0), List.of(entry));
  }

  /**
   * Likewise in version 1, in some lane.
   *
   * @param covenant whether the outputs go on with the covenant of what is spent, or begin one
   */
  static Transaction spendV1(
      Outpoint outpoint,
      UtxoEntry entry,
      long fee,
      int outputs,
      SubnetworkId lane,
      long gas,
      boolean covenant) {
    Output plain = new Output((entry.amount() - fee) / outputs, ANYONE, null);
    List<Output> made = Collections.nCopies(outputs, plain);
    if (covenant) {
      Hash id = entry.covenantId();
      if (id == null) {
        List<CovenantId.IndexedOutput> begun = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
          begun.add(new CovenantId.IndexedOutput(i, plain));
        }
        id = CovenantId.of(outpoint, begun);
      }
      made =
          Collections.nCopies(
              outputs, new Output(plain.value(), ANYONE, new Transaction.Covenant(0, id)));
    }
    List<Input> inputs = List.of(new Input(outpoint, new byte[0], -1, 0));
    return withMass(
        new Transaction(1, inputs, made, 0, lane, gas, new byte[] {1, 2, 3}, 0), List.of(entry));
  }

  /** A user lane. */
  static SubnetworkId lane(int number) {
    byte[] id = new byte[SubnetworkId.SIZE];
    id[0] = (byte) number;
    id[1] = 1;
    return SubnetworkId.of(id);
  }

  static Transaction transaction(List<Input> inputs, List<Output> outputs, long storageMass) {
    return new Transaction(0, inputs, outputs, 0, SubnetworkId.NATIVE, 0, new byte[0], storageMass);
  }

  /** The transaction that commits to its storage mass. */
  static Transaction withMass(Transaction transaction, List<UtxoEntry> spent) {
    long mass = StorageMass.of(transaction, spent, PARAMS).orElseThrow();
    return new Transaction(
        transaction.version(),
        transaction.inputs(),
        transaction.outputs(),
        transaction.lockTime(),
        transaction.subnetworkId(),
        transaction.gas(),
        transaction.payload(),
        mass);
  }

  /** The entry that the virtual block sees. */
  UtxoEntry entry(Outpoint outpoint) {
    UtxoEntry entry = consensus.utxo(outpoint);
    assertThat(entry).as("%s", outpoint).isNotNull();
    return java.util.Objects.requireNonNull(entry);
  }

  // --- looking --------------------------------------------------------------------------------

  Hash sink() {
    return consensus.state().sink().hash();
  }

  BlockStatus status(Hash hash) {
    return consensus.status(hash);
  }

  /** The UTXO set as stored, as text. */
  static Map<String, String> stored(DagStore store) {
    Map<String, String> set = new TreeMap<>();
    store.forEachUtxo(
        (outpoint, entry) ->
            set.put(outpoint.transactionId() + ":" + outpoint.index(), text(entry)));
    return set;
  }

  static String text(UtxoEntry entry) {
    return entry.amount()
        + " "
        + entry.blockDaaScore()
        + " "
        + entry.coinbase()
        + " "
        + entry.covenantId()
        + " "
        + Arrays.toString(entry.scriptPublicKey().script());
  }

  /** The lanes as stored. */
  static Map<Hash, DagStore.StoredLane> lanes(DagStore store) {
    Map<Hash, DagStore.StoredLane> lanes = new TreeMap<>();
    store.forEachLane(lane -> lanes.put(lane.key(), lane));
    return lanes;
  }

  /** Events of one kind so far. To be asked for after the consensus was closed. */
  <T extends ConsensusEvent> List<T> eventsOf(Class<T> kind) {
    synchronized (events) {
      return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
  }

  @Override
  public void close() {
    consensus.close();
  }
}
