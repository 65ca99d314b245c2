package kaspeer.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import kaspeer.crypto.MuHash;
import kaspeer.crypto.ProofOfWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.hashing.Blake2bDomain;
import kaspeer.primitives.hashing.Blake3Domain;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to hash: blocks, transactions, the UTXO set. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HashingBenchmark {
  private static final long TIMESTAMP = 1_700_000_000_000L;

  private final byte[] header = random(1, 700);
  private final byte[] transaction = random(2, 250);
  private final byte[] element = random(3, 100);
  private final MuHash multiset = new MuHash();
  private final ProofOfWork.Seed seed = ProofOfWork.Seed.of(Hash.of(random(4, Hash.SIZE)));
  private long nonce;

  private static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  /** A header with some ten parents. */
  @Benchmark
  public Hash blake2bOfAHeader() {
    return Blake2bDomain.BLOCK_HASH.hash(header);
  }

  @Benchmark
  public Hash blake2bOfATransaction() {
    return Blake2bDomain.TRANSACTION_HASH.hash(transaction);
  }

  @Benchmark
  public Hash blake3OfATransaction() {
    return Blake3Domain.TRANSACTION_REST.hash(transaction);
  }

  /** The matrix of a header, and one nonce. */
  @Benchmark
  public ProofOfWork.Result heavyHashOfAHeader() {
    nonce++;
    return ProofOfWork.Seed.of(Hash.ofWords(nonce, nonce, nonce, nonce)).value(TIMESTAMP, nonce);
  }

  /** One nonce more. */
  @Benchmark
  public ProofOfWork.Result heavyHashOfANonce() {
    return seed.value(TIMESTAMP, nonce++);
  }

  @Benchmark
  public MuHash muHashOfAnOutput() {
    multiset.add(element);
    return multiset;
  }

  /** The hash of a multiset, with the division that belongs to it. */
  @Benchmark
  public Hash muHashFinalized() {
    multiset.remove(element);
    MuHash copy = multiset.copy();
    return copy.hash();
  }

  /** The same for ten at once, in all. */
  @Benchmark
  public List<Hash> muHashTenFinalized() {
    List<MuHash> all = new ArrayList<>(10);
    for (int i = 0; i < 10; i++) {
      multiset.remove(element);
      all.add(multiset.copy());
    }
    MuHash.normalizeAll(all);
    return all.stream().map(MuHash::hash).toList();
  }
}
