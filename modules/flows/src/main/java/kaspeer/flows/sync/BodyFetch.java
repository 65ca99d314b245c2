package kaspeer.flows.sync;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.peers.Sync.Directive.FetchBodies;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.Breach;
import kaspeer.primitives.Hash;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.RequestBlockBodiesMessage;
import org.jspecify.annotations.Nullable;

/**
 * Bodies from one peer (protocol reference 6.10): several requests may be open, and are answered in
 * order, each body in the order asked. What came is handed on in parts, converted off the actor;
 * two parts at most are on their way to the arbiter, and nothing is taken from the peer while more
 * than a few wait here.
 */
final class BodyFetch {
  /** Bodies in a part, at most. */
  static final int PART_BODIES = 33;

  /** A part is handed on as soon as it has this many bytes. */
  static final int PART_BYTES = 512 * 1024;

  /** Parts that the arbiter has not taken. */
  static final int MAX_UNTAKEN = 2;

  /** Parts converted or waiting for it, at most, while bodies are taken from the peer. */
  private static final int MAX_WAITING = 2;

  /** Messages asked for ahead. */
  private static final int PULL_AHEAD = 8;

  /** What a flow does for this stage. */
  interface Host {
    /** Converts on an executor, one part at a time, and answers {@link BodyFetch#onConverted}. */
    void convert(Part part);

    /** Calls {@link BodyFetch#onFlush} in a moment. */
    void flushSoon();
  }

  /**
   * Bodies of one assignment, in order.
   *
   * @param bodies in protobuf
   * @param sizes of their messages on the wire, in bytes
   */
  record Part(
      long assignment,
      List<Hash> hashes,
      List<ByteString> bodies,
      List<Integer> sizes,
      boolean last,
      Sync.Delivery delivery) {}

  /** An open request. */
  private static final class Request {
    final FetchBodies order;
    final int question;
    int next;

    Request(FetchBodies order, int question) {
      this.order = order;
      this.question = question;
    }
  }

  private final FlowContext flow;
  private final Host host;
  private final AnswerWait wait;
  private final Deque<Request> requests = new ArrayDeque<>();
  private final Deque<Part> parts = new ArrayDeque<>();
  private @Nullable Gathering gathering;
  private boolean converting;
  private int untaken;

  BodyFetch(FlowContext flow, Host host) {
    this.flow = flow;
    this.host = host;
    this.wait = new AnswerWait(flow);
  }

  AnswerWait waiting() {
    return wait;
  }

  /** How many messages more should be under way from the inbox now. */
  int wanted() {
    if (requests.isEmpty() || parts.size() + (converting ? 1 : 0) >= MAX_WAITING) {
      return 0;
    }
    int due = 0;
    for (Request request : requests) {
      due += request.order.hashes().size() - request.next;
      if (due >= PULL_AHEAD) {
        return PULL_AHEAD;
      }
    }
    return due;
  }

  /** Asks for bodies; the answers come by number (protocol reference 3.2). */
  void request(FetchBodies order) {
    int question =
        flow.ask(
            KaspadMessage.newBuilder()
                .setRequestBlockBodies(
                    RequestBlockBodiesMessage.newBuilder()
                        .addAllHashes(Hashes.toWire(order.hashes()))),
            Set.of(PayloadCase.BLOCK_BODY),
            true);
    requests.add(new Request(order, question));
    waitIfWanted();
  }

  /** The clock for the peer runs only while we would take what it sends. */
  private void waitIfWanted() {
    if (wanted() == 0) {
      wait.end();
    } else if (!wait.isWaiting()) {
      wait.begin(PayloadCase.BLOCK_BODY, flow.settings().answerTimeout());
    }
  }

  /** A body came. */
  void onBody(FlowEvent.Undecoded message) throws Breach {
    long waited = wait.end();
    Request request = requests.peek();
    if (request == null || message.responseId() != 0 && message.responseId() != request.question) {
      throw new Breach(ViolationCode.BAD_SYNC_ANSWER, "body for another request than the oldest");
    }
    Hash hash = request.order.hashes().get(request.next);
    if (message.payload().isEmpty()) {
      throw emptyBody(hash);
    }
    request.next++;
    boolean last = request.next == request.order.hashes().size();
    Gathering into = gathering;
    if (into == null) {
      into = new Gathering(request.order.assignment());
      gathering = into;
      host.flushSoon();
    }
    into.add(hash, message.payload(), message.bytes(), waited);
    if (last) {
      requests.remove();
      flow.settle(request.question);
    }
    if (last || into.isFull()) {
      close(into, last);
    }
    waitIfWanted();
  }

  /** Bodies have been waiting for others for a moment: they are handed on. */
  void onFlush() {
    if (gathering != null) {
      close(gathering, false);
      waitIfWanted();
    }
  }

  private void close(Gathering complete, boolean last) {
    gathering = null;
    parts.add(complete.toPart(last));
    convertNext();
  }

  private void convertNext() {
    if (!converting && untaken < MAX_UNTAKEN && !parts.isEmpty()) {
      converting = true;
      host.convert(parts.remove());
    }
  }

  private static Breach emptyBody(Hash hash) {
    return new Breach(ViolationCode.BAD_SYNC_ANSWER, "empty body for " + hash);
  }

  /** A part was converted. */
  void onConverted(Part part, List<Dag.Body> bodies) throws Breach {
    for (Dag.Body body : bodies) {
      if (body.transactions().isEmpty()) {
        throw emptyBody(body.hash());
      }
    }
    converting = false;
    untaken++;
    flow.sync()
        .tell(
            new Sync.BodiesReceived(
                flow.peer().number(), part.assignment, bodies, part.last, part.delivery));
    convertNext();
    waitIfWanted();
  }

  /** The arbiter has taken a part. */
  void onTaken() {
    untaken--;
    convertNext();
    waitIfWanted();
  }

  /** Bodies of a part that is not complete yet. */
  private static final class Gathering {
    private final long assignment;
    private final List<Hash> hashes = new ArrayList<>(PART_BODIES);
    private final List<ByteString> bodies = new ArrayList<>(PART_BODIES);
    private final List<Integer> sizes = new ArrayList<>(PART_BODIES);
    private long bytes;
    private long waited;

    Gathering(long assignment) {
      this.assignment = assignment;
    }

    void add(Hash hash, ByteString body, int size, long millis) {
      hashes.add(hash);
      bodies.add(body);
      sizes.add(size);
      bytes += size;
      waited += millis;
    }

    boolean isFull() {
      return bodies.size() >= PART_BODIES || bytes >= PART_BYTES;
    }

    Part toPart(boolean last) {
      return new Part(
          assignment,
          hashes,
          bodies,
          sizes,
          last,
          new Sync.Delivery(bodies.size(), bytes, Duration.ofMillis(waited)));
    }
  }
}
