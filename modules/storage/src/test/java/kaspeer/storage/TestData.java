package kaspeer.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kaspeer.consensus.DagStore.Change;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParentsByLevel;
import kaspeer.primitives.ParentsByLevel.Run;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;

/** Headers and bodies that are the same for the same number, in every process. */
final class TestData {
  private TestData() {}

  static Params params(Network network, int ghostdagK) {
    Block genesis = new Block(header(0), body(0));
    return new Params(
        network,
        genesis,
        true,
        250,
        100,
        ghostdagK,
        16,
        248,
        36_000,
        432_000,
        1_080_000,
        1000,
        132_000,
        27,
        100,
        661,
        40,
        150,
        1000,
        150,
        204,
        1000,
        1000,
        250_000,
        10_000,
        1,
        10,
        1000,
        500_000,
        1_000_000,
        500_000,
        50,
        1_000_000_000,
        1_000_000_000_000L,
        0,
        0,
        100,
        0);
  }

  static Params params() {
    return params(Network.SIMNET, 124);
  }

  /**
   * A header of the size usual on a network of ten blocks a second: some parents, a dozen runs of
   * levels.
   */
  static Header header(int number) {
    SplittableRandom random = new SplittableRandom(number);
    List<Hash> parents =
        new ArrayList<>(Stream.generate(() -> hash(random)).limit(number == 0 ? 0 : 4).toList());
    List<Run> runs = new ArrayList<>();
    int level = 0;
    for (int i = 0; i < 12 && !parents.isEmpty(); i++) {
      level += 1 + random.nextInt(8);
      runs.add(new Run(level, parents));
      parents.set(random.nextInt(parents.size()), hash(random));
    }
    return new Header(
        2,
        new ParentsByLevel(runs),
        hash(random),
        hash(random),
        hash(random),
        1_700_000_000_000L + 100L * number,
        0x207fffff,
        random.nextLong(),
        number,
        BlueWork.of(2L * number),
        number,
        hash(random));
  }

  /** 1 to 4 transactions, the first a coinbase. */
  static List<Transaction> body(int number) {
    SplittableRandom random = new SplittableRandom(~number);
    return IntStream.range(0, 1 + random.nextInt(4))
        .mapToObj(i -> transaction(random, i == 0))
        .toList();
  }

  static byte[] dagData(int number) {
    return bytes(new SplittableRandom(number * 31L), 40 + number % 7);
  }

  static Change.HeaderAdded headerAdded(int id) {
    return new Change.HeaderAdded(id, header(id), dagData(id));
  }

  static Change.BodyAdded bodyAdded(int id) {
    return new Change.BodyAdded(id, body(id));
  }

  /** Headers with ids from {@code from} up to but not including {@code to}. */
  static List<Change> headers(int from, int to) {
    return IntStream.range(from, to).<Change>mapToObj(TestData::headerAdded).toList();
  }

  static Hash hash(SplittableRandom random) {
    return Hash.ofWords(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  private static byte[] bytes(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static Transaction transaction(SplittableRandom random, boolean coinbase) {
    Input input =
        new Input(
            new Outpoint(hash(random), random.nextInt(3)),
            bytes(random, 66),
            random.nextBoolean() ? -1 : random.nextLong(),
            random.nextInt(256));
    Output output =
        new Output(
            1 + random.nextLong(1L << 50),
            new ScriptPublicKey(0, bytes(random, 34)),
            random.nextBoolean() ? null : new Covenant(random.nextInt(65_536), hash(random)));
    return new Transaction(
        1,
        coinbase ? List.of() : List.of(input),
        List.of(output, output),
        random.nextInt(2),
        coinbase ? SubnetworkId.COINBASE : SubnetworkId.NATIVE,
        0,
        bytes(random, coinbase ? 53 : 0),
        random.nextInt(10_000));
  }

  /** Everything a header holds, so that equality does not rest on its hash alone. */
  static List<Object> fields(Header header) {
    return List.of(
        header.hash(),
        header.version(),
        header.parents(),
        header.hashMerkleRoot(),
        header.acceptedIdMerkleRoot(),
        header.utxoCommitment(),
        header.timestamp(),
        header.bits(),
        header.nonce(),
        header.daaScore(),
        header.blueWork(),
        header.blueScore(),
        header.pruningPoint());
  }

  /** Everything a body holds, as text. */
  static List<String> fields(List<? extends Transaction> body) {
    return body.stream().map(TestData::fields).toList();
  }

  private static String fields(Transaction tx) {
    StringBuilder text = new StringBuilder();
    text.append(tx.version())
        .append(tx.lockTime())
        .append(tx.subnetworkId())
        .append(tx.gas())
        .append(tx.storageMass());
    text.append(hex(tx.payload()));
    for (Input in : tx.inputs()) {
      text.append(in.previous())
          .append(hex(in.signatureScript()))
          .append(in.sequence())
          .append(in.computeCommit());
    }
    for (Output out : tx.outputs()) {
      text.append(out.value())
          .append(out.scriptPublicKey().version())
          .append(hex(out.scriptPublicKey().script()));
      text.append(out.covenant());
    }
    return text.toString();
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes) + "|";
  }
}
