package kaspeer.benchmarks;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import kaspeer.primitives.Hash;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.KaspadRpc;
import kaspeer.testkit.node.KaspeerNode;

/** A node under measurement: kaspad or Kaspeer, seen from outside only. */
interface Target extends AutoCloseable {
  /** Questions to kaspad that may be open. */
  int ASKED_AT_ONCE = 1_000;

  String name();

  InetSocketAddress address();

  long pid();

  /** Its sink, as hex. */
  String sink();

  /** Whether a transaction waits in its mempool, orphans excepted. */
  boolean hasInMempool(Hash id);

  /**
   * How many do.
   *
   * @param offered all that it was ever offered
   */
  int mempoolSize(List<Hash> offered);

  /** Has it make a block that pays to this address; answers how many transactions the block has. */
  int blockTemplate(String payAddress);

  @Override
  void close();

  /** A kaspad that takes as many peers as asked. */
  static Target kaspad(Path binary, Path data, int maxPeers) {
    Kaspad kaspad =
        Kaspad.startPlain(binary, data, List.of(), "--maxinpeers=" + maxPeers, "--outpeers=0");
    return new Target() {
      @Override
      public String name() {
        return "kaspad";
      }

      @Override
      public InetSocketAddress address() {
        return kaspad.p2pAddress();
      }

      @Override
      public long pid() {
        return kaspad.handle().pid();
      }

      @Override
      public String sink() {
        return kaspad.rpc().sink();
      }

      @Override
      public boolean hasInMempool(Hash id) {
        return ask(id).join();
      }

      // Asked for each: the size it tells is a sample that is hardly ever taken.
      @Override
      public int mempoolSize(List<Hash> ids) {
        AtomicInteger found = new AtomicInteger();
        for (int from = 0; from < ids.size(); from += ASKED_AT_ONCE) {
          CompletableFuture.allOf(
                  ids.subList(from, Math.min(from + ASKED_AT_ONCE, ids.size())).stream()
                      .map(this::ask)
                      .map(has -> has.thenAccept(so -> found.addAndGet(so ? 1 : 0)))
                      .toArray(CompletableFuture[]::new))
              .join();
        }
        return found.get();
      }

      private CompletableFuture<Boolean> ask(Hash id) {
        var params =
            KaspadRpc.params()
                .put("transactionId", id.toString())
                .put("includeOrphanPool", false)
                .put("filterTransactionPool", false);
        return kaspad
            .rpc()
            .send("getMempoolEntry", params)
            .handle((entry, missing) -> missing == null);
      }

      @Override
      public int blockTemplate(String payAddress) {
        var params = KaspadRpc.params().put("payAddress", payAddress);
        params.putArray("extraData");
        return kaspad
            .rpc()
            .call("getBlockTemplate", params)
            .get("block")
            .get("transactions")
            .size();
      }

      @Override
      public void close() {
        kaspad.close();
      }
    };
  }

  /** A Kaspeer that takes as many peers as asked. */
  static Target kaspeer(Path data, int maxPeers) {
    KaspeerNode node =
        KaspeerNode.start(data, "--max-in-peers", String.valueOf(maxPeers), "--out-peers", "0");
    return kaspeer("kaspeer", node, node::close);
  }

  /**
   * A Kaspeer that runs.
   *
   * @param close ends it, and what belongs to it
   */
  static Target kaspeer(String name, KaspeerNode node, Runnable close) {
    return new Target() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public InetSocketAddress address() {
        return node.p2pAddress();
      }

      @Override
      public long pid() {
        return node.handle().pid();
      }

      @Override
      public String sink() {
        return node.get("dag").get("sink").asText();
      }

      @Override
      public boolean hasInMempool(Hash id) {
        try {
          return node.get("mempool/" + id).has("verboseData");
        } catch (IllegalStateException notThere) {
          return false;
        }
      }

      @Override
      public int mempoolSize(List<Hash> ids) {
        return node.get("mempool").get("mempoolSize").asInt();
      }

      @Override
      public int blockTemplate(String payAddress) {
        return node.change("POST", "block-template", "{\"payAddress\":\"" + payAddress + "\"}")
            .get("transactions")
            .size();
      }

      @Override
      public void close() {
        close.run();
      }
    };
  }
}
