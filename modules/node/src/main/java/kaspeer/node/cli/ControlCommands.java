package kaspeer.node.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.Callable;
import kaspeer.engine.peers.LiveLimits.Limit;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.node.client.AdminClient;
import kaspeer.node.client.ClientException;
import kaspeer.node.client.Views;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that change a running node: policy, limits, log, sync. */
final class ControlCommands {
  private ControlCommands() {}

  static void addTo(CommandLine cli, Cli.Terms terms) {
    cli.addSubcommand(new Policy(terms));
    cli.addSubcommand(new Limits(terms));
    cli.addSubcommand(new Log(terms));
    cli.addSubcommand(new Sync(terms));
  }

  /** {@code policy}. */
  @Command(
      name = "policy",
      description = "Shows what follows from breaches of the protocol.",
      mixinStandardHelpOptions = true)
  static final class Policy extends ClientCommand implements Callable<Integer> {
    Policy(Cli.Terms terms) {
      super(terms);
    }

    @Override
    public Integer call() throws ClientException {
      return show("/api/v1/policy", json -> Views.policy(json).print(terms().out()));
    }

    @Command(
        name = "set",
        description = "Another sanction follows from a breach, until the node ends.",
        mixinStandardHelpOptions = true)
    int set(
        @Parameters(
                paramLabel = "CODE",
                description = "the breach, one of ${COMPLETION-CANDIDATES}",
                completionCandidates = Codes.class)
            String code,
        @Parameters(
                paramLabel = "SANCTION",
                description = "ignore, demerit, disconnect, reject or ban")
            String sanction,
        @Option(names = "--points", paramLabel = "N", description = "of a demerit")
            @Nullable Integer points,
        @Option(names = "--seconds", paramLabel = "N", description = "of a ban (default: a day)")
            @Nullable Integer seconds)
        throws ClientException {
      ObjectNode order = order().put("sanction", sanction);
      if (points != null) {
        order.put("points", points);
      }
      if (seconds != null) {
        order.put("seconds", seconds);
      }
      return change("PUT", "/api/v1/policy/" + AdminClient.escape(code), order);
    }

    @Command(
        name = "reset",
        description = "What the node was started with follows from a breach again.",
        mixinStandardHelpOptions = true)
    int reset(
        @Parameters(
                paramLabel = "CODE",
                description = "the breach, one of ${COMPLETION-CANDIDATES}",
                completionCandidates = Codes.class)
            String code)
        throws ClientException {
      return change("DELETE", "/api/v1/policy/" + AdminClient.escape(code), null);
    }
  }

  /** {@code limits}. */
  @Command(
      name = "limits",
      description = "Shows the limits on connections.",
      mixinStandardHelpOptions = true)
  static final class Limits extends ClientCommand implements Callable<Integer> {
    Limits(Cli.Terms terms) {
      super(terms);
    }

    @Override
    public Integer call() throws ClientException {
      return show("/api/v1/limits", json -> Views.limits(json).print(terms().out()));
    }

    @Command(
        name = "set",
        description =
            "Another limit, until the node ends. Peers above outPeers and maxInPeers are dismissed;"
                + " the others hold for connections from then on.",
        mixinStandardHelpOptions = true)
    int set(
        @Parameters(
                paramLabel = "NAME",
                description = "one of ${COMPLETION-CANDIDATES}",
                completionCandidates = LimitNames.class)
            String name,
        @Parameters(paramLabel = "N") int value)
        throws ClientException {
      return change(
          "PUT", "/api/v1/limits/" + AdminClient.escape(name), order().put("value", value));
    }
  }

  /** {@code log}. */
  @Command(
      name = "log",
      description = "Shows loggers with levels of their own.",
      mixinStandardHelpOptions = true)
  static final class Log extends ClientCommand implements Callable<Integer> {
    Log(Cli.Terms terms) {
      super(terms);
    }

    @Override
    public Integer call() throws ClientException {
      return show("/api/v1/log-levels", json -> Views.logLevels(json).print(terms().out()));
    }

    @Command(
        name = "set",
        description = "Another level, until the node ends.",
        mixinStandardHelpOptions = true)
    int set(
        @Parameters(paramLabel = "LOGGER", description = "such as kaspeer.engine or ROOT")
            String logger,
        @Parameters(paramLabel = "LEVEL", description = "off, error, warn, info, debug or trace")
            String level)
        throws ClientException {
      return change(
          "PUT", "/api/v1/log-levels/" + AdminClient.escape(logger), order().put("level", level));
    }

    @Command(
        name = "reset",
        description = "The logger has its parent's level again.",
        mixinStandardHelpOptions = true)
    int reset(@Parameters(paramLabel = "LOGGER") String logger) throws ClientException {
      return change("DELETE", "/api/v1/log-levels/" + AdminClient.escape(logger), null);
    }
  }

  /** {@code sync}. */
  @Command(
      name = "sync",
      description = "Shows how far the sync is.",
      mixinStandardHelpOptions = true)
  static final class Sync extends ClientCommand implements Callable<Integer> {
    Sync(Cli.Terms terms) {
      super(terms);
    }

    @Override
    public Integer call() throws ClientException {
      return showPart("/api/v1/node", "sync", json -> Views.members(json).print(terms().out()));
    }

    @Command(
        name = "rotate",
        description = "Another peer takes the lead of the sync under way.",
        mixinStandardHelpOptions = true)
    int rotate() throws ClientException {
      return change("POST", "/api/v1/sync/rotate", null);
    }
  }

  /** The codes of the policy's rows, for the help. */
  static final class Codes implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(ViolationCode.values()).map(Enum::name).iterator();
    }
  }

  /** The names of limits, for the help. */
  static final class LimitNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Limit.values()).map(Limit::text).iterator();
    }
  }

  private static ObjectNode order() {
    return JsonNodeFactory.instance.objectNode();
  }
}
