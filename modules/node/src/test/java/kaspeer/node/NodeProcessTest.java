package kaspeer.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import kaspeer.node.cli.Cli;
import kaspeer.node.config.NodeConfig;
import kaspeer.node.config.Option;
import kaspeer.primitives.Network;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program, from its command line to its exit code. */
class NodeProcessTest {
  @TempDir private Path dir;

  @Test
  void aNodeAnswersItsClientStopsOnSigtermAndGoesOnAfterAKill()
      throws IOException, InterruptedException {
    Path data = dir.resolve("data");
    try (ChildProcess node = startNode(data)) {
      assertThat(ask(data, "node", "--json").get("network").asText()).isEqualTo("simnet");
      assertThat(ask(data, "dag", "--json").get("blockCount").asLong()).isZero();
      assertThat(ask(data, "flows", "--json")).isNotEmpty();
      assertThat(ask(data, "cluster", "--json").get("members")).hasSize(1);
      assertThat(ask(data, "cluster", "--peers", "--json").get("answered")).hasSize(1);
      assertThat(text(data, "bans", "add", "192.0.2.0/24", "--hours", "1", "--reason", "noise"))
          .isEqualTo("banned 192.0.2.0/24\n");
      assertThat(text(data, "limits", "set", "maxInPeers", "64"))
          .startsWith("maxInPeers: 128 -> 64 (")
          .contains("--max-in-peers 64");
      assertThat(text(data, "policy", "set", "INVALID_BLOCK", "ban", "--seconds", "60"))
          .startsWith("policy row INVALID_BLOCK: reject -> ban 60 s (");
      assertThat(text(data, "policy")).containsPattern("INVALID_BLOCK +ban 60 s +reject");
      assertThat(text(data, "log", "set", "kaspeer.engine", "debug"))
          .startsWith("log level of kaspeer.engine: its parent's -> debug (");
      assertThat(text(data, "log")).containsPattern("kaspeer.engine +debug");
      assertThat(value(data, "maxInPeers")).isEqualTo(64);
      assertThat(text(data, "peers", "add", "localhost:1", "--permanent"))
          .startsWith("held, and dialled again and again: localhost:1; not connected yet: ")
          .contains("connection refused by ");
      assertThat(text(data, "peers", "permanent")).contains("localhost:1");
      assertThat(text(data, "peers", "forget", "localhost:1"))
          .startsWith("permanent peer localhost:1: held -> not held");
      assertThat(refusal("node", "--admin", "127.0.0.1:" + peersPort(node)))
          .contains("is not an admin endpoint (that is usually the P2P port plus 1000)");
      Path elsewhere = dir.resolve("elsewhere");
      String admin = Files.readString(data.resolve("admin-address")).strip();
      assertThat(
              refusal("peers", "remove", "7", "--admin", admin, "--data-dir", elsewhere.toString()))
          .contains("none is in " + elsewhere.resolve("admin-token") + ": give --data-dir");
      node.kill();
    }
    try (ChildProcess node = startNode(data)) {
      assertThat(ask(data, "bans", "--json").get(0).get("address").asText())
          .as("what was written before the kill")
          .isEqualTo("192.0.2.0/24");
      assertThat(text(data, "bans", "remove", "192.0.2.0/24"))
          .isEqualTo("no longer banned: 192.0.2.0/24\n");
      assertThat(value(data, "maxInPeers")).as("which was until the node ends").isEqualTo(128);

      try (ChildProcess second = ChildProcess.start(dir, arguments(data))) {
        assertThat(second.awaitEnd()).isEqualTo(1);
        assertThat(second.errLines()).singleElement().asString().contains("in use by process");
      }

      // Its parts have less than ten seconds together, which is the stop sequence's own test. The
      // rest is for the JVM, on a machine that is busy.
      long begin = System.nanoTime();
      node.terminate();
      assertThat(node.awaitEnd()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
      assertThat(node.errLines()).isEmpty();
      assertThat(data.resolve("admin-address")).doesNotExist();
      assertThat(data.resolve("admin-token")).exists();
    }
  }

  @Test
  void aDataDirectoryOfAnotherNetworkOrOfSomebodyElseIsLeftAlone()
      throws IOException, InterruptedException {
    Path data = dir.resolve("data");
    try (ChildProcess node = startNode(data)) {
      node.terminate();
      assertThat(node.awaitEnd()).isZero();
    }
    assertFails(
        1,
        "was made for simnet, not for devnet: give --network simnet",
        "run",
        "--network",
        "devnet",
        "--data-dir",
        data.toString(),
        "--listen",
        "127.0.0.1:0");

    Path foreign = Files.createDirectory(dir.resolve("photos"));
    Files.writeString(foreign.resolve("holiday.jpg"), "x");
    assertFails(1, "not a Kaspeer data directory", arguments(foreign));
    try (var files = Files.list(foreign)) {
      assertThat(files.filter(file -> !file.endsWith("lock")))
          .containsExactly(foreign.resolve("holiday.jpg"));
    }
  }

  @Test
  void settingsThatTheActorSystemRefusesAreOneLine() throws IOException, InterruptedException {
    Path file = dir.resolve("node.conf");
    Files.writeString(file, "pekko.actor.provider = no.such.Provider");
    List<String> arguments = new ArrayList<>(List.of(arguments(dir.resolve("data"))));
    arguments.addAll(List.of("--config", file.toString()));
    assertFails(2, "'pekko' in the configuration file: ", arguments.toArray(new String[0]));
    Files.writeString(file, "pekko = 3");
    assertFailsHere(2, "is not a block", arguments.toArray(new String[0]));
  }

  @Test
  void aNodeThatCannotMineAsItWasToldLeavesNothingRunning() throws Exception {
    Path data = dir.resolve("data");
    Node.start(config(data)).close();
    Files.writeString(data.resolve("mining-key"), "no key");
    assertThatThrownBy(() -> Node.start(config(data)))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("holds no secret key");
    Files.delete(data.resolve("mining-key"));
    Node.start(config(data)).close();
  }

  @Test
  void aPortThatIsTakenIsOneLine() throws IOException, InterruptedException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      assertFails(
          1,
          "cannot listen on " + address + ": the port is taken (--listen names another)",
          "run",
          "--network",
          "simnet",
          "--data-dir",
          dir.resolve("a").toString(),
          "--listen",
          address,
          "--admin",
          "127.0.0.1:0");
      assertFails(
          1,
          "admin endpoint: cannot listen on "
              + address
              + ": the port is taken (--admin names another)",
          "run",
          "--network",
          "simnet",
          "--data-dir",
          dir.resolve("b").toString(),
          "--listen",
          "127.0.0.1:0",
          "--admin",
          address);
    }
  }

  @Test
  void aNodeStartsThoughTheNamesOfItsPeersAreUnknownForNow()
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(arguments(dir.resolve("data"))));
    arguments.addAll(List.of("--connect", "one.invalid:16511", "--connect", "two.invalid:16511"));
    try (ChildProcess node = ChildProcess.start(dir, arguments.toArray(new String[0]))) {
      node.awaitOutput("admin endpoint and page at http://127.0.0.1:");
      node.awaitOutput("No address is known for the permanent peer one.invalid:16511");
      node.awaitOutput("No address is known for the permanent peer two.invalid:16511");
      node.terminate();
      assertThat(node.awaitEnd()).isZero();
    }
  }

  @Test
  void aBadParameterFileIsOneLine() throws IOException, InterruptedException {
    Path params = dir.resolve("params.json");
    for (String text :
        List.of("{", "[]", "{\"max_block_level\": \"high\"}", "{\"unheard_of\": 1}")) {
      Files.writeString(params, text);
      assertFailsHere(2, "--override-params: " + params + ": ", withParams(params));
    }
    assertFailsHere(2, "there is no file", withParams(dir.resolve("none.json")));
    assertFails(2, "--override-params: ", withParams(dir.resolve("none.json")));
  }

  @Test
  void aNetworkThatCannotBeJoinedIsNamedAtTheStart() {
    assertThat(Foreground.shortcoming(Network.MAINNET).orElseThrow()).contains("pruned", "mainnet");
    assertThat(Foreground.shortcoming(Network.TESTNET_10)).isPresent();
    assertThat(Foreground.shortcoming(Network.SIMNET)).isEmpty();
  }

  @Test
  void anUnknownOptionIsOneLine() throws IOException, InterruptedException {
    assertFails(2, "unknown option: '--bogus'", "run", "--bogus");
  }

  private String[] withParams(Path params) {
    return new String[] {
      "run",
      "--network",
      "simnet",
      "--data-dir",
      dir.resolve("p").toString(),
      "--override-params",
      params.toString()
    };
  }

  private static String[] arguments(Path data) {
    return new String[] {
      "run",
      "--network",
      "simnet",
      "--data-dir",
      data.toString(),
      "--listen",
      "127.0.0.1:0",
      "--admin",
      "127.0.0.1:0"
    };
  }

  private static NodeConfig config(Path data) {
    Map<Option, List<String>> given = new EnumMap<>(Option.class);
    given.put(Option.NETWORK, List.of("simnet"));
    given.put(Option.DATA_DIR, List.of(data.toString()));
    given.put(Option.LISTEN, List.of("127.0.0.1:0"));
    given.put(Option.ADMIN, List.of("127.0.0.1:0"));
    given.put(Option.MINE, List.of("0.1"));
    return NodeConfig.load(given, null, Map.of());
  }

  private ChildProcess startNode(Path data) throws IOException {
    Files.deleteIfExists(data.resolve("admin-address"));
    ChildProcess node = ChildProcess.start(dir, arguments(data));
    node.awaitOutput("admin endpoint and page at http://127.0.0.1:");
    return node;
  }

  private void assertFails(int code, String message, String... arguments)
      throws IOException, InterruptedException {
    try (ChildProcess process = ChildProcess.start(dir, arguments)) {
      assertThat(process.awaitEnd()).as(process.out()).isEqualTo(code);
      assertThat(process.errLines())
          .singleElement()
          .asString()
          .startsWith("kaspeer: ")
          .contains(message);
    }
  }

  /** Without a process of its own: what fails before anything starts leaves nothing behind. */
  private static void assertFailsHere(int code, String message, String... arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    assertThat(Cli.run(arguments, Map.of(), stream, stream)).isEqualTo(code);
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .startsWith("kaspeer: ")
        .contains(message);
  }

  private static String peersPort(ChildProcess node) throws IOException {
    return node.out().replaceFirst("(?s).*Listening on 127\\.0\\.0\\.1:(\\d+).*", "$1");
  }

  /** What the client says when it cannot do something. */
  private static String refusal(String... arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    assertThat(Cli.run(arguments, Map.of(), stream, stream)).isEqualTo(1);
    return err.toString(StandardCharsets.UTF_8);
  }

  private static int value(Path data, String name) throws IOException {
    for (JsonNode limit : ask(data, "limits", "--json")) {
      if (limit.get("name").asText().equals(name)) {
        return limit.get("value").asInt();
      }
    }
    throw new AssertionError("no limit " + name);
  }

  private static JsonNode ask(Path data, String... command) throws IOException {
    return new ObjectMapper().readTree(text(data, command));
  }

  private static String text(Path data, String... command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("--data-dir", data.toString()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    int code = Cli.run(arguments.toArray(new String[0]), Map.of(), stream, stream);
    String text = out.toString(StandardCharsets.UTF_8);
    assertThat(code).as(text).isZero();
    return text;
  }
}
