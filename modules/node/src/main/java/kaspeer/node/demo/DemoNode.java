package kaspeer.node.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import kaspeer.admin.HostPort;
import kaspeer.admin.http.AdminToken;
import kaspeer.consensus.Consensus;
import kaspeer.node.AdminAddressFile;
import kaspeer.node.Node;
import kaspeer.node.StartException;
import kaspeer.node.client.AdminClient;
import kaspeer.node.client.ClientException;
import kaspeer.node.client.ClientToken;
import kaspeer.node.config.NodeConfig;
import kaspeer.node.config.Option;
import kaspeer.node.mining.Miner;
import kaspeer.primitives.Block;
import kaspeer.primitives.Network;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import org.jspecify.annotations.Nullable;

/** One of the demo's nodes, asked as an operator would: through its admin endpoint. */
final class DemoNode implements AutoCloseable {
  private static final String FREE_PORT = "127.0.0.1:0";

  private final String name;
  private final Node node;
  private final HostPort admin;
  private final AdminClient client;

  private DemoNode(String name, Node node) {
    this.name = name;
    this.node = node;
    this.admin = AdminAddressFile.reach(node.adminAddress());
    this.client =
        new AdminClient(admin, ClientToken.ofOwner(node.dataDir().resolve(AdminToken.FILE)));
  }

  /**
   * Starts a node on free ports, set up as by a command line.
   *
   * @param params file of the network's parameters
   * @param dials the one it dials, or null for none
   */
  static DemoNode start(String name, Path home, Path params, @Nullable DemoNode dials)
      throws StartException {
    Map<Option, List<String>> options = new EnumMap<>(Option.class);
    options.put(Option.NETWORK, List.of(Network.SIMNET.optionName()));
    options.put(Option.DATA_DIR, List.of(home.resolve(name).toString()));
    options.put(Option.LISTEN, List.of(FREE_PORT));
    options.put(Option.ADMIN, List.of(FREE_PORT));
    options.put(Option.OVERRIDE_PARAMS, List.of(params.toString()));
    options.put(Option.QUIET, List.of("true"));
    if (dials == null) {
      options.put(Option.OUT_PEERS, List.of("0"));
      options.put(Option.NO_DNS_SEED, List.of("true"));
    } else {
      options.put(Option.CONNECT, List.of(dials.p2p().toString()));
    }
    return new DemoNode(name, Node.start(NodeConfig.load(options, null, Map.of())));
  }

  String name() {
    return name;
  }

  HostPort admin() {
    return admin;
  }

  Consensus consensus() {
    return node.consensus();
  }

  /**
   * A miner on this node.
   *
   * @param mined hears of every block before it is handed in
   */
  Miner miner(ScriptPublicKey payTo, Consumer<Block> mined) {
    return node.miner(payTo, mined);
  }

  private HostPort p2p() {
    InetSocketAddress address = node.engine().listening().orElseThrow();
    return new HostPort(address.getAddress().getHostAddress(), address.getPort());
  }

  long blockCount() throws ClientException {
    return client.get("/api/v1/dag").get("blockCount").asLong();
  }

  /** The tip of its selected chain. */
  String sink() throws ClientException {
    return client.get("/api/v1/dag").get("sink").asText();
  }

  /** Whether a transaction is in the mempool. */
  boolean holds(String transactionId) {
    try {
      return !client.get("/api/v1/mempool/" + transactionId).isMissingNode();
    } catch (ClientException e) {
      return false;
    }
  }

  void submitTransaction(byte[] message) throws ClientException {
    client.submit("/api/v1/transactions", message);
  }

  /** Hands every event to the consumer, until the node ends. */
  void watch(Consumer<JsonNode> consumer) throws ClientException {
    client.events("?types=blockAdded,chainChanged", consumer);
  }

  @Override
  public void close() {
    client.close();
    node.close();
  }
}
