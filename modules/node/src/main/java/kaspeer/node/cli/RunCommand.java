package kaspeer.node.cli;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import kaspeer.node.Foreground;
import kaspeer.node.config.NodeConfig;
import kaspeer.node.config.Option;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * {@code run}: a node, in the foreground. Its options are made of {@link Option}, so that none is
 * forgotten.
 */
@Command(
    name = "run",
    description = "Runs a node in the foreground; Ctrl-C or SIGTERM stops it.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    sortSynopsis = false,
    versionProvider = Cli.Versions.class,
    footer = {
      "",
      "Every option is also a key of the configuration file (out-peers = 16, or under kaspeer { }) and an environment",
      "variable (KASPEER_OUT_PEERS=16; lists with commas). The command line goes before the environment, that before",
      "the file. Two keys are no options: mempool-bytes, the most heap for transactions that wait for a block, and",
      "minimum-relay-fee, the least fee of one in sompi for 1000 grams."
    })
final class RunCommand implements Callable<Integer> {
  private static final String CONFIG = "--config";

  private final Cli.Terms terms;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  private RunCommand(Cli.Terms terms) {
    this.terms = terms;
  }

  static CommandSpec spec(Cli.Terms terms) {
    CommandSpec spec = CommandSpec.forAnnotatedObject(new RunCommand(terms));
    int order = 0;
    for (Option option : Option.values()) {
      if (!option.isOnCommandLine()) {
        continue;
      }
      OptionSpec.Builder builder =
          OptionSpec.builder(option.flag())
              .description(option.help().replace("%", "%%"))
              .order(order++);
      spec.addOption(typed(option, builder).build());
    }
    return spec.addOption(
        OptionSpec.builder(CONFIG)
            .description("configuration file (HOCON)")
            .type(String.class)
            .arity("1")
            .paramLabel("FILE")
            .order(order)
            .build());
  }

  private static OptionSpec.Builder typed(Option option, OptionSpec.Builder builder) {
    if (option.isFlag()) {
      return builder.type(boolean.class).arity("0");
    }
    builder.arity("1").paramLabel(option.label());
    return option.isList()
        ? builder.type(List.class).auxiliaryTypes(String.class)
        : builder.type(String.class);
  }

  @Override
  public Integer call() throws Exception {
    NodeConfig config = config(spec.commandLine().getParseResult());
    Foreground.run(config);
    return Cli.DONE;
  }

  private NodeConfig config(ParseResult parsed) {
    Map<Option, List<String>> given = new EnumMap<>(Option.class);
    for (Option option : Option.values()) {
      if (option.isOnCommandLine() && parsed.hasMatchedOption(option.flag())) {
        given.put(
            option,
            option.isFlag() ? List.of("true") : parsed.matchedOption(option.flag()).stringValues());
      }
    }
    @Nullable String file = parsed.matchedOptionValue(CONFIG, null);
    return NodeConfig.load(given, file == null ? null : Path.of(file), terms.environment());
  }
}
