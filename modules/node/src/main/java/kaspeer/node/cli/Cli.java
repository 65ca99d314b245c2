package kaspeer.node.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import kaspeer.node.StartException;
import kaspeer.node.Version;
import kaspeer.node.client.ClientException;
import kaspeer.node.config.ConfigException;
import kaspeer.node.config.NodeConfig.LogLevel;
import kaspeer.node.log.Logging;
import kaspeer.primitives.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Finds the command, runs it, and says in one line what was wrong if something was. */
@Command(
    name = "kaspeer",
    description = "A Kaspa node and peer engine.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Cli.Versions.class)
public final class Cli implements Runnable {
  /** It was done. */
  public static final int DONE = 0;

  /** It could not be done. */
  public static final int FAILED = 1;

  /** It made no sense. */
  public static final int MISUSED = 2;

  private static final int HELP_WIDTH = 110;
  private static final Logger LOG = LoggerFactory.getLogger(Cli.class);

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  /** Says the version. */
  static final class Versions implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"kaspeer " + Version.current() + " on Java " + Runtime.version()};
    }
  }

  /** Without a command there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "which command? run, demo, node, dag, peers, ...");
  }

  /**
   * Runs a command to its end.
   *
   * @return {@link #DONE}, {@link #FAILED} or {@link #MISUSED}
   */
  public static int run(
      String[] args, Map<String, String> environment, PrintStream out, PrintStream err) {
    Terms terms = new Terms(environment, writer(out), writer(err));
    CommandLine cli = new CommandLine(new Cli());
    cli.addSubcommand("run", RunCommand.spec(terms));
    // A node starts sooner without the commands that only others have a use for.
    if (args.length == 0 || !args[0].equals("run")) {
      cli.addSubcommand("demo", new DemoCommand(terms));
      ClientCommands.addTo(cli, terms);
      cli.addSubcommand(new CommandLine.HelpCommand());
    }
    return configure(cli, terms).execute(args);
  }

  private static CommandLine configure(CommandLine cli, Terms terms) {
    tellVersion(cli);
    cli.setOut(terms.out());
    cli.setErr(terms.err());
    cli.setExpandAtFiles(false);
    cli.setUsageHelpWidth(HELP_WIDTH);
    cli.setParameterExceptionHandler((exception, args) -> misused(exception));
    cli.setExecutionExceptionHandler(Cli::failed);
    return cli;
  }

  /** Every command has {@code --version}, so every command tells it. */
  private static void tellVersion(CommandLine command) {
    command.getCommandSpec().versionProvider(new Versions());
    command.getSubcommands().values().forEach(Cli::tellVersion);
  }

  /** What a command works with. */
  record Terms(Map<String, String> environment, PrintWriter out, PrintWriter err) {}

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  private static int misused(ParameterException exception) {
    CommandLine command = exception.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    say(command, lowerFirst(String.valueOf(exception.getMessage())) + " (see " + name + " --help)");
    return MISUSED;
  }

  /** Nobody is shown a stack trace: what is not foreseen has its trace in the log. */
  private static int failed(Exception exception, CommandLine command, ParseResult parsed) {
    switch (exception) {
      case ConfigException e -> {
        say(command, String.valueOf(e.getMessage()));
        return MISUSED;
      }
      case StartException e -> say(command, String.valueOf(e.getMessage()));
      case ClientException e -> say(command, String.valueOf(e.getMessage()));
      default -> {
        Logging.orElse(LogLevel.ERROR, System.err);
        LOG.error("{} failed", command.getCommandName(), exception);
        say(command, "this should not happen, see the log: " + exception);
      }
    }
    return FAILED;
  }

  private static void say(CommandLine command, String message) {
    String line = message.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse("");
    command.getErr().println("kaspeer: " + Printable.line(line));
  }

  private static String lowerFirst(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }
}
