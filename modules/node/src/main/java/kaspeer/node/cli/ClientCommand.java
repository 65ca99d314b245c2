package kaspeer.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import kaspeer.admin.HostPort;
import kaspeer.admin.http.AdminToken;
import kaspeer.node.AdminAddressFile;
import kaspeer.node.client.AdminClient;
import kaspeer.node.client.ClientException;
import kaspeer.node.client.ClientToken;
import kaspeer.node.config.ConfigException;
import kaspeer.node.config.NodePlace;
import kaspeer.primitives.Printable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * What the commands that ask a running node have in common: which node, and how to show its
 * answers.
 */
abstract class ClientCommand {
  private final Cli.Terms terms;

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      scope = ScopeType.INHERIT,
      description =
          "the node's admin endpoint (default: the one that its data directory names); a token goes"
              + " to another machine only with --data-dir")
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
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "the node's configuration file, which may name all of these")
  private @Nullable String config;

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

  /** Asks, and shows a member of the answer. */
  int showPart(String path, String member, Consumer<JsonNode> asTable) throws ClientException {
    try (AdminClient client = client()) {
      return show(client.get(path).path(member), asTable);
    }
  }

  /** Orders, and shows what was changed from what to what. */
  int change(String method, String path, @Nullable JsonNode body) throws ClientException {
    try (AdminClient client = client()) {
      return show(
          client.change(method, path, body),
          answer ->
              terms()
                  .out()
                  .println(
                      Printable.line(
                          answer.path("what").asText()
                              + ": "
                              + answer.path("before").asText()
                              + " -> "
                              + answer.path("after").asText()
                              + " ("
                              + answer.path("note").asText()
                              + ")")));
    }
  }

  /**
   * Orders, and shows the answer.
   *
   * @param done said when the node has nothing to say
   */
  int change(String method, String path, @Nullable JsonNode body, String done)
      throws ClientException {
    return change(method, path, body, answer -> done);
  }

  /**
   * Orders, and shows the answer.
   *
   * @param text of the answer, in a line
   */
  int change(String method, String path, @Nullable JsonNode body, Function<JsonNode, String> text)
      throws ClientException {
    try (AdminClient client = client()) {
      JsonNode answer = client.change(method, path, body);
      if (!json) {
        terms.out().println(Printable.line(text.apply(answer)));
      } else if (!answer.isMissingNode()) {
        terms.out().println(Printable.json(answer.toPrettyString()));
      }
      return Cli.DONE;
    }
  }

  /** Shows an answer. */
  int show(JsonNode answer, Consumer<JsonNode> asTable) {
    if (json) {
      terms.out().println(Printable.json(answer.toPrettyString()));
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

  AdminClient client() throws ClientException {
    Map<kaspeer.node.config.Option, List<String>> given =
        new EnumMap<>(kaspeer.node.config.Option.class);
    put(given, kaspeer.node.config.Option.NETWORK, network);
    put(given, kaspeer.node.config.Option.DATA_DIR, dataDir);
    put(given, kaspeer.node.config.Option.ADMIN, admin);
    requireEffect();
    NodePlace place =
        NodePlace.find(given, config == null ? null : Path.of(config), terms.environment());
    HostPort endpoint = endpoint(place);
    Path token = place.dataDir().resolve(AdminToken.FILE);
    return new AdminClient(
        endpoint,
        isOwn(endpoint, place) ? ClientToken.ofOwner(token) : ClientToken.found(token, endpoint));
  }

  /**
   * Whether the endpoint is the one of the data directory's node: it follows from the node's own
   * settings or note, or both were named together. An address alone may be mistyped, or another's.
   */
  private boolean isOwn(HostPort endpoint, NodePlace place) {
    if (admin == null || dataDir != null) {
      return true;
    }
    Path note = place.dataDir().resolve(AdminAddressFile.NAME);
    try {
      return Files.isReadable(note) && AdminAddressFile.read(note).equals(endpoint);
    } catch (IllegalArgumentException | IOException _) {
      return false;
    }
  }

  private static void put(
      Map<kaspeer.node.config.Option, List<String>> given,
      kaspeer.node.config.Option option,
      @Nullable String value) {
    if (value != null) {
      given.put(option, List.of(value));
    }
  }

  /** The network is only good for the places that nothing else names. */
  private void requireEffect() {
    if (network != null && dataDir != null && admin != null && admin.matches(".*:[0-9]+")) {
      throw new ConfigException(
          "--network has no effect with --admin and --data-dir, which say where the node is");
    }
  }

  /**
   * What was named; where that leaves the port open, or nothing was, what the node itself noted.
   */
  private HostPort endpoint(NodePlace place) throws ClientException {
    HostPort named = place.admin();
    Path note = place.dataDir().resolve(AdminAddressFile.NAME);
    if (dataDir != null && !place.isNamed() && !Files.isReadable(note)) {
      // The default port may be that of another node.
      throw new ClientException(
          "no node runs on "
              + place.dataDir()
              + ": it would name its admin endpoint in "
              + note
              + "; start it, or use --admin",
          null);
    }
    if (named.port() != 0 && (place.isNamed() || !Files.isReadable(note))) {
      return AdminAddressFile.reach(named);
    }
    if (!Files.isReadable(note)) {
      throw new ConfigException(
          "no node has noted its admin endpoint in " + note + "; use --admin");
    }
    try {
      return AdminAddressFile.read(note);
    } catch (IllegalArgumentException | IOException e) {
      throw new ConfigException(note + ": " + e.getMessage() + "; name the node with --admin", e);
    }
  }
}
