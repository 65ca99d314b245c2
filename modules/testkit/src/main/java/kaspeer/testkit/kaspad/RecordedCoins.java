package kaspeer.testkit.kaspad;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import kaspeer.crypto.signature.Secp256k1;
import kaspeer.primitives.Address;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import kaspeer.script.StandardScripts;
import kaspeer.script.TransactionSigner;

/**
 * A simnet DAG in which one key owns very many confirmed coins of equal value, and signed payments
 * of them: to fill mempools with transactions that do not build on one another.
 */
public final class RecordedCoins {
  private static final int COINS_PER_SPLIT = 10;
  private static final int MATURITY_AND_MORE = (int) SignedWallet.MATURITY + 200;
  private static final int SPLITS_PER_ROUND = 400;
  private static final int BLOCKS_PER_ROUND = 20;
  private static final long COIN = 490_000_000;
  private static final String BOOKS = "coins";

  private static final byte[] SECRET = secret();
  private static final ScriptPublicKey SCRIPT =
      StandardScripts.payToPubKey(Secp256k1.xOnlyPublicKey(SECRET));

  private RecordedCoins() {}

  private static byte[] secret() {
    byte[] secret = new byte[32];
    secret[31] = 2;
    return secret;
  }

  /**
   * A copy of the DAG with at least {@code coins} coins in {@code target}, to start a kaspad on.
   * Made once on a machine, which takes some minutes for a hundred thousand.
   */
  public static Path copyTo(Path target, Path binary, int coins) {
    return RecordedDag.copyTo(
        target, "simnet-coins-" + coins, folder -> make(folder, binary, coins));
  }

  /** A signed payment of each of the first {@code count} coins of a copy. */
  public static List<Transaction> payments(Path copy, int count) {
    try {
      return Files.readAllLines(copy.resolve(BOOKS)).stream()
          .limit(count)
          .parallel()
          .map(line -> pay(parse(line), COIN, List.of(output(COIN - PaymentDraft.FEE))))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Outpoint parse(String line) {
    String[] parts = line.split(" ", 2);
    return new Outpoint(Hash.fromHex(parts[0]), Integer.parseInt(parts[1]));
  }

  private static void make(Path folder, Path binary, int coins) throws IOException {
    int splits = (coins + COINS_PER_SPLIT - 1) / COINS_PER_SPLIT;
    List<String> books = new ArrayList<>();
    try (Kaspad kaspad = Kaspad.start(binary, folder, List.of())) {
      String address =
          new Address(Network.SIMNET, Address.Version.PUB_KEY, Secp256k1.xOnlyPublicKey(SECRET))
              .toString();
      SimnetMiner miner = new SimnetMiner(kaspad.rpc(), address, new SplittableRandom(3));
      miner.mine(splits + splits / 20 + MATURITY_AND_MORE, 3, 6);
      List<Transaction> transactions = split(kaspad.rpc(), address, splits);
      for (int from = 0; from < transactions.size(); from += SPLITS_PER_ROUND) {
        List<CompletableFuture<JsonNode>> sent = new ArrayList<>();
        for (Transaction transaction :
            transactions.subList(from, Math.min(from + SPLITS_PER_ROUND, transactions.size()))) {
          sent.add(SignedWallet.submit(kaspad.rpc(), transaction));
          for (int i = 0; i < COINS_PER_SPLIT; i++) {
            books.add(transaction.id() + " " + i);
          }
        }
        KaspadRpc.join(sent);
        miner.mine(BLOCKS_PER_ROUND, 3, 6);
      }
      while (kaspad.rpc().call("getInfo").get("mempoolSize").asLong() > 0) {
        miner.mine(BLOCKS_PER_ROUND, 3, 6);
      }
    }
    Files.write(folder.resolve(BOOKS), books);
  }

  /** A payment of each of so many rewards to ourselves, in equal coins. */
  private static List<Transaction> split(KaspadRpc rpc, String address, int count) {
    List<Transaction> transactions = new ArrayList<>(count);
    long now = rpc.dag().get("virtualDaaScore").asLong();
    for (SignedWallet.Coin coin : rpc.coins(address)) {
      UtxoEntry entry = coin.entry();
      if (transactions.size() < count
          && entry.amount() >= COINS_PER_SPLIT * COIN + PaymentDraft.FEE
          && entry.blockDaaScore() + MATURITY_AND_MORE - 100 < now) {
        transactions.add(
            pay(
                coin.outpoint(),
                entry.amount(),
                Collections.nCopies(COINS_PER_SPLIT, output(COIN))));
      }
    }
    if (transactions.size() < count) {
      throw new IllegalStateException(
          "only " + transactions.size() + " rewards to split, not " + count);
    }
    return transactions;
  }

  private static Output output(long amount) {
    return new Output(amount, SCRIPT, null);
  }

  private static Transaction pay(Outpoint coin, long amount, List<Output> outputs) {
    Transaction unsigned =
        new Transaction(
            0,
            List.of(new Input(coin, new byte[0], 0, 1)),
            outputs,
            0,
            SubnetworkId.NATIVE,
            0,
            new byte[0],
            0);
    return TransactionSigner.signSchnorr(
        unsigned, List.of(new UtxoEntry(amount, SCRIPT, 0, false, null)), SECRET);
  }
}
