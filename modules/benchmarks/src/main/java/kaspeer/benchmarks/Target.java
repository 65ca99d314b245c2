package kaspeer.benchmarks;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.KaspadRpc;
import kaspeer.testkit.node.KaspeerNode;

/** A node under measurement: kaspad or Kaspeer, seen from outside only. */
interface Target extends AutoCloseable {
  String name();

  InetSocketAddress address();

  long pid();

  /** Its sink, as hex. */
  String sink();

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
    return new Target() {
      @Override
      public String name() {
        return "kaspeer";
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
      public int blockTemplate(String payAddress) {
        return node.change("POST", "block-template", "{\"payAddress\":\"" + payAddress + "\"}")
            .get("transactions")
            .size();
      }

      @Override
      public void close() {
        node.close();
      }
    };
  }
}
