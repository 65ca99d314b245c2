package kaspeer.testkit.chain;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import kaspeer.crypto.Merkle;
import kaspeer.crypto.ProofOfWork;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.CoinbasePayload;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParentsByLevel;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Subsidy;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import org.jspecify.annotations.Nullable;

/** A block in the making. A new one breaks no rule. */
public final class BlockDraft {
  /** Pushes true: anyone may spend it. */
  static final ScriptPublicKey MINER = new ScriptPublicKey(0, new byte[] {0x51});

  private final Params params;
  private final Transaction reward;
  private int version;
  private ParentsByLevel parents;
  private @Nullable Hash merkleRoot;
  private final Hash acceptedIdMerkleRoot;
  private final Hash utxoCommitment;
  private long timestamp;
  private int bits;
  private long nonce;
  private long daaScore;
  private BlueWork blueWork;
  private long blueScore;
  private Hash pruningPoint;
  private final List<Transaction> transactions = new ArrayList<>();
  private boolean mined = true;

  /**
   * @param block with no transaction but its coinbase
   * @param unique makes the block differ from others with the same parents; the coinbase has {@link
   *     #extraData} of it
   */
  BlockDraft(Params params, Block block, long timestamp, long unique) {
    Header template = block.header();
    this.params = params;
    this.reward = block.transactions().getFirst();
    this.version = template.version();
    this.acceptedIdMerkleRoot = template.acceptedIdMerkleRoot();
    this.utxoCommitment = template.utxoCommitment();
    this.parents = template.parents();
    this.timestamp = timestamp;
    this.bits = template.bits();
    this.nonce = unique;
    this.daaScore = template.daaScore();
    this.blueWork = template.blueWork();
    this.blueScore = template.blueScore();
    this.pruningPoint = template.pruningPoint();
    transactions.add(coinbase().make());
  }

  /** The coinbase that goes with the header as it is now. */
  public TransactionDraft coinbase() {
    TransactionDraft coinbase = coinbase(payload(blueScore, Subsidy.of(params, daaScore)).encode());
    reward.outputs().forEach(coinbase::output);
    return coinbase.version(reward.version());
  }

  static byte[] extraData(long unique) {
    return Long.toHexString(unique).getBytes(StandardCharsets.US_ASCII);
  }

  public static TransactionDraft coinbase(byte[] payload) {
    return TransactionDraft.empty().subnetwork(SubnetworkId.COINBASE).payload(payload);
  }

  /** The payload of a coinbase that states these; the block's nonce is in its extra data. */
  public CoinbasePayload payload(long statedBlueScore, long statedSubsidy) {
    return new CoinbasePayload(statedBlueScore, statedSubsidy, MINER, extraData(nonce));
  }

  public long daaScore() {
    return daaScore;
  }

  public long blueScore() {
    return blueScore;
  }

  public BlueWork blueWork() {
    return blueWork;
  }

  public int bits() {
    return bits;
  }

  public BlockDraft version(int value) {
    version = value;
    return this;
  }

  public BlockDraft parents(UnaryOperator<ParentsByLevel> change) {
    parents = change.apply(parents);
    return this;
  }

  public BlockDraft timestamp(long value) {
    timestamp = value;
    return this;
  }

  public BlockDraft bits(int value) {
    bits = value;
    return this;
  }

  public BlockDraft daaScore(long value) {
    daaScore = value;
    return this;
  }

  public BlockDraft blueScore(long value) {
    blueScore = value;
    return this;
  }

  public BlockDraft blueWork(BlueWork value) {
    blueWork = value;
    return this;
  }

  public BlockDraft pruningPoint(Hash value) {
    pruningPoint = value;
    return this;
  }

  /** States this root, whatever the transactions. */
  public BlockDraft merkleRoot(Hash value) {
    merkleRoot = value;
    return this;
  }

  /**
   * Takes the nonce as it comes, even where proof of work is asked for: fails it if the network
   * can.
   */
  public BlockDraft withoutProofOfWork() {
    mined = false;
    return this;
  }

  /** Replaces all transactions. */
  public BlockDraft body(Transaction... all) {
    transactions.clear();
    transactions.addAll(List.of(all));
    return this;
  }

  /** Appends transactions. */
  public BlockDraft with(Transaction... more) {
    transactions.addAll(List.of(more));
    return this;
  }

  public Block make() {
    Hash root =
        merkleRoot == null
            ? Merkle.root(transactions.stream().map(Transaction::hash).toList())
            : merkleRoot;
    Header header = header(root, nonce);
    if (!params.skipProofOfWork()) {
      header = header(root, searchNonce(header));
    }
    return new Block(header, transactions);
  }

  private Header header(Hash root, long withNonce) {
    return new Header(
        version,
        parents,
        root,
        acceptedIdMerkleRoot,
        utxoCommitment,
        timestamp,
        bits,
        withNonce,
        daaScore,
        blueWork,
        blueScore,
        pruningPoint);
  }

  private long searchNonce(Header header) {
    ProofOfWork.Seed seed = ProofOfWork.Seed.of(header.prePowHash());
    long candidate = nonce;
    while (seed.value(timestamp, candidate).passes(bits) != mined) {
      candidate++;
    }
    return candidate;
  }
}
