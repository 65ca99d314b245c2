package kaspeer.node.cli;

import java.util.concurrent.Callable;
import kaspeer.node.config.ConfigException;
import kaspeer.node.demo.Demo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code demo}: a small network on this machine. */
@Command(
    name = "demo",
    description =
        "Runs three simnet nodes in a chain on this machine, until Ctrl-C: the first mines, the others"
            + " sync, and signed payments go between all.",
    mixinStandardHelpOptions = true,
    versionProvider = Cli.Versions.class)
final class DemoCommand implements Callable<Integer> {
  private static final int DEFAULT_BLOCKS = 300;
  private static final int MAX_BLOCKS = 10_000;
  private static final double DEFAULT_RATE = 2;
  private static final double MAX_RATE = 10;

  private final Cli.Terms terms;

  @Option(
      names = "--blocks",
      paramLabel = "N",
      description =
          "blocks that the first node has before the others start, 0 to 10000 (default: 300)")
  private int blocks = DEFAULT_BLOCKS;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "new blocks a second, 0.1 to 10 (default: 2)")
  private double rate = DEFAULT_RATE;

  DemoCommand(Cli.Terms terms) {
    this.terms = terms;
  }

  @Override
  public Integer call() throws Exception {
    if (blocks < 0 || blocks > MAX_BLOCKS) {
      throw new ConfigException("--blocks: '" + blocks + "' is not 0 to " + MAX_BLOCKS);
    }
    if (!(rate >= 0.1 && rate <= MAX_RATE)) {
      throw new ConfigException("--rate: '" + rate + "' is not 0.1 to 10");
    }
    Demo.run(blocks, rate, terms.out());
    return Cli.DONE;
  }
}
