package kaspeer.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import kaspeer.admin.events.AdminEvent;
import kaspeer.engine.peers.LiveLimits.Limit;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.node.client.FakeNode;
import kaspeer.node.config.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {
  @TempDir private Path dir;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run --bogus|kaspeer: unknown option: '--bogus' (see kaspeer run --help)",
        "run extra|kaspeer: unmatched argument at index 1: 'extra' (see kaspeer run --help)",
        "run --network|kaspeer: missing required parameter for option '--network' (NAME) (see kaspeer run --help)",
        "run --network a --network b|kaspeer: option '--network' (NAME) should be specified only once (see kaspeer run --help)",
        "run --network lunar|kaspeer: --network: 'lunar' is not mainnet, testnet-10, devnet or simnet",
        "run --connect 1.2.3.4 --out-peers 3|kaspeer: --out-peers has no effect with --connect, which dials only the peers"
            + " it names",
        "run --config no/such.conf|kaspeer: configuration file no/such.conf cannot be read",
        "frob|kaspeer: unmatched argument at index 0: 'frob' (see kaspeer --help)",
        "peers frob|kaspeer: unmatched argument at index 1: 'frob' (see kaspeer peers --help)",
        "node --network lunar|kaspeer: --network: 'lunar' is not mainnet, testnet-10, devnet or simnet",
        "node --config no/such.conf|kaspeer: configuration file no/such.conf cannot be read",
        "node --network simnet --admin 127.0.0.1:1 --data-dir d|kaspeer: --network has no effect with --admin and"
            + " --data-dir, which say where the node is",
        "node --admin nowhere:x|kaspeer: --admin: 'nowhere:x' has a port that is not 0 to 65535",
        "events --type nope|kaspeer: --type: 'nope' is not one of EVENT_TYPES",
        "bans add 1.2.3.4 --hours 0|kaspeer: --hours: '0' is not 1 to 87600",
        "demo --blocks -1|kaspeer: --blocks: '-1' is not 0 to 10000",
        "demo --rate 0|kaspeer: --rate: '0.0' is not 0.1 to 10",
        "demo --rate fast|kaspeer: invalid value for option '--rate': 'fast' is not a double (see kaspeer demo --help)"
      })
  void whatMakesNoSenseIsOneLineAndExitCode2(String arguments, String message) {
    assertThat(run(arguments)).isEqualTo(2);
    String expected = message.replace("EVENT_TYPES", String.join(", ", AdminEvent.TYPES));
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo(expected + System.lineSeparator());
    assertThat(out.size()).isZero();
  }

  @Test
  void withoutACommandThereIsNothingToDo() {
    assertThat(Cli.run(new String[0], Map.of(), stream(out), stream(err))).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
  }

  @Test
  void anAtSignIsNoFileOfArguments() {
    assertThat(run("run @/etc/hostname")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("'@/etc/hostname'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "help",
        "help peers",
        "run --help",
        "demo --help",
        "node --help",
        "dag --help",
        "peers --help",
        "peers add --help",
        "bans --help",
        "addresses --help",
        "mempool --help",
        "flows --help",
        "flows show --help",
        "limits set --help",
        "policy reset --help",
        "cluster --help",
        "events --help",
        "policy --help",
        "policy set --help",
        "limits --help",
        "log --help",
        "sync --help",
        "sync rotate --help",
        "peers permanent --help",
        "peers forget --help"
      })
  void everyCommandExplainsItself(String arguments) {
    assertThat(run(arguments)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Usage: kaspeer");
  }

  @Test
  void theHelpOfRunShowsEveryOption() {
    run("run --help");
    for (Option option : Option.values()) {
      assertThat(out.toString(StandardCharsets.UTF_8).contains(option.flag()))
          .as(option.flag())
          .isEqualTo(option.isOnCommandLine());
      assertThat(out.toString(StandardCharsets.UTF_8)).contains(option.key());
    }
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("--config");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--version", "run --version", "node --version", "peers add --version", "log -V"})
  void theVersionIsTheBuilds(String arguments) {
    assertThat(run(arguments)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .matches("kaspeer [0-9]+\\.[0-9]+\\.[0-9]+\\S* on Java 2[5-9].*\\R");
  }

  @Test
  void aNodeThatDoesNotRunIsOneLineAndExitCode1() {
    assertThat(run("node --admin 127.0.0.1:1")).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "kaspeer: no node answers at 127.0.0.1:1: nothing listens there (--admin or --data-dir name another)");
  }

  @Test
  void aHostThatIsNotKnownIsNamed() {
    assertThat(run("node --admin no-such-host.invalid:1")).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith(
            "kaspeer: no node answers at no-such-host.invalid:1: no host is called no-such-host.invalid (");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.300", "node_1", "a%b", "-"})
  void whatCanBeNoHostIsNamed(String host) {
    assertThat(run("node --admin " + host + ":1")).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "kaspeer: '"
                + host
                + "' is neither an IP address nor a name of letters, digits, hyphens and dots"
                + " (--admin names the node)");
  }

  @Test
  void theHelpOfEventsNamesEveryType() {
    run("events --help");
    String help = out.toString(StandardCharsets.UTF_8);
    assertThat(AdminEvent.TYPES).allMatch(help::contains);
  }

  @Test
  void aClientLooksForTheNodeWhereTheNodesOwnSettingsSay() throws IOException {
    String settings = "network = simnet, listen = \"0.0.0.0:9\", data-dir = \"" + dir + "\"";
    Path file = Files.writeString(dir.resolve("node.conf"), settings);
    Map<String, String> environment = Map.of("KASPEER_CONFIG", file.toString());
    assertThat(run("node", environment)).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("kaspeer: no node answers at 127.0.0.1:1009: ");
  }

  @Test
  void whatARunningNodeNotedGoesBeforeADefaultAndAfterAName() throws IOException {
    Files.writeString(dir.resolve("admin-address"), "127.0.0.1:2\n");
    assertThat(run("node --network simnet --data-dir " + dir)).isEqualTo(1);
    assertThat(run("node --admin 127.0.0.1:0 --data-dir " + dir)).isEqualTo(1);
    assertThat(run("node --admin 0.0.0.0:3 --data-dir " + dir)).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .extracting(line -> line.replaceFirst(".* at (\\S+): .*", "$1"))
        .containsExactly("127.0.0.1:2", "127.0.0.1:2", "127.0.0.1:3");
  }

  @Test
  void aDataDirectoryWithoutANodeIsNotAnotherNodes() {
    assertThat(run("node --data-dir " + dir)).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("kaspeer: no node runs on " + dir + ": ")
        .contains("admin-address", "--admin")
        .hasLineCount(1);
  }

  @Test
  void theHelpNamesLimitsAndTheRowsOfThePolicyAndWhatALowerLimitDoes() {
    run("limits set --help");
    String limits = out.toString(StandardCharsets.UTF_8);
    assertThat(Limit.values()).allMatch(limit -> limits.contains(limit.text()));
    assertThat(limits.replaceAll("\\s+", " "))
        .contains("Peers above outPeers and maxInPeers are dismissed; the others hold for");
    for (String command : new String[] {"policy set --help", "policy reset --help"}) {
      out.reset();
      run(command);
      String codes = out.toString(StandardCharsets.UTF_8);
      assertThat(ViolationCode.values()).allMatch(code -> codes.contains(code.name()));
    }
  }

  @Test
  void theTokenOfADirectoryIsForItsNodeNotForAnyAddress() throws IOException {
    Files.writeString(dir.resolve("admin-token"), "0123456789abcdef");
    Map<String, String> environment = Map.of("KASPEER_DATA_DIR", dir.toString());
    try (FakeNode node = FakeNode.answering(200, "{}")) {
      String asked = "node --admin " + node.address();
      assertThat(run(asked, environment)).isZero();
      assertThat(node.tokens()).as("an address alone may be mistyped").containsExactly("none");
      assertThat(run(asked + " --data-dir " + dir, environment)).isZero();
      Files.writeString(dir.resolve("admin-address"), node.address() + "\n");
      assertThat(run(asked, environment)).isZero();
      assertThat(run("node", environment)).isZero();
      assertThat(node.tokens().subList(1, 4)).containsOnly("Bearer 0123456789abcdef");
    }
  }

  @Test
  void eventsThatEndAreAnErrorAndWhatTheJsonHoldsMovesNoCursor() throws IOException {
    try (FakeNode node = FakeNode.answering(200, "event: banned\ndata: {\"a\":\"\u009b\"}\n\n")) {
      assertThat(run("events --json --admin " + node.address())).isEqualTo(1);
    }
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{\"a\":\"\\u009b\"}\n");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("kaspeer: the node ended the stream of events\n");
  }

  @Test
  void aFlowByItselfIsShownWithItsMessages() throws IOException {
    try (FakeNode node =
        FakeNode.answering(200, "[{\"name\":\"ping\",\"receives\":[\"ping\",\"pong\"]}]")) {
      assertThat(run("flows show ping --admin " + node.address())).isZero();
      assertThat(out.toString(StandardCharsets.UTF_8)).containsPattern("receives +ping, pong");
      assertThat(run("flows show nope --admin " + node.address())).isEqualTo(1);
      assertThat(err.toString(StandardCharsets.UTF_8))
          .isEqualTo("kaspeer: no flow is called nope\n");
    }
  }

  private int run(String arguments) {
    return run(arguments, Map.of());
  }

  private int run(String arguments, Map<String, String> environment) {
    return Cli.run(arguments.split(" "), environment, stream(out), stream(err));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
