package kaspeer.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.testkit.kaspad.SignedWallet;

/** Payments of a wallet, of all kinds, good ones and some that a mempool has to refuse. */
final class PaymentMix {
  private static final int KINDS = 12;
  private static final byte[] NO_SCRIPT = {};

  private final SignedWallet wallet;
  private final RandomGenerator random;

  /** A transaction to hand in, after those before it in its list. */
  record Payment(String kind, Transaction transaction, boolean isGood) {}

  PaymentMix(SignedWallet wallet, RandomGenerator random) {
    this.wallet = wallet;
    this.random = random;
  }

  /** So many times one kind or another. */
  List<Payment> next(int count) {
    List<Payment> payments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      add(random.nextInt(KINDS), payments);
    }
    return payments;
  }

  /** Every kind once. */
  List<Payment> all() {
    List<Payment> payments = new ArrayList<>();
    for (int kind = 0; kind < KINDS; kind++) {
      add(kind, payments);
    }
    return payments;
  }

  private void add(int kind, List<Payment> payments) {
    switch (kind) {
      case 0 -> good("payment", wallet.pay(), payments);
      case 1 -> {
        good("start of a chain", wallet.pay(), payments);
        for (int i = random.nextInt(1, 6); i > 0; i--) {
          good("chained", wallet.payChained(), payments);
        }
      }
      case 2 -> good("joined", enter(wallet.draft(random.nextInt(2, 6)).sign()), payments);
      case 3 -> {
        good("to an ECDSA key", enter(wallet.draft(1).toEcdsa().sign()), payments);
        good("from an ECDSA key", wallet.payChained(), payments);
      }
      case 4 -> good("with compute budget", enter(wallet.draft(2).version(1).sign()), payments);
      case 5 -> {
        long gas = random.nextLong(1_000_000);
        good(
            "in a lane",
            enter(wallet.draft(1).version(1).lane(lane(random.nextInt(3)), gas).sign()),
            payments);
      }
      case 6 -> {
        List<Transaction> rivals = wallet.conflicting();
        good("first of two rivals", enter(rivals.getFirst()), payments);
        bad("second of two rivals", rivals.getLast(), payments);
      }
      case 7 -> {
        Transaction payment = wallet.pay();
        good("payment", payment, payments);
        bad("the same again", payment, payments);
      }
      case 8 -> {
        Transaction withheld = wallet.draft(1).sign();
        bad("orphan", wallet.draft(List.of(wallet.coin(withheld, 0))).sign(), payments);
      }
      case 9 -> bad("for nearly nothing", wallet.draft(1).fee(1).sign(), payments);
      case 10 -> bad("unsigned", wallet.draft(1).sign(script -> NO_SCRIPT), payments);
      default -> bad("without sig-ops", wallet.draft(1).computeCommit(0).sign(), payments);
    }
  }

  private Transaction enter(Transaction payment) {
    return wallet.enter(payment);
  }

  private static void good(String kind, Transaction payment, List<Payment> payments) {
    payments.add(new Payment(kind, payment, true));
  }

  private static void bad(String kind, Transaction payment, List<Payment> payments) {
    payments.add(new Payment(kind, payment, false));
  }

  /** A user's lane. */
  static SubnetworkId lane(int number) {
    byte[] bytes = new byte[SubnetworkId.SIZE];
    bytes[0] = (byte) (number + 1);
    bytes[1] = 0x10;
    return SubnetworkId.of(bytes);
  }
}
