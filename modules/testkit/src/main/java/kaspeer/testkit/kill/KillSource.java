package kaspeer.testkit.kill;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import kaspeer.primitives.Transaction;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.RecordedDag;
import kaspeer.testkit.kaspad.RpcJson;
import kaspeer.testkit.kaspad.SignedWallet;
import kaspeer.testkit.kaspad.SimnetMiner;

/** A kaspad that mines, with the wallet for what it is to mine. */
final class KillSource implements AutoCloseable {
  private static final int BLOCKS_BETWEEN_PAYMENTS = 4;

  private final Kaspad kaspad;
  private final SignedWallet wallet = RecordedDag.wallet();
  private final SimnetMiner miner;

  private KillSource(Kaspad kaspad, SplittableRandom random) {
    this.kaspad = kaspad;
    this.miner = new SimnetMiner(kaspad.rpc(), wallet.address(), random.split());
  }

  /** Starts it on a recorded DAG. */
  static KillSource start(Path binary, Path recorded, SplittableRandom random) {
    return new KillSource(Kaspad.start(binary, recorded, List.of()), random);
  }

  InetSocketAddress address() {
    return kaspad.p2pAddress();
  }

  String sink() {
    return kaspad.rpc().sink();
  }

  long sinkBlueScore() {
    return kaspad.rpc().call("getSinkBlueScore").get("blueScore").asLong();
  }

  /** One block on all that it has. */
  void mineOne() {
    miner.mineOne();
  }

  /** Blocks beside each other, with whatever is in its mempool. */
  void mineBusily(int blocks) {
    miner.mine(blocks, 1, 3);
  }

  /**
   * Blocks with payments and others that build on them. A payment may be refused: through the node
   * this kaspad may have heard of another's blocks, in which its coin is spent. Not all of them:
   * there would be no payments to kill a node in.
   */
  void minePayments(int blocks) {
    wallet.load(kaspad.rpc());
    int taken = 0;
    for (int made = 0; made < blocks; made += BLOCKS_BETWEEN_PAYMENTS) {
      taken += isTaken(wallet.pay()) ? 1 : 0;
      taken += isTaken(wallet.payChained()) ? 1 : 0;
      miner.mine(BLOCKS_BETWEEN_PAYMENTS, 1, 3);
    }
    if (taken == 0) {
      throw new AssertionError("kaspad took none of the payments");
    }
  }

  private boolean isTaken(Transaction payment) {
    return SignedWallet.submit(kaspad.rpc(), payment)
        .handle((answer, refused) -> refused == null)
        .join();
  }

  /** Payments to hand in, as JSON; of four in a row each spends the one before. */
  List<String> payments(int count) {
    wallet.load(kaspad.rpc());
    List<String> payments = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      payments.add(RpcJson.of(i % 4 == 0 ? wallet.pay() : wallet.payChained()).toString());
    }
    return payments;
  }

  @Override
  public void close() {
    kaspad.close();
  }
}
