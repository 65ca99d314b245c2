package kaspeer.node.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import kaspeer.admin.HostPort;
import kaspeer.mempool.MempoolOptions;
import kaspeer.node.config.NodeConfig.LogLevel;
import kaspeer.node.config.NodeConfig.PolicyPreset;
import kaspeer.node.config.Settings.Setting;
import kaspeer.primitives.Network;
import org.jspecify.annotations.Nullable;

/** Turns settings into a configuration: checks each value, and that each has an effect. */
final class ConfigReader {
  private static final int DEFAULT_OUT_PEERS = 8;
  private static final int DEFAULT_IN_PEERS = 128;
  private static final int DEFAULT_PER_IP = 8;
  private static final int MAX_OUT_PEERS = 1_024;
  private static final int MAX_IN_PEERS = 16_384;
  private static final int MAX_PERMANENT = 1_024;
  private static final int MAX_PORT = 0xFFFF;

  private static final long MIN_MEMPOOL_BYTES = 1 << 20;
  private static final long MAX_LARGE = 1_000_000_000_000L;

  /** From the P2P port to the admin endpoint's. */
  private static final int ADMIN_OFFSET = 1_000;

  private final Settings settings;

  ConfigReader(Settings settings) {
    this.settings = settings;
  }

  NodeConfig read() {
    Network network = network();
    requireEffect(network);
    HostPort listen = listen(network);
    return new NodeConfig(
        network,
        dataDir(network),
        listen,
        externalAddress(network, listen),
        peers(Option.CONNECT, network),
        peers(Option.ADD_PEER, network),
        number(Option.OUT_PEERS, 0, MAX_OUT_PEERS, DEFAULT_OUT_PEERS),
        number(Option.MAX_IN_PEERS, 0, MAX_IN_PEERS, DEFAULT_IN_PEERS),
        number(Option.MAX_IN_PEERS_PER_IP, 1, MAX_IN_PEERS, DEFAULT_PER_IP),
        !flag(Option.NO_DNS_SEED) && !settings.isSet(Option.CONNECT),
        admin(network, listen),
        settings.get(Option.OVERRIDE_PARAMS).map(Setting::path).orElse(null),
        new MiningReader(settings, network).read(),
        new ClusterReader(settings).read(),
        word(Option.POLICY, PolicyPreset.class, PolicyPreset.NETWORK),
        new PluginReader(settings, dataDir(network)).read(),
        word(Option.LOG_LEVEL, LogLevel.class, flag(Option.QUIET) ? LogLevel.WARN : LogLevel.INFO),
        flag(Option.QUIET),
        mempool(),
        settings.pekko());
  }

  NodePlace place() {
    Network network = network();
    Path dataDir = dataDir(network);
    HostPort listen = listen(network);
    int port = adminPort(network, listen);
    return settings.isSet(Option.ADMIN)
        ? new NodePlace(dataDir, admin(network, listen), true)
        : new NodePlace(dataDir, new HostPort("127.0.0.1", port > MAX_PORT ? 0 : port), false);
  }

  private Path dataDir(Network network) {
    return settings
        .get(Option.DATA_DIR)
        .map(Setting::path)
        .orElseGet(() -> NodeConfig.defaultDataDir(network));
  }

  /** Whoever sets an option that changes nothing believes something that is not so. */
  private void requireEffect(Network network) {
    boolean connect = settings.isSet(Option.CONNECT);
    boolean listens = settings.isSet(Option.LISTEN) || !connect;
    if (connect) {
      for (Option option : List.of(Option.OUT_PEERS, Option.ADD_PEER)) {
        settings.refuse(
            option,
            "has no effect with "
                + source(Option.CONNECT)
                + ", which dials only the peers it names");
      }
      if (flag(Option.NO_DNS_SEED)) {
        settings.refuse(
            Option.NO_DNS_SEED,
            "has no effect with " + source(Option.CONNECT) + ", which asks no DNS seeders anyway");
      }
    }
    if (!listens) {
      for (Option option :
          List.of(Option.EXTERNAL_ADDRESS, Option.MAX_IN_PEERS, Option.MAX_IN_PEERS_PER_IP)) {
        settings.refuse(
            option,
            "has no effect: with "
                + source(Option.CONNECT)
                + " and without --listen no peers are accepted");
      }
    }
    if (settings.isSet(Option.MAX_IN_PEERS_PER_IP)) {
      int perIp = number(Option.MAX_IN_PEERS_PER_IP, 1, MAX_IN_PEERS, DEFAULT_PER_IP);
      int all = number(Option.MAX_IN_PEERS, 0, MAX_IN_PEERS, DEFAULT_IN_PEERS);
      if (perIp > all) {
        settings.refuse(
            Option.MAX_IN_PEERS_PER_IP,
            perIp + " has no effect: at most " + all + " peers are accepted in all");
      }
    }
    if (flag(Option.QUIET)) {
      settings.refuse(
          Option.LOG_LEVEL,
          "has no effect with " + source(Option.QUIET) + ", which shows warnings and errors only");
    }
    if (network == Network.MAINNET) {
      settings.refuse(
          Option.OVERRIDE_PARAMS, "is refused on mainnet: its parameters are what they are");
    }
  }

  private String source(Option option) {
    return settings.get(option).map(Setting::source).orElse(option.flag());
  }

  private Network network() {
    Optional<Setting> setting = settings.get(Option.NETWORK);
    if (setting.isEmpty()) {
      return Network.MAINNET;
    }
    String name = setting.get().single();
    return Arrays.stream(Network.values())
        .filter(network -> network.optionName().equals(name))
        .findFirst()
        .orElseThrow(() -> setting.get().wrong(name, "mainnet, testnet-10, devnet or simnet"));
  }

  private @Nullable HostPort listen(Network network) {
    Optional<Setting> setting = settings.get(Option.LISTEN);
    if (setting.isPresent()) {
      return setting.get().address(setting.get().single(), network.p2pPort());
    }
    return settings.isSet(Option.CONNECT) ? null : new HostPort("0.0.0.0", network.p2pPort());
  }

  private @Nullable HostPort externalAddress(Network network, @Nullable HostPort listen) {
    Optional<Setting> setting = settings.get(Option.EXTERNAL_ADDRESS);
    if (setting.isEmpty()) {
      return null;
    }
    int port = listen == null || listen.port() == 0 ? network.p2pPort() : listen.port();
    return setting.get().dialable(setting.get().single(), port);
  }

  private HostPort admin(Network network, @Nullable HostPort listen) {
    Optional<Setting> setting = settings.get(Option.ADMIN);
    int port = adminPort(network, listen);
    if (setting.isEmpty() && port > MAX_PORT) {
      throw new ConfigException(
          "--admin is needed: the P2P port "
              + (port - ADMIN_OFFSET)
              + " plus "
              + ADMIN_OFFSET
              + " is not a port");
    }
    HostPort admin =
        setting.isPresent()
            ? setting.get().address(setting.get().single(), Math.min(MAX_PORT, port))
            : new HostPort("127.0.0.1", port);
    if (admin.equals(listen) && admin.port() != 0) {
      throw new ConfigException(
          source(Option.ADMIN) + " and " + source(Option.LISTEN) + " are both " + admin);
    }
    return admin;
  }

  private static int adminPort(Network network, @Nullable HostPort listen) {
    int p2p = listen == null || listen.port() == 0 ? network.p2pPort() : listen.port();
    return p2p + ADMIN_OFFSET;
  }

  private List<HostPort> peers(Option option, Network network) {
    Optional<Setting> setting = settings.get(option);
    if (setting.isEmpty()) {
      return List.of();
    }
    Set<HostPort> peers = new LinkedHashSet<>();
    for (String text : setting.get().values()) {
      HostPort peer = setting.get().dialable(text, network.p2pPort());
      if (!peers.add(peer)) {
        throw new ConfigException(setting.get().source() + " names " + peer + " twice");
      }
    }
    if (peers.isEmpty() || peers.size() > MAX_PERMANENT) {
      throw new ConfigException(
          setting.get().source() + " takes 1 to " + MAX_PERMANENT + " addresses");
    }
    return new ArrayList<>(peers);
  }

  private int number(Option option, int min, int max, int otherwise) {
    return (int) number(option, (long) min, max, otherwise);
  }

  private long number(Option option, long min, long max, long otherwise) {
    Optional<Setting> setting = settings.get(option);
    if (setting.isEmpty()) {
      return otherwise;
    }
    String text = setting.get().single();
    if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) < min || Long.parseLong(text) > max) {
      throw setting.get().wrong(text, "a number from " + min + " to " + max);
    }
    return Long.parseLong(text);
  }

  private MempoolOptions mempool() {
    long heap = Runtime.getRuntime().maxMemory();
    MempoolOptions otherwise = MempoolOptions.ofHeap(heap);
    long bytes = number(Option.MEMPOOL_BYTES, MIN_MEMPOOL_BYTES, MAX_LARGE, otherwise.maxBytes());
    if (bytes > heap) {
      settings.refuse(
          Option.MEMPOOL_BYTES,
          bytes + " is more than the whole heap, which has at most " + heap + " bytes (-Xmx)");
    }
    return otherwise
        .withMaxBytes(bytes)
        .withMinimumRelayFee(
            number(Option.MINIMUM_RELAY_FEE, 0, MAX_LARGE, otherwise.minimumRelayFee()));
  }

  private boolean flag(Option option) {
    Optional<Setting> setting = settings.get(option);
    if (setting.isEmpty()) {
      return false;
    }
    return switch (setting.get().single()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw setting.get().wrong(setting.get().single(), "true or false");
    };
  }

  private <E extends Enum<E>> E word(Option option, Class<E> type, E otherwise) {
    Optional<Setting> setting = settings.get(option);
    if (setting.isEmpty()) {
      return otherwise;
    }
    E[] known = type.getEnumConstants();
    for (E value : known) {
      if (lower(value).equals(setting.get().single())) {
        return value;
      }
    }
    String words = Arrays.stream(known).map(ConfigReader::lower).collect(Collectors.joining(", "));
    throw setting.get().wrong(setting.get().single(), "one of " + words);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
