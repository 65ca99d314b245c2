package kaspeer.node;

import kaspeer.node.cli.Cli;

/** Where the program starts. */
public final class Main {
  private Main() {}

  /**
   * Runs one command. Exits with 0 when it was done, 1 when it failed and 2 when it made no sense.
   */
  public static void main(String[] args) {
    System.exit(Cli.run(args, System.getenv(), System.out, System.err));
  }
}
