package kaspeer.benchmarks;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.testkit.kaspad.AnyoneCanSpendWallet;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.KaspadBinary;
import kaspeer.testkit.kaspad.RecordedCoins;
import kaspeer.testkit.kaspad.SimnetMiner;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/**
 * A hundred thousand signed transactions that do not build on one another: from the first
 * announcement by one peer until the mempool holds them all, and until another peer has been told
 * of all, or hears no more; then how long a block template takes. kaspad and Kaspeer in turns.
 *
 * <p>The giver announces no faster than the node asks: a node remembers only so many announcements
 * of a peer, and what it forgets it never asks for. What it does not ask for all the same is
 * announced again.
 *
 * <p>A node answers a template that is asked for again within a second from memory, so templates
 * are asked for once fresh and once warm. Those who mine ask for it again and again: of warm ones
 * the first are measured apart from the others.
 */
public final class MempoolLoad {
  private static final int TRANSACTIONS = 100_000;
  private static final int ANNOUNCED_AT_ONCE = 1_000;

  /** So many may be announced and not asked for yet. */
  private static final int MAX_OPEN = 8_000;

  /** Whose arrival in the mempool is waited for: so many of the last. */
  private static final int SAMPLE = 20;

  private static final int TEMPLATES = 20;
  private static final int LATER_TEMPLATES = 500;
  private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(1_200);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long SPREAD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** A node that announces in batches may keep the last one until more comes. */
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final Target target;
  private final Map<ByteString, Transaction> offered;
  private final Set<ByteString> asked = ConcurrentHashMap.newKeySet();
  private final Set<ByteString> heard = ConcurrentHashMap.newKeySet();

  /** The newest of those that were asked for. */
  private final Queue<Hash> lastServed = new ConcurrentLinkedQueue<>();

  private volatile long lastAsked = System.nanoTime();
  private volatile long lastHeard = System.nanoTime();

  private MempoolLoad(Target target, List<Transaction> transactions) {
    this.target = target;
    this.offered =
        transactions.stream()
            .collect(Collectors.toMap(each -> key(each.id()), Function.identity()));
  }

  /**
   * @param args how often to take turns, 1 by default; how many transactions, 100,000 by default;
   *     {@code kaspad} or {@code kaspeer} for one alone
   */
  public static void main(String[] args) throws IOException {
    int turns = args.length > 0 ? Integer.parseInt(args[0]) : 1;
    int count = args.length > 1 ? Integer.parseInt(args[1]) : TRANSACTIONS;
    String only = args.length > 2 ? args[2] : "";
    Path binary = KaspadBinary.require();
    Path folder = Files.createTempDirectory("kaspeer-mempool");
    Path recorded = RecordedCoins.copyTo(folder.resolve("source"), binary, count);
    List<Transaction> transactions = RecordedCoins.payments(recorded, count);
    for (int turn = 0; turn < turns; turn++) {
      if (!only.equals("kaspeer")) {
        try (Target kaspad = Target.kaspad(binary, folder.resolve("kaspad-" + turn), 128)) {
          measure(kaspad, transactions, binary, recorded);
        }
      }
      if (!only.equals("kaspad")) {
        try (Target kaspeer = Target.kaspeer(folder.resolve("kaspeer-" + turn), 128)) {
          measure(kaspeer, transactions, binary, recorded);
        }
      }
    }
  }

  private static void measure(
      Target target, List<Transaction> transactions, Path binary, Path recorded) {
    try (Kaspad source = Kaspad.start(binary, recorded, List.of(target.address()))) {
      // Transactions are taken by a node at the tip only, so the tip has to be of this minute; and
      // what comes while a node is syncing may be lost on it.
      SimnetMiner miner =
          new SimnetMiner(source.rpc(), AnyoneCanSpendWallet.ADDRESS, new SplittableRandom(2));
      await(
          () -> {
            miner.mineOne();
            LockSupport.parkNanos(SPREAD_NANOS);
            return target.sink().equals(source.rpc().sink());
          });
    }
    new MempoolLoad(target, transactions).run();
  }

  private void run() {
    try (PeerLab lab = new PeerLab();
        ScriptedPeer giver = lab.join(target.address());
        ScriptedPeer listener = lab.join(target.address())) {
      giver.answer(PayloadCase.REQUEST_TRANSACTIONS, this::serve);
      listener.onMessage(this::hear);
      long start = System.nanoTime();
      int again = announce(giver);
      double in = awaitPool(start);
      await(() -> heard.size() >= offered.size() || isSilent(lastHeard));
      int held = target.mempoolSize(offered.values().stream().map(Transaction::id).toList());
      double out = (lastHeard - start) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "%-8s %,d of %,d transactions in the mempool, %,.0f a second; %,d out to a peer, %,.0f a"
              + " second; %,d announced again; %,d KiB peak RSS%n",
          target.name(),
          held,
          offered.size(),
          held / in,
          heard.size(),
          heard.size() / out,
          again,
          ProcessUse.peakRssKiB(target.pid()));
      templates("fresh", TEMPLATES, FRESH_NANOS);
      templates("warm", TEMPLATES, 0);
      templates("warm, later", LATER_TEMPLATES, 0);
    }
  }

  /** Announces all until each was asked for; answers how many had to be announced again. */
  private int announce(ScriptedPeer giver) {
    List<Hash> due = offered.values().stream().map(Transaction::id).toList();
    int sent = 0;
    while (!due.isEmpty()) {
      for (int from = 0; from < due.size(); from += ANNOUNCED_AT_ONCE) {
        List<Hash> batch = due.subList(from, Math.min(from + ANNOUNCED_AT_ONCE, due.size()));
        int before = offered.size() - due.size() + from;
        await(() -> before - asked.size() <= MAX_OPEN - ANNOUNCED_AT_ONCE || isSilent(lastAsked));
        giver.send(Messages.invTransactions(batch));
        lastAsked = System.nanoTime();
        sent += batch.size();
      }
      await(() -> asked.size() == offered.size() || isSilent(lastAsked));
      due = due.stream().filter(id -> !asked.contains(key(id))).toList();
    }
    return sent - offered.size();
  }

  private static boolean isSilent(long last) {
    return System.nanoTime() - last > SILENCE_NANOS;
  }

  /**
   * Waits until the mempool has what it asked for last, or no more comes in.
   *
   * @return the seconds since the start
   */
  private double awaitPool(long start) {
    for (Hash id : lastServed) {
      await(() -> target.hasInMempool(id) || isSilent(lastAsked));
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private List<KaspadMessage> serve(KaspadMessage request) {
    List<KaspadMessage> answers = new ArrayList<>();
    for (var id : request.getRequestTransactions().getIdsList()) {
      Transaction transaction = offered.get(id.getBytes());
      if (transaction != null) {
        asked.add(id.getBytes());
        lastServed.add(transaction.id());
        answers.add(Messages.transaction(transaction));
      }
    }
    while (lastServed.size() > SAMPLE) {
      lastServed.remove();
    }
    lastAsked = System.nanoTime();
    return answers;
  }

  private void hear(KaspadMessage message) {
    if (message.hasInvTransactions()) {
      message.getInvTransactions().getIdsList().forEach(id -> heard.add(id.getBytes()));
      lastHeard = System.nanoTime();
    }
  }

  private static ByteString key(Hash id) {
    return ByteString.copyFrom(id.toBytes());
  }

  private void templates(String kind, int count, long pauseNanos) {
    double[] millis = new double[count];
    int size = 0;
    for (int i = 0; i < count; i++) {
      LockSupport.parkNanos(pauseNanos);
      long start = System.nanoTime();
      size = target.blockTemplate(AnyoneCanSpendWallet.ADDRESS);
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "%-8s block template, %s, of %,d transactions: p50 %.1f ms, max %.1f ms%n",
        target.name(),
        kind,
        size,
        millis[count / 2],
        millis[count - 1]);
  }

  private static void await(BooleanSupplier reached) {
    long end = System.nanoTime() + LIMIT_NANOS;
    while (!reached.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not reached in ten minutes");
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
