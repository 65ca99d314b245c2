package kaspeer.benchmarks;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** The JMH benchmarks of single operations: {@link HashingBenchmark} and {@link SpendBenchmark}. */
public final class Micro {
  private Micro() {}

  /**
   * @param args names to run, by substring; all by default
   */
  public static void main(String[] args) throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    for (String name : args.length == 0 ? new String[] {"Benchmark"} : args) {
      options.include(name);
    }
    new Runner(options.build()).run();
  }
}
