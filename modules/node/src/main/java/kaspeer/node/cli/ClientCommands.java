package kaspeer.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import kaspeer.admin.AdminCommand;
import kaspeer.admin.events.AdminEvent;
import kaspeer.node.client.AdminClient;
import kaspeer.node.client.ClientException;
import kaspeer.node.client.EventLines;
import kaspeer.node.client.Views;
import kaspeer.node.config.ConfigException;
import kaspeer.primitives.Printable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that ask a running node. */
final class ClientCommands {
  private ClientCommands() {}

  static void addTo(CommandLine cli, Cli.Terms terms) {
    cli.addSubcommand(new Node(terms));
    cli.addSubcommand(new Dag(terms));
    cli.addSubcommand(new Peers(terms));
    cli.addSubcommand(new Bans(terms));
    cli.addSubcommand(new Addresses(terms));
    cli.addSubcommand(new Mempool(terms));
    cli.addSubcommand(new Flows(terms));
    cli.addSubcommand(new Cluster(terms));
    cli.addSubcommand(new Events(terms));
    ControlCommands.addTo(cli, terms);
  }

  /** {@code node}. */
  @Command(
      name = "node",
      description = "Shows what a running node is and how far its sync is.",
      mixinStandardHelpOptions = true)
  static final class Node extends ClientCommand implements Callable<Integer> {
    Node(Cli.Terms terms) {
      super(terms);
    }

    @Override
    public Integer call() throws ClientException {
      return show("/api/v1/node", json -> Views.members(json).print(terms().out()));
    }
  }

  /** {@code dag}. */
  @Command(name = "dag", description = "Shows the DAG.", mixinStandardHelpOptions = true)
  static final class Dag extends ClientCommand implements Callable<Integer> {
    Dag(Cli.Terms terms) {
      super(terms);
    }

    @Override
    public Integer call() throws ClientException {
      return show("/api/v1/dag", json -> Views.members(json).print(terms().out()));
    }

    @Command(name = "block", description = "Shows a block.", mixinStandardHelpOptions = true)
    int block(
        @Parameters(paramLabel = "HASH") String hash,
        @Option(names = "--transactions", description = "with its transactions")
            boolean transactions)
        throws ClientException {
      String query = transactions ? "?transactions=true" : "";
      return show(
          "/api/v1/blocks/" + AdminClient.escape(hash) + query,
          json -> terms().out().println(Printable.json(json.toPrettyString())));
    }
  }

  /** {@code peers}. */
  @Command(name = "peers", description = "Shows connected peers.", mixinStandardHelpOptions = true)
  static final class Peers extends ClientCommand implements Callable<Integer> {
    Peers(Cli.Terms terms) {
      super(terms);
    }

    @Override
    public Integer call() throws ClientException {
      // The table needs no traffic by type and no flows, which are most of the whole answer.
      String query = isJson() ? "" : "?brief=true";
      return show("/api/v1/peers" + query, json -> Views.peers(json).print(terms().out()));
    }

    @Command(
        name = "show",
        description = "Shows a peer with its flows and traffic.",
        mixinStandardHelpOptions = true)
    int show(
        @Parameters(paramLabel = "ID", description = "its id, or the number of its connection")
            String id)
        throws ClientException {
      return show(
          "/api/v1/peers/" + AdminClient.escape(id), json -> Views.peer(json, terms().out()));
    }

    @Command(
        name = "departed",
        description = "Shows peers that are gone, and why.",
        mixinStandardHelpOptions = true)
    int departed() throws ClientException {
      return show("/api/v1/peers/departed", json -> Views.departed(json).print(terms().out()));
    }

    @Command(
        name = "permanent",
        description = "Shows peers that are held, connected or not.",
        mixinStandardHelpOptions = true)
    int permanent() throws ClientException {
      return show("/api/v1/peers/permanent", json -> Views.permanent(json).print(terms().out()));
    }

    @Command(
        name = "forget",
        description = "Holds a permanent peer no longer, and disconnects it.",
        mixinStandardHelpOptions = true)
    int forget(@Parameters(paramLabel = "HOST:PORT") String target) throws ClientException {
      return change("DELETE", "/api/v1/peers/permanent/" + AdminClient.escape(target), null);
    }

    @Command(name = "add", description = "Dials.", mixinStandardHelpOptions = true)
    int add(
        @Parameters(paramLabel = "HOST:PORT") String address,
        @Option(names = "--permanent", description = "again and again") boolean permanent)
        throws ClientException {
      ObjectNode order = order().put("address", address).put("permanent", permanent);
      return change(
          "POST",
          "/api/v1/peers",
          order,
          answer ->
              answer.has("why")
                  ? "held, and dialled again and again: "
                      + address
                      + "; not connected yet: "
                      + answer.get("why").asText()
                  : "connected to " + address);
    }

    @Command(name = "remove", description = "Disconnects.", mixinStandardHelpOptions = true)
    int remove(
        @Parameters(paramLabel = "ID", description = "its id, or the number of its connection")
            String id)
        throws ClientException {
      return change(
          "DELETE", "/api/v1/peers/" + AdminClient.escape(id), null, "disconnected " + id);
    }
  }

  /** {@code bans}. */
  @Command(name = "bans", description = "Shows bans.", mixinStandardHelpOptions = true)
  static final class Bans extends ClientCommand implements Callable<Integer> {
    Bans(Cli.Terms terms) {
      super(terms);
    }

    @Override
    public Integer call() throws ClientException {
      return show("/api/v1/bans", json -> Views.bans(json).print(terms().out()));
    }

    @Command(
        name = "add",
        description = "Bans, and disconnects whom it covers.",
        mixinStandardHelpOptions = true)
    int add(
        @Parameters(paramLabel = "ADDRESS", description = "an IP address or a CIDR range")
            String address,
        @Option(names = "--reason", paramLabel = "TEXT") @Nullable String reason,
        @Option(names = "--hours", paramLabel = "N", description = "how long (default: 24)")
            @Nullable Integer hours)
        throws ClientException {
      ObjectNode order = order().put("address", address);
      if (reason != null) {
        order.put("reason", reason);
      }
      if (hours != null) {
        long most = AdminCommand.LONGEST_BAN.toHours();
        if (hours < 1 || hours > most) {
          throw new ConfigException("--hours: '" + hours + "' is not 1 to " + most);
        }
        order.put("seconds", hours * 3600L);
      }
      return change("POST", "/api/v1/bans", order, "banned " + address);
    }

    @Command(name = "remove", description = "Lifts a ban.", mixinStandardHelpOptions = true)
    int remove(@Parameters(paramLabel = "ADDRESS") String address) throws ClientException {
      return change(
          "DELETE",
          "/api/v1/bans?address=" + AdminClient.escape(address),
          null,
          "no longer banned: " + address);
    }
  }

  /** {@code addresses}. */
  @Command(
      name = "addresses",
      description = "Shows known addresses.",
      mixinStandardHelpOptions = true)
  static final class Addresses extends ClientCommand implements Callable<Integer> {
    Addresses(Cli.Terms terms) {
      super(terms);
    }

    @Override
    public Integer call() throws ClientException {
      return show("/api/v1/addresses", json -> Views.addresses(json).print(terms().out()));
    }
  }

  /** {@code mempool}. */
  @Command(
      name = "mempool",
      description = "Shows counts of the mempool.",
      mixinStandardHelpOptions = true)
  static final class Mempool extends ClientCommand implements Callable<Integer> {
    Mempool(Cli.Terms terms) {
      super(terms);
    }

    @Override
    public Integer call() throws ClientException {
      return show("/api/v1/mempool", json -> Views.members(json).print(terms().out()));
    }

    @Command(
        name = "show",
        description = "Shows a transaction in the mempool.",
        mixinStandardHelpOptions = true)
    int show(@Parameters(paramLabel = "TXID") String id) throws ClientException {
      return show(
          "/api/v1/mempool/" + AdminClient.escape(id),
          json -> terms().out().println(Printable.json(json.toPrettyString())));
    }
  }

  /** {@code flows}. */
  @Command(
      name = "flows",
      description = "Shows every registered flow.",
      mixinStandardHelpOptions = true)
  static final class Flows extends ClientCommand implements Callable<Integer> {
    Flows(Cli.Terms terms) {
      super(terms);
    }

    @Override
    public Integer call() throws ClientException {
      return show("/api/v1/flows", json -> Views.flows(json).print(terms().out()));
    }

    @Command(
        name = "show",
        description = "Shows a flow with the messages it takes and sends.",
        mixinStandardHelpOptions = true)
    int show(@Parameters(paramLabel = "NAME") String name) throws ClientException {
      try (AdminClient client = client()) {
        for (JsonNode flow : client.get("/api/v1/flows")) {
          if (flow.path("name").asText().equals(name)) {
            return show(flow, json -> Views.members(json).print(terms().out()));
          }
        }
      }
      throw new ClientException("no flow is called " + name, null);
    }
  }

  /** {@code cluster}. */
  @Command(
      name = "cluster",
      description = "Shows the members of the cluster.",
      mixinStandardHelpOptions = true)
  static final class Cluster extends ClientCommand implements Callable<Integer> {
    @Option(names = "--peers", description = "Shows the peers of all members instead.")
    boolean peers;

    Cluster(Cli.Terms terms) {
      super(terms);
    }

    @Override
    public Integer call() throws ClientException {
      return peers
          ? show("/api/v1/cluster/peers", this::printPeers)
          : show("/api/v1/cluster", json -> Views.cluster(json).print(terms().out()));
    }

    private void printPeers(JsonNode json) {
      Views.clusterPeers(json).print(terms().out());
      if (!json.path("missing").isEmpty()) {
        terms()
            .out()
            .println(
                Printable.line(
                    "Not heard of, so without their peers: " + words(json.path("missing"))));
      }
      if (json.path("omitted").asInt() > 0) {
        terms().out().println(json.path("omitted").asInt() + " peers more are not shown.");
      }
    }

    private static String words(JsonNode list) {
      return list.valueStream().map(JsonNode::asText).collect(Collectors.joining(", "));
    }
  }

  /** {@code events}. */
  @Command(
      name = "events",
      description =
          "Shows events as they happen, until Ctrl-C; if the node ends or drops the watcher, or says"
              + " nothing for 30 s, that is an error.",
      mixinStandardHelpOptions = true)
  static final class Events extends ClientCommand implements Callable<Integer> {
    @Option(
        names = "--type",
        paramLabel = "TYPE",
        description = "only these; repeatable; one of ${COMPLETION-CANDIDATES}",
        completionCandidates = EventTypes.class)
    private List<String> types = new ArrayList<>();

    Events(Cli.Terms terms) {
      super(terms);
    }

    @Override
    public Integer call() throws ClientException {
      for (String type : types) {
        if (AdminEvent.Type.of(type).isEmpty()) {
          throw new ConfigException(
              "--type: '" + type + "' is not one of " + String.join(", ", AdminEvent.TYPES));
        }
      }
      String query = types.isEmpty() ? "" : "?types=" + AdminClient.escape(String.join(",", types));
      try (AdminClient client = client()) {
        client.events(query, this::print);
      }
      return Cli.DONE;
    }

    private void print(JsonNode event) {
      terms().out().println(isJson() ? Printable.json(event.toString()) : EventLines.line(event));
      terms().out().flush();
    }
  }

  /** The types of event, for the help. */
  static final class EventTypes implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return AdminEvent.TYPES.iterator();
    }
  }

  private static ObjectNode order() {
    return JsonNodeFactory.instance.objectNode();
  }
}
