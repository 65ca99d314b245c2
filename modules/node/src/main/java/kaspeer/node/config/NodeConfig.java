package kaspeer.node.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kaspeer.admin.HostPort;
import kaspeer.cluster.ClusterOptions.Role;
import kaspeer.mempool.MempoolOptions;
import kaspeer.primitives.Address;
import kaspeer.primitives.Network;
import org.jspecify.annotations.Nullable;

/**
 * All that a node is told, checked.
 *
 * @param listen where peers are accepted; null: nowhere
 * @param externalAddress what peers are told to dial; null: an address of this machine, if it is a
 *     public one
 * @param connect if not empty, only these are dialled, again and again
 * @param addPeers permanent peers besides those found
 * @param outPeers connections that are sought
 * @param maxInPeersPerIp from one address that is not loopback
 * @param overrideParams file of consensus parameters; not on mainnet
 * @param mining null: the node makes no blocks
 * @param cluster null: the node is on its own
 * @param plugins flows of third parties
 * @param mempool bounds and policy of the pool of transactions
 * @param pekko settings for the actor system, over ours
 */
public record NodeConfig(
    Network network,
    Path dataDir,
    @Nullable HostPort listen,
    @Nullable HostPort externalAddress,
    List<HostPort> connect,
    List<HostPort> addPeers,
    int outPeers,
    int maxInPeers,
    int maxInPeersPerIp,
    boolean dnsSeed,
    HostPort admin,
    @Nullable Path overrideParams,
    @Nullable Mining mining,
    @Nullable Membership cluster,
    PolicyPreset policy,
    Plugins plugins,
    LogLevel logLevel,
    boolean quiet,
    MempoolOptions mempool,
    Config pekko) {

  /**
   * How the node makes blocks.
   *
   * @param blocksPerSecond about so many, 0.1 to 100
   * @param payTo whom they pay; null: a key of the node's own
   */
  public record Mining(double blocksPerSecond, @Nullable Address payTo) {}

  /**
   * A part in a cluster.
   *
   * @param join members to join through; none: the first of a new cluster
   * @param tls directory with keys and certificates; null on loopback only
   */
  public record Membership(
      Set<Role> roles, HostPort listen, List<HostPort> join, @Nullable Path tls) {
    public Membership {
      roles = Set.copyOf(roles);
      join = List.copyOf(join);
    }

    /** Whether there is a DAG here. */
    public boolean isCore() {
      return roles.contains(Role.CORE);
    }
  }

  /**
   * What to load.
   *
   * @param directory where the jars are, and their flows' folders; need not exist if none is named
   * @param names of jars, without {@code .jar}
   */
  public record Plugins(Path directory, Set<String> names) {
    /** The folder in the data directory where they are unless told otherwise. */
    public static final String FOLDER = "plugins";

    public Plugins {
      names = Set.copyOf(names);
    }
  }

  /** How peers' breaches are judged. */
  public enum PolicyPreset {
    NETWORK,
    STRICT
  }

  /** The least that is logged. */
  public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  public NodeConfig {
    connect = List.copyOf(connect);
    addPeers = List.copyOf(addPeers);
  }

  /**
   * What the places together say.
   *
   * @param commandLine values by option, for those given
   * @param file configuration file given on the command line, or null
   * @param environment all variables
   * @throws ConfigException if it makes no sense, or an option would have no effect
   */
  public static NodeConfig load(
      Map<Option, List<String>> commandLine, @Nullable Path file, Map<String, String> environment) {
    return new ConfigReader(Settings.gather(commandLine, file, environment)).read();
  }

  /** Where a node of this network keeps its state unless told otherwise. */
  public static Path defaultDataDir(Network network) {
    return Path.of(System.getProperty("user.home"), ".kaspeer", network.optionName());
  }
}
