package kaspeer.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import kaspeer.admin.HostPort;
import kaspeer.admin.http.AdminToken;
import kaspeer.node.AdminAddressFile;
import kaspeer.node.client.AdminClient;
import kaspeer.node.client.ClientException;
import kaspeer.node.config.ConfigException;
import kaspeer.node.config.NodeConfig;
import kaspeer.primitives.Network;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * What the commands that ask a running node have in common: which node, and how to show its
 * answers.
 */
abstract class ClientCommand {
  private static final int ADMIN_OFFSET = 1_000;

  private final Cli.Terms terms;

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      scope = ScopeType.INHERIT,
      description = "the node's admin endpoint (default: the one that its data directory names)")
  private @Nullable String admin;

  @Option(
      names = "--network",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description =
          "the node's network, which its default directory and port follow from (default: mainnet)")
  private @Nullable String network;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "the node's data directory, where its token is (default: ~/.kaspeer/<network>)")
  private @Nullable String dataDir;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "show the node's answer as it is")
  private boolean json;

  ClientCommand(Cli.Terms terms) {
    this.terms = terms;
  }

  Cli.Terms terms() {
    return terms;
  }

  /** Asks, and shows the answer. */
  int show(String path, Consumer<JsonNode> asTable) throws ClientException {
    try (AdminClient client = client()) {
      return show(client.get(path), asTable);
    }
  }

  /** Orders, and shows the answer. @param done said when the node has nothing to say */
  int change(String method, String path, @Nullable JsonNode body, String done)
      throws ClientException {
    try (AdminClient client = client()) {
      JsonNode answer = client.change(method, path, body);
      if (!json) {
        terms.out().println(done);
      } else if (!answer.isMissingNode()) {
        terms.out().println(answer.toPrettyString());
      }
      return Cli.DONE;
    }
  }

  private int show(JsonNode answer, Consumer<JsonNode> asTable) {
    if (json) {
      terms.out().println(answer.toPrettyString());
    } else {
      asTable.accept(answer);
    }
    terms.out().flush();
    return Cli.DONE;
  }

  /** Whether answers are shown as they are. */
  boolean isJson() {
    return json;
  }

  AdminClient client() {
    Network known = knownNetwork();
    Path directory =
        given(dataDir, kaspeer.node.config.Option.DATA_DIR)
            .map(Path::of)
            .orElseGet(() -> NodeConfig.defaultDataDir(known));
    return new AdminClient(endpoint(known, directory), directory.resolve(AdminToken.FILE));
  }

  private Network knownNetwork() {
    try {
      return given(network, kaspeer.node.config.Option.NETWORK)
          .map(Network::ofOption)
          .orElse(Network.MAINNET);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--network: " + e.getMessage(), e);
    }
  }

  private HostPort endpoint(Network known, Path directory) {
    int port = known.p2pPort() + ADMIN_OFFSET;
    try {
      Optional<String> named = given(admin, kaspeer.node.config.Option.ADMIN);
      if (named.isPresent()) {
        return HostPort.parse(named.get(), port);
      }
      Path file = directory.resolve(AdminAddressFile.NAME);
      return Files.isReadable(file) ? AdminAddressFile.read(file) : new HostPort("127.0.0.1", port);
    } catch (IllegalArgumentException | IOException e) {
      throw new ConfigException("--admin: " + e.getMessage(), e);
    }
  }

  private Optional<String> given(@Nullable String option, kaspeer.node.config.Option variable) {
    if (option != null) {
      return Optional.of(option);
    }
    String value = terms.environment().getOrDefault(variable.variable(), "").strip();
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }
}
