package kaspeer.flows.sync;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.peers.Sync.Directive.FetchHeaders;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.Breach;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.BlockHeader;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.RequestAntipastMessage;
import kaspeer.wire.proto.RequestHeadersMessage;
import kaspeer.wire.proto.RequestNextHeadersMessage;
import org.jspecify.annotations.Nullable;

/**
 * The headers stage with one peer (protocol reference 6.7): headers up to the peer's sink, then the
 * antipast of the block it relayed. A batch is downloaded while the one before is converted and up
 * to two more are checked.
 *
 * <p>When another peer leads it asks for no more. But the peer then waits for us in the middle of
 * its answer, and would take another request for a breach: before the next fetch from it this one
 * is drained, which is to ask for the rest and let it go.
 */
final class HeaderFetch {
  /** Batches converted, checked or waiting for it. One more may be on its way. */
  static final int MAX_BATCHES = 3;

  /** With so many bytes of batches here no other is asked for; one alone may have more. */
  static final long MAX_BYTES = 16L << 20;

  /** Batches at the DAG. */
  static final int MAX_IN_CHECK = 2;

  /**
   * Batches in a row that may bring nothing new. An honest answer begins above the highest block of
   * the peer's chain that is known here, so that only what others brought meanwhile is here
   * already.
   */
  static final int MAX_KNOWN_BATCHES = 8;

  /**
   * Headers of an antipast: servers stop at four mergesets (protocol reference 5.11), of at most
   * 512 blocks.
   */
  static final int MAX_ANTIPAST = 4 * 512;

  private static final Set<PayloadCase> ANSWERS =
      Set.of(PayloadCase.BLOCK_HEADERS, PayloadCase.DONE_HEADERS);
  private static final KaspadMessage NEXT =
      KaspadMessage.newBuilder()
          .setRequestNextHeaders(RequestNextHeadersMessage.getDefaultInstance())
          .build();

  /** What a flow does for this stage. */
  interface Host {
    /**
     * Converts on an executor, one batch at a time in this order, and answers {@link
     * HeaderFetch#onConverted}.
     */
    void convert(List<BlockHeader> headers);

    /** Calls {@link HeaderFetch#onRetry} in a moment. */
    void retrySoon();

    /** Ends the flow, without blame. */
    void end(FlowOutcome outcome);
  }

  private record Raw(List<BlockHeader> headers, int bytes, Duration waited) {}

  private record Batch(List<Header> headers, int bytes, Duration waited) {}

  private enum Stage {
    STREAM,
    AFTER_STREAM,
    ANTIPAST,
    ANTIPAST_DONE,
    AFTER_ANTIPAST
  }

  private final FlowContext flow;
  private final DagLine dag;
  private final Host host;
  private final FetchHeaders order;
  private final AnswerWait wait;
  private final BelowSink belowSink = new BelowSink();
  private final Deque<Raw> raw = new ArrayDeque<>();
  private final Deque<Batch> ready = new ArrayDeque<>();
  private final Deque<Batch> checking = new ArrayDeque<>();
  private long bytesHere;
  private @Nullable Raw converting;
  private Stage stage = Stage.STREAM;
  private boolean owesNext;
  private int question;
  private int unanswered;
  private int knownBatches;
  private boolean wasBusy;
  private Dag.BatchReply.@Nullable Gap gap;
  private boolean stopped;
  private boolean done;

  /** The lease for which this is drained, 0 if it is not. */
  private long drainedFor;

  HeaderFetch(FlowContext flow, DagLine dag, Host host, FetchHeaders order) {
    this.flow = flow;
    this.dag = dag;
    this.host = host;
    this.order = order;
    this.wait = new AnswerWait(flow);
  }

  AnswerWait waiting() {
    return wait;
  }

  boolean isDone() {
    return done;
  }

  void begin() {
    if (order.low().equals(order.high())) {
      settleStream();
      return;
    }
    question =
        flow.ask(
            KaspadMessage.newBuilder()
                .setRequestHeaders(
                    RequestHeadersMessage.newBuilder()
                        .setLowHash(Hashes.toWire(order.low()))
                        .setHighHash(Hashes.toWire(order.high()))),
            ANSWERS,
            false);
    await(PayloadCase.BLOCK_HEADERS);
  }

  /** Another peer leads: no more is asked for. */
  void stop() {
    drainedFor = 0;
    letGo();
  }

  private void letGo() {
    stopped = true;
    for (Raw batch : raw) {
      bytesHere -= batch.bytes;
    }
    raw.clear();
    finishIfChecked();
  }

  /**
   * The peer is to be asked for other headers, under this lease: what it still sends goes first.
   */
  void drain(long lease) {
    drainedFor = lease;
    letGo();
    if (owesNext) {
      askNext();
    }
  }

  private void await(PayloadCase payload) {
    wait.begin(payload, flow.settings().answerTimeout());
  }

  /** A batch of headers came. */
  void onHeaders(List<BlockHeader> headers, int bytes) throws Breach {
    Duration waited = Duration.ofMillis(wait.end());
    switch (stage) {
      case STREAM -> {
        if (headers.isEmpty()) {
          throw new Breach(ViolationCode.BAD_SYNC_ANSWER, "empty batch of headers");
        }
        accept(headers, bytes, waited);
        askNext();
      }
      case ANTIPAST -> {
        if (headers.size() > MAX_ANTIPAST) {
          throw new Breach(
              ViolationCode.BAD_SYNC_ANSWER, "antipast of " + headers.size() + " headers");
        }
        stage = Stage.ANTIPAST_DONE;
        if (!headers.isEmpty()) {
          accept(headers, bytes, waited);
        }
        await(PayloadCase.DONE_HEADERS);
      }
      case AFTER_STREAM, ANTIPAST_DONE, AFTER_ANTIPAST ->
          throw new Breach(ViolationCode.BAD_SYNC_ANSWER, "headers after the last were sent");
    }
  }

  private void accept(List<BlockHeader> headers, int bytes, Duration waited) {
    if (stopped) {
      if (drainedFor != 0) {
        // Of no use to us, but the peer is as fast as it would be with others.
        report(drainedFor, new Sync.Delivery(headers.size(), bytes, waited));
      }
      return;
    }
    raw.add(new Raw(headers, bytes, waited));
    bytesHere += bytes;
    convertNext();
  }

  /**
   * Asks for the next batch at once, so that it travels while this one is checked, unless enough of
   * them wait here.
   */
  private void askNext() {
    owesNext = drainedFor == 0 && (stopped || batches() >= MAX_BATCHES || bytesHere >= MAX_BYTES);
    if (!owesNext) {
      flow.outbox().send(NEXT);
      await(PayloadCase.BLOCK_HEADERS);
    }
  }

  private int batches() {
    return raw.size() + (converting != null ? 1 : 0) + ready.size() + checking.size();
  }

  /** The peer has sent all. */
  void onDone() throws Breach {
    wait.end();
    switch (stage) {
      case STREAM -> settleStream();
      case ANTIPAST_DONE -> {
        flow.settle(question);
        stage = Stage.AFTER_ANTIPAST;
        finishIfChecked();
      }
      case ANTIPAST ->
          throw new Breach(
              ViolationCode.BAD_SYNC_ANSWER, "no headers in the answer for an antipast");
      case AFTER_STREAM, AFTER_ANTIPAST ->
          throw new Breach(ViolationCode.BAD_SYNC_ANSWER, "headers done twice");
    }
  }

  private void settleStream() {
    if (question != 0) {
      flow.settle(question);
    }
    owesNext = false;
    stage = Stage.AFTER_STREAM;
    finishIfChecked();
  }

  private void convertNext() {
    Raw next = converting == null ? raw.poll() : null;
    if (next != null) {
      converting = next;
      host.convert(next.headers);
    }
  }

  /** A batch was converted. */
  void onConverted(List<Header> headers) {
    Raw from = Objects.requireNonNull(converting);
    converting = null;
    ready.add(new Batch(headers, from.bytes, from.waited));
    convertNext();
    checkNext();
  }

  private void checkNext() {
    while (!isTroubled() && checking.size() < MAX_IN_CHECK && !ready.isEmpty()) {
      Batch next = ready.remove();
      checking.add(next);
      submit(next);
    }
  }

  private void submit(Batch batch) {
    unanswered++;
    dag.check(batch.headers);
  }

  private boolean isTroubled() {
    return wasBusy || gap != null;
  }

  /**
   * The DAG has answered for a batch. Two may be under way, and nothing says which one a reply is
   * for; but a batch descends from the one before, so that a success of either means that the first
   * is in. After anything else all answers are awaited, and then what is not known to be in is
   * handed over again: what is in already costs little.
   */
  void onChecked(Dag.BatchReply reply) throws Breach {
    unanswered--;
    switch (reply) {
      case Dag.BatchReply.Done(int added) -> onAdded(checking.remove(), added);
      case Dag.BatchReply.Failed failed -> {
        onInvalid(failed);
        return;
      }
      case Dag.BatchReply.Gap found -> gap = found;
      case Dag.BatchReply.Busy _ -> wasBusy = true;
    }
    if (unanswered > 0 && isTroubled()) {
      return;
    }
    if (wasBusy) {
      host.retrySoon();
      return;
    }
    if (gap != null) {
      throw new Breach(
          ViolationCode.BAD_SYNC_ANSWER,
          "header " + gap.hash() + " before its parents " + gap.missing());
    }
    checkNext();
    if (owesNext) {
      askNext();
    }
    finishIfChecked();
  }

  /**
   * A batch is in. Only what was new counts as delivered: who sends again what is here would
   * otherwise lead for ever.
   */
  private void onAdded(Batch batch, int added) throws Breach {
    bytesHere -= batch.bytes;
    knownBatches = added == 0 ? knownBatches + 1 : 0;
    if (knownBatches > MAX_KNOWN_BATCHES) {
      throw new Breach(
          ViolationCode.BAD_SYNC_ANSWER, knownBatches + " batches of headers without a new one");
    }
    belowSink.add(batch.headers, added, flow.dagSnapshot().sink().blueWork());
    report(order.lease(), new Sync.Delivery(added, batch.bytes, batch.waited));
  }

  private void report(long lease, Sync.Delivery delivery) {
    flow.sync().tell(new Sync.HeadersReceived(flow.peer().number(), lease, delivery));
  }

  private void onInvalid(Dag.BatchReply.Failed failed) throws Breach {
    String detail = failed.rule() + " in header " + failed.hash() + ": " + failed.detail();
    if (failed.rule().equals(Dag.CLOCK_RULE)) {
      // As likely our clock as the peer's: it is let go without blame.
      host.end(new FlowOutcome.LocalFault(detail));
    } else {
      throw new Breach(ViolationCode.INVALID_HEADER, detail);
    }
  }

  /** The DAG had no room a moment ago. */
  void onRetry() {
    wasBusy = false;
    gap = null;
    for (Batch batch : checking) {
      submit(batch);
    }
  }

  private void finishIfChecked() {
    if (hasEnded() && batches() == 0) {
      if (stopped) {
        done = true;
      } else {
        dag.lookUp(targets());
      }
    }
  }

  /** Whether the peer owes nothing. */
  private boolean hasEnded() {
    return stage == Stage.AFTER_STREAM || stage == Stage.AFTER_ANTIPAST;
  }

  private List<Hash> targets() {
    List<Hash> targets = new ArrayList<>(2);
    targets.add(order.high());
    order.relayed().ifPresent(targets::add);
    return targets;
  }

  /** What is known of the sink and the relayed block. Ignored unless it is what was asked. */
  void onStatuses(Dag.Statuses statuses) throws Breach {
    if (!statuses.hashes().equals(targets()) || !hasEnded() || batches() > 0 || done) {
      return;
    }
    if (!statuses.statuses().getFirst().hasHeader()) {
      throw new Breach(
          ViolationCode.BAD_SYNC_ANSWER, "the headers did not lead to " + order.high());
    }
    Optional<Hash> relayed = order.relayed();
    BlockStatus last = statuses.statuses().getLast();
    if (relayed.isEmpty() || last.hasHeader()) {
      done = true;
      flow.sync().tell(new Sync.HeadersDone(flow.peer().number(), order.lease()));
    } else if (stage == Stage.AFTER_STREAM) {
      askAntipast(relayed.get());
    } else {
      throw new Breach(
          ViolationCode.BAD_SYNC_ANSWER,
          "the headers did not lead to relayed block " + relayed.get());
    }
  }

  private void askAntipast(Hash relayed) {
    stage = Stage.ANTIPAST;
    question =
        flow.ask(
            KaspadMessage.newBuilder()
                .setRequestAntipast(
                    RequestAntipastMessage.newBuilder()
                        .setBlockHash(Hashes.toWire(order.high()))
                        .setContextHash(Hashes.toWire(relayed))),
            ANSWERS,
            false);
    await(PayloadCase.BLOCK_HEADERS);
  }
}
