package kaspeer.engine.metrics;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.policy.Sanction;

/**
 * The engine's counters and histograms, with their names; gauges are made where what they show is.
 * Labels never hold what a peer chose: no address, no agent, no free text.
 */
public final class EngineMetrics {
  /** What the end of a peer as a whole is counted under, beside the names of flows. */
  public static final String LINK = "link";

  /** How sanctions are counted that were not carried out. */
  private static final String SUSPENDED = "suspended";

  private static final List<Sanction> SANCTIONS =
      List.of(
          new Sanction.Ignore(),
          new Sanction.Demerit(1),
          new Sanction.Disconnect(),
          new Sanction.Reject(),
          new Sanction.Ban(Duration.ofDays(1)));

  private final Metrics registry;
  private final CounterFamily messages;
  private final CounterFamily bytes;
  private final CounterFamily overflows;
  private final CounterFamily outcomes;
  private final CounterFamily sanctions;
  private final CounterFamily handshakes;
  private final CounterFamily dials;
  private final CounterFamily submissions;
  private final CounterFamily transactions;
  private final CounterFamily rejects;
  private final CounterFamily announcementsIgnored;
  private final Counter addressesRefused;
  private final Counter fetchFailovers;
  private final Counter storeFailures;
  private final Counter failedQueries;
  private final Counter blocksFromTheFuture;
  private final Counter announcementsSkipped;
  private final Counter evictions;
  private final HistogramFamily queueDepths;
  private final HistogramFamily handling;
  private final HistogramFamily mailboxes;
  private final Histogram pings;
  private final Histogram dagStage;

  public EngineMetrics(Metrics registry) {
    this.registry = registry;
    messages =
        registry.counters(
            "kaspeer_p2p_messages_total", "Messages on the wire.", "direction", "payload");
    bytes =
        registry.counters(
            "kaspeer_p2p_bytes_total", "Bytes of messages, unpacked.", "direction", "payload");
    overflows =
        registry.counters(
            "kaspeer_p2p_inbound_overflow_total", "Messages without room.", "flow", "policy");
    outcomes =
        registry.counters(
            "kaspeer_p2p_outcomes_total", "Ends of flows.", "flow", "outcome", "code");
    sanctions =
        registry.counters("kaspeer_p2p_sanctions_total", "What followed for peers.", "sanction");
    // What increases from nothing to 1 has not increased for Prometheus; what alerts ask for
    // begins at 0.
    SANCTIONS.forEach(sanction -> sanctions.with(sanction.word()));
    sanctions.with(SUSPENDED);
    handshakes =
        registry.counters("kaspeer_p2p_handshakes_total", "Handshakes.", "direction", "result");
    dials = registry.counters("kaspeer_p2p_dials_total", "Dialled addresses.", "result");
    rejects =
        registry.counters("kaspeer_p2p_rejects_received_total", "Rejects that peers sent.", "kind");
    submissions =
        registry.counters("kaspeer_dag_submissions_total", "Blocks handed in.", "source", "result");
    transactions =
        registry.counters("kaspeer_mempool_submissions_total", "Transactions handed in.", "result");
    addressesRefused =
        registry.counter("kaspeer_addresses_refused_total", "Addresses not believed.");
    fetchFailovers =
        registry.counter(
            "kaspeer_relay_failovers_total", "Fetches passed on to another announcer.");
    storeFailures =
        registry.counter("kaspeer_store_failures_total", "Small entries that could not be stored.");
    failedQueries =
        registry.counter(
            "kaspeer_dag_failed_queries_total", "Questions about the DAG that failed here.");
    blocksFromTheFuture =
        registry.counter(
            "kaspeer_dag_blocks_from_the_future_total",
            "Blocks of peers that are ahead of our clock by more than the network allows.");
    announcementsSkipped =
        registry.counter(
            "kaspeer_relay_announcements_skipped_total", "Announcements that peers knew already.");
    announcementsIgnored =
        registry.counters(
            "kaspeer_relay_announcements_ignored_total",
            "Blocks and transactions that peers announced beyond what is taken down of them.",
            "kind");
    evictions =
        registry.counter("kaspeer_p2p_evictions_total", "Inbound peers that made room for others.");
    queueDepths =
        registry.histograms(
            "kaspeer_p2p_flow_queue_depth",
            "Messages in the inbox with one that has to wait for its flow, itself included.",
            HistogramFamily.COUNTS,
            "flow");
    handling =
        registry.histograms(
            "kaspeer_p2p_message_handling_seconds",
            "From a message's being given to its flow until the flow asks for the next.",
            HistogramFamily.SECONDS,
            "payload");
    mailboxes =
        registry.histograms(
            "kaspeer_actor_mailbox_seconds",
            "How long a message waits for an actor that all peers share.",
            HistogramFamily.SECONDS,
            "actor");
    pings =
        registry
            .histograms(
                "kaspeer_p2p_ping_rtt_seconds", "Round trips of pings.", HistogramFamily.SECONDS)
            .with();
    dagStage =
        registry
            .histograms(
                "kaspeer_dag_block_seconds", "From submission to verdict.", HistogramFamily.SECONDS)
            .with();
  }

  /** The counter of messages of this type. @param direction {@code in} or {@code out} */
  public Counter messages(String direction, String payload) {
    return messages.with(direction, payload);
  }

  /** The counter of bytes of this type. @param direction {@code in} or {@code out} */
  public Counter bytes(String direction, String payload) {
    return bytes.with(direction, payload);
  }

  /** A message found no room. @param policy what followed */
  public void overflow(String flow, String policy) {
    overflows.with(flow, policy).increment();
  }

  /** A message waits for its flow, behind as many as this less one. */
  public void queued(String flow, int depth) {
    queueDepths.with(flow).observe(depth);
  }

  /** How long flows have to do with messages of this type. */
  public Histogram handling(String payload) {
    return handling.with(payload);
  }

  /** How long messages wait for this actor. */
  public Histogram mailbox(String actor) {
    return mailboxes.with(actor);
  }

  /** A flow, or the peer as a whole ({@code link}), came to this end. */
  public void outcome(String flow, FlowOutcome outcome) {
    String code = outcome instanceof FlowOutcome.Violation violation ? violation.code().name() : "";
    outcomes.with(flow, outcome.kind(), code).increment();
  }

  /** Faults of our own in these flows, and in links, are counted from 0 on. */
  public void expectFaults(Collection<String> flows) {
    String fault = new FlowOutcome.LocalFault("").kind();
    outcomes.with(LINK, fault, "");
    flows.forEach(flow -> outcomes.with(flow, fault, ""));
  }

  /** This followed for a peer. */
  public void sanction(Sanction sanction) {
    sanctions.with(sanction.word()).increment();
  }

  /** A ban or points did not follow: the node suspects itself, or the peer is a permanent one. */
  public void suspended() {
    sanctions.with(SUSPENDED).increment();
  }

  /**
   * @param result {@code ready}, or the kind of outcome that ended it
   */
  public void handshake(boolean inbound, String result) {
    handshakes.with(inbound ? "in" : "out", result).increment();
  }

  public void dial(String result) {
    dials.with(result).increment();
  }

  /**
   * @param benign whether it only says that the connection is one too many
   */
  public void rejectReceived(boolean benign) {
    rejects.with(benign ? "benign" : "other").increment();
  }

  public void submission(String source, String result) {
    submissions.with(source, result).increment();
  }

  public void transaction(String result) {
    transactions.with(result).increment();
  }

  public Counter addressesRefused() {
    return addressesRefused;
  }

  public Counter fetchFailovers() {
    return fetchFailovers;
  }

  public Counter storeFailures() {
    return storeFailures;
  }

  public Counter failedQueries() {
    return failedQueries;
  }

  public Counter blocksFromTheFuture() {
    return blocksFromTheFuture;
  }

  public Counter announcementsSkipped() {
    return announcementsSkipped;
  }

  /** Announced by peers beyond what is taken down of them. @param kind of what was announced */
  public Counter announcementsIgnored(String kind) {
    return announcementsIgnored.with(kind.toLowerCase(Locale.ROOT));
  }

  public Counter evictions() {
    return evictions;
  }

  public void ping(double seconds) {
    pings.observe(seconds);
  }

  public void blockTook(double seconds) {
    dagStage.observe(seconds);
  }

  public void knownAddresses(IntSupplier size) {
    registry.gauge("kaspeer_addresses_known", "Addresses in the book.", size::getAsInt);
  }

  /** Connected peers by direction. */
  public void peers(Supplier<Map<String, Double>> byDirection) {
    registry.gauges("kaspeer_p2p_peers", "Connected peers.", byDirection, "direction");
  }

  /** Inbound connections that were not let in, by reason. */
  public void refusals(Supplier<Map<String, Double>> byReason) {
    registry.counted(
        "kaspeer_p2p_refused_connections_total",
        "Inbound connections not let in.",
        byReason,
        "reason");
  }

  /** Inbound connections that ended before there was a link, by the code of their end. */
  public void drops(Supplier<Map<String, Double>> byReason) {
    registry.counted(
        "kaspeer_p2p_dropped_connections_total",
        "Inbound connections that ended before they were a peer's.",
        byReason,
        "reason");
  }

  public void gauge(String name, String help, DoubleSupplier value) {
    registry.gauge(name, help, value);
  }
}
