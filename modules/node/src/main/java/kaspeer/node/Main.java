package kaspeer.node;

import kaspeer.node.cli.Cli;

/** Where the program starts. */
public final class Main {
  private Main() {}

  /**
   * Runs one command. Exits with 0 when it was done, 1 when it failed and 2 when it made no sense.
   */
  public static void main(String[] args) {
    if (args.length > 0 && args[0].equals("run")) {
      StartingActors.readAhead();
    }
    System.exit(Cli.run(args, System.getenv(), System.out, System.err));
  }
}
