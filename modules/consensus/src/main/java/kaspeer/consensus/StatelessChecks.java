package kaspeer.consensus;

import java.util.List;
import kaspeer.consensus.Submission.Item;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;

/** What can be checked of headers and bodies by many threads at a time, whatever the DAG holds. */
final class StatelessChecks {
  private final DagMemory memory;
  private final HeaderIsolation headers;
  private final BodyValidator bodies;
  private final PipelineMetrics metrics;

  StatelessChecks(
      DagMemory memory, HeaderIsolation headers, BodyValidator bodies, PipelineMetrics metrics) {
    this.memory = memory;
    this.headers = headers;
    this.bodies = bodies;
    this.metrics = metrics;
  }

  /** Checks some items of a submission. What is known already is left alone. */
  void check(Submission submission, Submission.Chunk chunk) {
    for (int i = chunk.from(); i < chunk.to() && !submission.ended; i++) {
      long start = System.nanoTime();
      check(submission.items.get(i));
      metrics.isolation(start);
    }
  }

  private void check(Item item) {
    BlockStatus status = memory.status(item.hash);
    if (status == BlockStatus.INVALID) {
      return;
    }
    Header header = item.header;
    if (header != null && status == BlockStatus.UNKNOWN) {
      checkHeader(item, header);
    }
    if (item.body != null && item.headerFailure == null && !status.hasBody()) {
      Header of = header != null ? header : memory.header(item.hash);
      if (of != null) {
        item.knownHeader = of;
        checkBody(item, of, item.body);
      }
    }
  }

  /** Checks a header; the outcome is in the item. */
  void checkHeader(Item item, Header header) {
    item.headerChecked = true;
    try {
      item.level = headers.check(header);
    } catch (RuleException broken) {
      item.headerFailure = broken;
    }
  }

  /** Checks a body; the outcome is in the item. */
  void checkBody(Item item, Header header, List<Transaction> body) {
    item.bodyChecked = true;
    try {
      bodies.validateInIsolation(header, body);
    } catch (RuleException broken) {
      item.bodyFailure = broken;
    }
  }
}
