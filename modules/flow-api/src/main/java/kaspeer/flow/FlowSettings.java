package kaspeer.flow;

import java.time.Duration;

/**
 * Times and limits of the built-in flows. The defaults are the live network's (protocol reference
 * 0.3, 4.1, 5).
 *
 * @param handshakeTimeout from open stream to Ready, all of it
 * @param answerTimeout for one answer
 * @param pingInterval between the end of one ping and the next, give or take a tenth
 * @param transactionBatch how long accepted transaction ids wait for others before they are
 *     announced
 * @param fetchFailover how long one announcer may take before the next is asked
 * @param nearlySynced how old the sink may be for the node to count as nearly synced (protocol
 *     reference 8.3): a quarter of the difficulty window, of 661 samples four seconds apart
 * @param orphanResolutionRange blocks of the locator by which an orphan is judged worth keeping
 * @param serveIdleTimeout how long a served peer may take to ask for the next part
 */
public record FlowSettings(
    Duration handshakeTimeout,
    Duration answerTimeout,
    Duration pingInterval,
    Duration transactionBatch,
    Duration fetchFailover,
    Duration nearlySynced,
    int orphanResolutionRange,
    Duration serveIdleTimeout) {

  public static final FlowSettings DEFAULT =
      new FlowSettings(
          Duration.ofSeconds(8),
          Duration.ofSeconds(120),
          Duration.ofSeconds(120),
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofSeconds(661),
          9,
          Duration.ofSeconds(120));
}
