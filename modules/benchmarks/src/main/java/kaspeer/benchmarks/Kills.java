package kaspeer.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import kaspeer.testkit.kaspad.KaspadBinary;
import kaspeer.testkit.kill.KillLoop;

/**
 * Kill -9 many times at random moments of first syncs, reorganisations and floods of transactions;
 * after each restart the node's sink, tips, DAA score and UTXO commitment have to be those of a
 * twin that was never killed. Ends at the first difference, with the seed that repeats it.
 */
public final class Kills {
  private static final int KILLS = 200;

  private Kills() {}

  /**
   * @param args how many kills, 200 by default; the seed, a new one by default
   */
  public static void main(String[] args) throws IOException {
    int kills = args.length > 0 ? Integer.parseInt(args[0]) : KILLS;
    long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
    Path binary = KaspadBinary.require();
    Path folder = Files.createTempDirectory("kaspeer-kills");
    System.out.println(kills + " kills, seed " + seed + ", in " + folder);
    try {
      KillLoop.run(
          KillLoop.Plan.of(kills), folder, binary, new SplittableRandom(seed), System.out::println);
    } catch (RuntimeException | AssertionError failure) {
      throw new AssertionError("after a kill, with args \"" + kills + " " + seed + "\"", failure);
    }
    System.out.println(kills + " kills in all: no difference");
  }
}
