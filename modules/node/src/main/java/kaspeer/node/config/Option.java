package kaspeer.node.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Everything a node can be told. Each is a key of the configuration file and an environment
 * variable, and most are options of {@code run}.
 */
public enum Option {
  NETWORK("NAME", "mainnet, testnet-10, devnet or simnet", "mainnet"),
  DATA_DIR("DIR", "where the node keeps its state", "~/.kaspeer/<network>"),
  LISTEN(
      "HOST:PORT",
      "where peers are accepted",
      "0.0.0.0:<network's port>; nowhere when --connect is given without it"),
  EXTERNAL_ADDRESS(
      "HOST:PORT",
      "where peers reach this node from outside, if that is no address of this machine: behind NAT"
          + " or a load balancer",
      "an address of this machine, if it is a public one"),
  CONNECT("HOST:PORT", "dial only this peer, again and again; repeatable; asks no DNS seeders", ""),
  ADD_PEER(
      "HOST:PORT",
      "a permanent peer besides the found ones; repeatable; dialled whatever --out-peers says",
      ""),
  OUT_PEERS("N", "outbound connections to seek, 0 to 1024", "8"),
  MAX_IN_PEERS("N", "inbound connections to accept, 0 to 16384", "128"),
  MAX_IN_PEERS_PER_IP("N", "of them from one address, 1 to 16384; loopback is exempt", "8"),
  NO_DNS_SEED("", "do not ask DNS seeders for addresses", ""),
  ADMIN("HOST:PORT", "admin endpoint and page", "127.0.0.1:<P2P port + 1000>"),
  OVERRIDE_PARAMS(
      "FILE",
      "JSON with consensus parameters, as kaspad's --override-params-file; not on mainnet",
      ""),
  ROLES("LIST", "part in a cluster: core, edge, or both; needs --cluster-listen", "core,edge"),
  CLUSTER_LISTEN("HOST:PORT", "where other members of a cluster reach this one", "no cluster"),
  CLUSTER_JOIN(
      "HOST:PORT",
      "members to join through, with commas; repeatable; all addresses of a name are asked; the"
          + " same list may be given to all members",
      "the first member of a new cluster"),
  CLUSTER_TLS(
      "DIR",
      "tls.key, tls.crt and ca.crt (PEM) for connections between members; required outside loopback",
      ""),
  MINE("N", "make about so many blocks a second, 0.1 to 100; on simnet and devnet only", ""),
  MINE_TO(
      "ADDRESS", "whom mined blocks pay; needs --mine", "a key of its own, <data-dir>/mining-key"),
  POLICY("NAME", "how peers' breaches are judged: network or strict", "network"),
  PLUGIN(
      "NAME",
      "load this plug-in: the name of its jar, without .jar, in --plugin-dir; repeatable",
      ""),
  PLUGIN_DIR("DIR", "where plug-ins are, and their folders", "<data-dir>/plugins"),
  LOG_LEVEL("NAME", "error, warn, info, debug or trace", "info"),
  QUIET("", "log warnings and errors only, and show no progress", ""),
  MEMPOOL_BYTES(
      "N",
      "most bytes of heap for transactions that wait for a block, 1048576 to 10^12",
      "an eighth of the heap's maximum, at least 67108864, at most 10^9"),
  MINIMUM_RELAY_FEE(
      "N", "least fee of a transaction, in sompi for 1000 grams, 0 to 10^12", "100000");

  /**
   * The name of the variable that names the configuration file; that one cannot stand in the file.
   */
  public static final String CONFIG_VARIABLE = "KASPEER_CONFIG";

  private final String label;
  private final String meaning;
  private final String byDefault;

  Option(String label, String meaning, String byDefault) {
    this.label = label;
    this.meaning = meaning;
    this.byDefault = byDefault;
  }

  /** What stands for its value in the help. */
  public String label() {
    return label;
  }

  /** One line of help. */
  public String help() {
    return byDefault.isEmpty() ? meaning : meaning + " (default: " + byDefault + ")";
  }

  /** Whether it is on by being there, and takes no value on the command line. */
  public boolean isFlag() {
    return label.isEmpty();
  }

  /** Whether it is an option of the command line too. */
  public boolean isOnCommandLine() {
    return this != MEMPOOL_BYTES && this != MINIMUM_RELAY_FEE;
  }

  /** Its key in the configuration file. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Its name on the command line. */
  public String flag() {
    return "--" + key();
  }

  /** Its environment variable. */
  public String variable() {
    return "KASPEER_" + name();
  }

  /** Whether it may be given several values. */
  public boolean isList() {
    return this == CONNECT || this == ADD_PEER || this == CLUSTER_JOIN || this == PLUGIN;
  }

  /** The option with this key. */
  public static Optional<Option> ofKey(String key) {
    return Arrays.stream(values()).filter(option -> option.key().equals(key)).findFirst();
  }
}
