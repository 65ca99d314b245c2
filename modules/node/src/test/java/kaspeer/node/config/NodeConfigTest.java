package kaspeer.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kaspeer.admin.HostPort;
import kaspeer.mempool.MempoolOptions;
import kaspeer.node.config.NodeConfig.LogLevel;
import kaspeer.node.config.NodeConfig.PolicyPreset;
import kaspeer.primitives.Address;
import kaspeer.primitives.Network;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class NodeConfigTest {
  @TempDir private Path dir;

  @Test
  void aNodeThatIsToldNothingIsAMainnetNodeWithTheDefaultsOfTheContract() {
    NodeConfig config = load();
    assertThat(config.network()).isEqualTo(Network.MAINNET);
    assertThat(config.dataDir())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".kaspeer", "mainnet"));
    assertThat(config.listen()).isEqualTo(new HostPort("0.0.0.0", 16111));
    assertThat(config.admin()).isEqualTo(new HostPort("127.0.0.1", 17111));
    assertThat(config.connect()).isEmpty();
    assertThat(config.addPeers()).isEmpty();
    assertThat(config.outPeers()).isEqualTo(8);
    assertThat(config.maxInPeers()).isEqualTo(128);
    assertThat(config.maxInPeersPerIp()).isEqualTo(8);
    assertThat(config.dnsSeed()).isTrue();
    assertThat(config.overrideParams()).isNull();
    assertThat(config.policy()).isEqualTo(PolicyPreset.NETWORK);
    assertThat(config.logLevel()).isEqualTo(LogLevel.INFO);
    assertThat(config.quiet()).isFalse();
    assertThat(config.mempool()).isEqualTo(MempoolOptions.ofHeap(Runtime.getRuntime().maxMemory()));
  }

  @Test
  void aNodeThatOnlyDialsListensNowhereAndAsksNoSeeders() {
    NodeConfig config = load(Option.NETWORK, "simnet", Option.CONNECT, "127.0.0.1:16511");
    assertThat(config.listen()).isNull();
    assertThat(config.dnsSeed()).isFalse();
    assertThat(config.admin()).isEqualTo(new HostPort("127.0.0.1", 17511));
    assertThat(config.connect()).containsExactly(new HostPort("127.0.0.1", 16511));
    assertThat(load(Option.CONNECT, "a", Option.LISTEN, "127.0.0.1:5").listen())
        .isEqualTo(new HostPort("127.0.0.1", 5));
  }

  @Test
  void theAdminEndpointIsAThousandPortsAboveThePeers() {
    assertThat(load(Option.LISTEN, "127.0.0.1:20000").admin())
        .isEqualTo(new HostPort("127.0.0.1", 21000));
    assertThat(load(Option.NETWORK, "simnet", Option.LISTEN, "127.0.0.1:0").admin().port())
        .isEqualTo(17511);
    assertThatThrownBy(() -> load(Option.LISTEN, "127.0.0.1:65000"))
        .hasMessage("--admin is needed: the P2P port 65000 plus 1000 is not a port");
  }

  private static final String SIMNET_ADDRESS =
      new Address(Network.SIMNET, Address.Version.PUB_KEY, new byte[32]).toString();

  /** A value for each option that is not its default. */
  private static final Map<Option, String> OTHERS =
      Map.ofEntries(
          Map.entry(Option.NETWORK, "testnet-10"),
          Map.entry(Option.DATA_DIR, "some/where"),
          Map.entry(Option.LISTEN, "127.0.0.1:1234"),
          Map.entry(Option.EXTERNAL_ADDRESS, "20.1.1.1:5"),
          Map.entry(Option.CONNECT, "127.0.0.2:5"),
          Map.entry(Option.ADD_PEER, "127.0.0.3:6"),
          Map.entry(Option.OUT_PEERS, "17"),
          Map.entry(Option.MAX_IN_PEERS, "18"),
          Map.entry(Option.MAX_IN_PEERS_PER_IP, "19"),
          Map.entry(Option.NO_DNS_SEED, "true"),
          Map.entry(Option.ADMIN, "127.0.0.4:7"),
          Map.entry(Option.OVERRIDE_PARAMS, "params.json"),
          Map.entry(Option.ROLES, "core"),
          Map.entry(Option.CLUSTER_LISTEN, "127.0.0.5:8"),
          Map.entry(Option.CLUSTER_JOIN, "127.0.0.6:9"),
          Map.entry(Option.CLUSTER_TLS, "keys"),
          Map.entry(Option.MINE, "2.5"),
          Map.entry(Option.MINE_TO, SIMNET_ADDRESS),
          Map.entry(Option.POLICY, "strict"),
          Map.entry(Option.PLUGIN, "sonar-1.0"),
          Map.entry(Option.PLUGIN_DIR, "some/plugins"),
          Map.entry(Option.LOG_LEVEL, "debug"),
          Map.entry(Option.QUIET, "true"),
          Map.entry(Option.MEMPOOL_BYTES, "23456789"),
          Map.entry(Option.MINIMUM_RELAY_FEE, "0"));

  @ParameterizedTest
  @EnumSource(Option.class)
  void everyOptionIsAlsoAKeyAndAVariable(Option option) throws IOException {
    String value = OTHERS.getOrDefault(option, "");
    String network =
        switch (option) {
          // On mainnet the parameters are what they are, and nodes do not mine.
          case OVERRIDE_PARAMS, MINE -> "network = simnet\n";
          case MINE_TO -> "network = simnet\nmine = 1\n";
          case ROLES, CLUSTER_JOIN, CLUSTER_TLS -> "cluster-listen = \"127.0.0.5:8\"\n";
          case PLUGIN_DIR -> "plugin = [sonar]\n";
          default -> "";
        };
    NodeConfig plain = loadFile(network, Map.of(), Map.of());
    NodeConfig byFlag = loadFile(network, Map.of(option, List.of(value)), Map.of());
    NodeConfig byVariable = loadFile(network, Map.of(), Map.of(option.variable(), value));
    NodeConfig byKey =
        loadFile(network + option.key() + " = \"" + value + "\"\n", Map.of(), Map.of());
    NodeConfig byBlock =
        loadFile(
            network + "kaspeer { " + option.key() + " = \"" + value + "\" }\n", Map.of(), Map.of());
    assertThat(byFlag).isNotEqualTo(plain);
    assertThat(List.of(byVariable, byKey, byBlock)).containsOnly(byFlag);
  }

  @Test
  void theCommandLineGoesBeforeTheEnvironmentAndThatBeforeTheFile() throws IOException {
    String file = "out-peers = 1\nmax-in-peers = 11\nnetwork = devnet\n";
    Map<String, String> environment =
        Map.of("KASPEER_OUT_PEERS", "2", "KASPEER_MAX_IN_PEERS", "12");
    NodeConfig config = loadFile(file, Map.of(Option.OUT_PEERS, List.of("3")), environment);
    assertThat(config.outPeers()).isEqualTo(3);
    assertThat(config.maxInPeers()).isEqualTo(12);
    assertThat(config.network()).isEqualTo(Network.DEVNET);
  }

  @Test
  void severalPeersAreAListInAFileAndStandBetweenCommasInAVariable() throws IOException {
    List<HostPort> peers = List.of(new HostPort("a.example", 1), new HostPort("::1", 16111));
    assertThat(loadFile("connect = [\"a.example:1\", \"[::1]\"]", Map.of(), Map.of()).connect())
        .isEqualTo(peers);
    assertThat(loadFile("", Map.of(), Map.of("KASPEER_CONNECT", "a.example:1, [::1]")).connect())
        .isEqualTo(peers);
    assertThat(
            loadFile("", Map.of(Option.ADD_PEER, List.of("a.example:1", "[::1]")), Map.of())
                .addPeers())
        .isEqualTo(peers);
  }

  @Test
  void theFileMayBeNamedByAVariableAndMaySetTheActorSystem() throws IOException {
    Path file =
        Files.writeString(
            dir.resolve("named.conf"), "network = simnet\npekko { loglevel = DEBUG }\n");
    NodeConfig config = NodeConfig.load(Map.of(), null, Map.of("KASPEER_CONFIG", file.toString()));
    assertThat(config.network()).isEqualTo(Network.SIMNET);
    assertThat(config.pekko().getString("loglevel")).isEqualTo("DEBUG");
  }

  @Test
  void otherPeoplesVariablesAreNotOurs() {
    assertThat(
            NodeConfig.load(
                    Map.of(), null, Map.of("KASPEER_PORT", "tcp://10.0.0.1:1", "KASPEER_QUIET", ""))
                .quiet())
        .isFalse();
  }

  @Test
  void aVariableOfOursThatIsMisspeltIsAnError() {
    for (String misspelt : List.of("KASPEER_OUTPEERS", "KASPEER_OUT_PEER_S", "KASPEER_out_peers")) {
      assertThatThrownBy(() -> NodeConfig.load(Map.of(), null, Map.of(misspelt, "4")))
          .isInstanceOf(ConfigException.class)
          .hasMessage(
              "unknown environment variable " + misspelt + ": did you mean KASPEER_OUT_PEERS?");
    }
  }

  @Test
  void aMempoolIsNoLargerThanTheHeap() {
    assertThatThrownBy(() -> load(Option.MEMPOOL_BYTES, "1000000000000"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("--mempool-bytes 1000000000000 is more than the whole heap");
  }

  @Test
  void aTildeIsHome() {
    assertThat(load(Option.DATA_DIR, "~/k").dataDir())
        .isEqualTo(Path.of(System.getProperty("user.home"), "k"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NETWORK|main|--network: 'main' is not mainnet, testnet-10, devnet or simnet",
        "NETWORK|MAINNET|--network: 'MAINNET' is not mainnet, testnet-10, devnet or simnet",
        "DATA_DIR|''|--data-dir: '' is not a path",
        "LISTEN|127.0.0.1:65536|--listen: '127.0.0.1:65536' has a port that is not 0 to 65535",
        "LISTEN|:1|--listen: ':1' is not HOST:PORT",
        "CONNECT|127.0.0.1:0|--connect: '127.0.0.1:0' is not an address with a port from 1 on",
        "CONNECT|''|--connect: '' is not HOST:PORT",
        "EXTERNAL_ADDRESS|a:0|--external-address: 'a:0' is not an address with a port from 1 on",
        "ADD_PEER|http://x|--add-peer: 'http://x' has a port that is not 0 to 65535",
        "OUT_PEERS|-1|--out-peers: '-1' is not a number from 0 to 1024",
        "MEMPOOL_BYTES|1048575|--mempool-bytes: '1048575' is not a number from 1048576 to 1000000000000",
        "MINIMUM_RELAY_FEE|-1|--minimum-relay-fee: '-1' is not a number from 0 to 1000000000000",
        "OUT_PEERS|1025|--out-peers: '1025' is not a number from 0 to 1024",
        "MAX_IN_PEERS|16385|--max-in-peers: '16385' is not a number from 0 to 16384",
        "MAX_IN_PEERS_PER_IP|0|--max-in-peers-per-ip: '0' is not a number from 1 to 16384",
        "MAX_IN_PEERS|1e3|--max-in-peers: '1e3' is not a number from 0 to 16384",
        "ADMIN|nowhere:port|--admin: 'nowhere:port' has a port that is not 0 to 65535",
        "MINE_TO|kaspasim:qq|--mine-to has no effect without --mine",
        "MINE|1|--mine is for simnet and devnet, not for mainnet",
        "POLICY|lax|--policy: 'lax' is not one of network, strict",
        "LOG_LEVEL|loud|--log-level: 'loud' is not one of error, warn, info, debug, trace",
        "QUIET|yes|--quiet: 'yes' is not true or false"
      })
  void aValueOutOfRangeIsNamedWithItsRange(Option option, String value, String message) {
    assertThatThrownBy(() -> load(option, value))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message);
  }

  @Test
  void aNodeMinesWhereCoinsAreWorthNothing() {
    NodeConfig.Mining mining = load(Option.NETWORK, "devnet", Option.MINE, "0.1").mining();
    assertThat(mining).isEqualTo(new NodeConfig.Mining(0.1, null));
    assertThat(
            load(Option.NETWORK, "simnet", Option.MINE, "100", Option.MINE_TO, SIMNET_ADDRESS)
                .mining())
        .isEqualTo(
            new NodeConfig.Mining(
                100, new Address(Network.SIMNET, Address.Version.PUB_KEY, new byte[32])));
    assertThat(load().mining()).isNull();
    assertThatThrownBy(() -> load(Option.NETWORK, "testnet-10", Option.MINE, "1"))
        .hasMessage("--mine is for simnet and devnet, not for testnet-10");
  }

  @ParameterizedTest
  @CsvSource({"0", "0.09", "100.1", "-1", "1e1", "NaN", "1.", "''"})
  void aRateOutOfRangeIsNamedWithItsRange(String rate) {
    assertThatThrownBy(() -> load(Option.NETWORK, "simnet", Option.MINE, rate))
        .hasMessage("--mine: '" + rate + "' is not a number from 0.1 to 100");
  }

  @Test
  void minedCoinsGoToAnAddressOfTheNetwork() {
    assertThatThrownBy(
            () -> load(Option.NETWORK, "devnet", Option.MINE, "1", Option.MINE_TO, SIMNET_ADDRESS))
        .hasMessage("--mine-to: '" + SIMNET_ADDRESS + "' is not an address of devnet");
    assertThatThrownBy(
            () -> load(Option.NETWORK, "simnet", Option.MINE, "1", Option.MINE_TO, "nobody"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("--mine-to: ");
  }

  static Stream<List<Object>> withoutEffect() {
    return Stream.of(
        List.of("--out-peers", Option.CONNECT, "a", Option.OUT_PEERS, "4"),
        List.of("--add-peer", Option.CONNECT, "a", Option.ADD_PEER, "b"),
        List.of("--no-dns-seed", Option.CONNECT, "a", Option.NO_DNS_SEED, "true"),
        List.of("--max-in-peers", Option.CONNECT, "a", Option.MAX_IN_PEERS, "4"),
        List.of("--external-address", Option.CONNECT, "a", Option.EXTERNAL_ADDRESS, "20.1.1.1"),
        List.of("--max-in-peers-per-ip", Option.CONNECT, "a", Option.MAX_IN_PEERS_PER_IP, "4"),
        List.of("--max-in-peers-per-ip", Option.MAX_IN_PEERS, "4", Option.MAX_IN_PEERS_PER_IP, "5"),
        List.of("--log-level", Option.QUIET, "true", Option.LOG_LEVEL, "debug"),
        List.of("--override-params", Option.OVERRIDE_PARAMS, "x.json"));
  }

  @ParameterizedTest
  @MethodSource("withoutEffect")
  void anOptionThatWouldChangeNothingIsAnError(List<Object> options) {
    assertThatThrownBy(() -> load(options.subList(1, options.size()).toArray()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(options.getFirst() + " ");
  }

  @Test
  void whatHasAnEffectIsNoError() {
    load(Option.CONNECT, "a", Option.LISTEN, "127.0.0.1:1", Option.MAX_IN_PEERS, "4");
    load(Option.ADD_PEER, "a", Option.OUT_PEERS, "0", Option.NO_DNS_SEED, "true");
    load(Option.NETWORK, "simnet", Option.OVERRIDE_PARAMS, "x.json");
    assertThat(load(Option.QUIET, "false", Option.LOG_LEVEL, "debug").logLevel())
        .isEqualTo(LogLevel.DEBUG);
    assertThat(load(Option.QUIET, "true").logLevel()).isEqualTo(LogLevel.WARN);
  }

  @Test
  void aPeerNamedTwiceAndTwoServersOnOneAddressAreErrors() {
    Map<Option, List<String>> twice = Map.of(Option.CONNECT, List.of("a:16111", "a"));
    assertThatThrownBy(() -> NodeConfig.load(twice, null, Map.of()))
        .hasMessage("--connect names a:16111 twice");
    assertThatThrownBy(() -> load(Option.LISTEN, "127.0.0.1:5", Option.ADMIN, "127.0.0.1:5"))
        .hasMessage("--admin and --listen are both 127.0.0.1:5");
  }

  @Test
  void amongThingsInAFileTheWrongOneIsNamedWithItsLine() throws IOException {
    Path file = dir.resolve("kaspeer.conf");
    assertFails(
        "network = simnet\nout_peers = 4\n",
        "unknown key 'out_peers' in ",
        "2: did you mean 'out-peers'?");
    assertFails("kaspeer { bogus = 4 }\n", "unknown key 'bogus' in " + file, "");
    assertFails("config = \"other.conf\"\n", "unknown key 'config' in " + file, "");
    assertFails(
        "out-peers = 5000\n", "'out-peers' in ", "1: '5000' is not a number from 0 to 1024");
    assertFails("out-peers = [1, 2]\n", "'out-peers' in ", "takes one value, not a list");
    assertFails("out-peers { a = 1 }\n", "'out-peers' in ", "is not a value");
    assertFails("out-peers = 1\nkaspeer.out-peers = 2\n", "'out-peers' in ", "is there twice");
    assertFails("connect = [7]\n", "'connect' in ", "is a list of strings");
    assertFails("network = \n{", "configuration file ", "");
  }

  @Test
  void aFileThatIsNotThereIsAnError() {
    assertThatThrownBy(() -> NodeConfig.load(Map.of(), dir.resolve("none.conf"), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("none.conf cannot be read");
  }

  @Test
  void messagesHaveOneLineAndNoControlCharacters() {
    assertThatThrownBy(() -> load(Option.POLICY, "a\nb\u001b[31m"))
        .isInstanceOf(ConfigException.class)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n").doesNotContain("\u001b"));
  }

  private void assertFails(String file, String start, String part) {
    assertThatThrownBy(() -> loadFile(file, Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(start)
        .hasMessageContaining(part)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  private NodeConfig loadFile(
      String text, Map<Option, List<String>> options, Map<String, String> environment)
      throws IOException {
    Path file = Files.writeString(dir.resolve("kaspeer.conf"), text);
    return NodeConfig.load(options, file, environment);
  }

  /**
   * @param pairs options and their values by turns
   */
  private static NodeConfig load(Object... pairs) {
    Map<Option, List<String>> options = new EnumMap<>(Option.class);
    for (int i = 0; i < pairs.length; i += 2) {
      options.put((Option) pairs[i], List.of((String) pairs[i + 1]));
    }
    return NodeConfig.load(options, null, Map.of());
  }

  @Test
  void pluginsAreNamedByTheirJarsAndLieInTheDataDirectory() throws IOException {
    NodeConfig config =
        loadFile("data-dir = some/where\nplugin = [sonar, \"probe-1.2\"]", Map.of(), Map.of());
    assertThat(config.plugins().directory()).isEqualTo(Path.of("some/where/plugins"));
    assertThat(config.plugins().names()).containsExactlyInAnyOrder("sonar", "probe-1.2");
    assertThat(load(Option.NETWORK, "simnet").plugins().names()).isEmpty();
    assertThatThrownBy(() -> load(Option.PLUGIN_DIR, "some/plugins"))
        .hasMessageContaining("--plugin-dir has no effect without --plugin");
    for (String bad : List.of("../sonar", "sonar.jar", "a/b", "*")) {
      assertThatThrownBy(() -> load(Option.PLUGIN, bad))
          .hasMessageContaining("is not the name of a jar without .jar");
    }
    assertThatThrownBy(() -> loadFile("plugin = [sonar, sonar]", Map.of(), Map.of()))
        .hasMessageContaining("names sonar twice");
  }
}
