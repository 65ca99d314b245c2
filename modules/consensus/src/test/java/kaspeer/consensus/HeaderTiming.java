package kaspeer.consensus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;

/**
 * Measures header insertion; a program, not a test. Arguments: a DAG file, and the width of a DAG
 * of its own.
 */
public final class HeaderTiming {
  private static final int ROUNDS = 6;
  private static final int BATCH = 500;

  private HeaderTiming() {}

  public static void main(String[] arguments) {
    DagFile file = DagFile.read(Path.of(arguments[0]));
    measure("file", file.params(), file.headers());
    Params simnet = Params.of(Network.SIMNET);
    MemoryDagStore store = new MemoryDagStore();
    List<Header> mined;
    try (Consensus consensus =
        Consensus.open(
            simnet,
            store,
            new NoBodyRules(),
            ConsensusOptions.defaults().withUtxoValidation(false))) {
      long start = System.nanoTime();
      double width = Double.parseDouble(arguments[1]);
      mined = new WideDag(consensus, simnet.genesis().header(), width, 1).mine(20_000);
      System.out.printf("mined 20000 in %.1f s%n", (System.nanoTime() - start) / 1e9);
    }
    double merged =
        mined.stream().mapToInt(header -> header.directParents().size()).average().orElse(0);
    System.out.printf("parents on average: %.2f%n", merged);
    measure("mined", simnet, mined);
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      try (Consensus consensus =
          Consensus.open(
              simnet,
              store,
              new NoBodyRules(),
              ConsensusOptions.defaults().withUtxoValidation(false))) {
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
            "reopened %d headers: %.0f/s%n",
            consensus.state().headerCount(), mined.size() / seconds);
      }
    }
  }

  private static void measure(String name, Params params, List<Header> headers) {
    for (int round = 0; round < ROUNDS; round++) {
      try (Consensus consensus =
          Consensus.open(
              params,
              new MemoryDagStore(),
              new NoBodyRules(),
              ConsensusOptions.defaults().withUtxoValidation(false))) {
        long start = System.nanoTime();
        List<CompletableFuture<List<Verdict>>> answers = new ArrayList<>();
        for (int from = 0; from < headers.size(); from += BATCH) {
          answers.add(
              consensus.submitHeaders(
                  headers.subList(from, Math.min(headers.size(), from + BATCH))));
        }
        answers.forEach(CompletableFuture::join);
        double seconds = (System.nanoTime() - start) / 1e9;
        ConsensusMetrics m = consensus.metrics();
        double n = 1000.0 * m.headers();
        System.out.printf(
            "%s: %d headers, %.0f/s; us a header: isolation %.1f | ghostdag %.2f windows %.2f levels %.2f"
                + " insertion %.2f virtual %.2f store %.2f (%d commits); %d bytes a header%n",
            name,
            m.headers(),
            m.headers() / seconds,
            m.isolationNanos() / n,
            m.ghostdagNanos() / n,
            m.windowNanos() / n,
            m.levelNanos() / n,
            m.insertionNanos() / n,
            m.virtualNanos() / n,
            m.storeNanos() / n,
            m.commits(),
            m.memoryBytes() / Math.max(1, m.headers()));
      }
    }
  }
}
