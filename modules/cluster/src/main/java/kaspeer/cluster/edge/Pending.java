package kaspeer.cluster.edge;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kaspeer.cluster.proto.Answer;
import kaspeer.cluster.wire.Ask;
import kaspeer.cluster.wire.Outgoing;
import kaspeer.cluster.wire.Wire;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Questions that no core has answered yet. They outlive a core: the next one is asked them again.
 * Bounded in bytes. State of the proxy.
 */
final class Pending {
  private static final Logger LOG = LoggerFactory.getLogger(Pending.class);

  /** What is submitted waits for so long, then whoever submitted it hears that we are busy. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** What is asked is given up in the end; by then its flow has given up too. */
  private static final Duration MEMORY = Duration.ofMinutes(3);

  private static final Duration RETRY = Duration.ofMillis(200);
  private static final long MAX_BYTES = 64 << 20;

  private final Map<Long, Open> open = new LinkedHashMap<>();
  private long last;
  private long bytes;

  private static final class Open {
    private final Ask ask;
    private final ByteString data;
    private final long since = System.nanoTime();

    /** When it went out to the core in use; 0 if it did not yet. */
    private long sentAt;

    private long notBefore;

    Open(Ask ask) {
      this.ask = ask;
      this.data = ask.question().toByteString();
    }
  }

  /** Takes a question in, to be sent by {@link #sendWaiting}. */
  void add(Ask ask) {
    Open question = new Open(ask);
    if (bytes + question.data.size() > MAX_BYTES) {
      giveUp(ask);
      return;
    }
    open.put(++last, question);
    bytes += question.data.size();
  }

  /** Sends what has not gone out and is not to wait. */
  void sendWaiting(Outgoing out) {
    long now = System.nanoTime();
    for (Map.Entry<Long, Open> entry : open.entrySet()) {
      Open question = entry.getValue();
      if (question.sentAt == 0 && now - question.notBefore >= 0) {
        if (!out.send(entry.getKey(), question.data)) {
          return;
        }
        question.sentAt = now;
      }
    }
  }

  /** The core is another one: nothing was sent to it. */
  void forgetSent() {
    open.values()
        .forEach(
            question -> {
              question.sentAt = 0;
              question.notBefore = System.nanoTime();
            });
  }

  /** An answer came. */
  void answer(long id, ByteString data) {
    Open question = open.get(id);
    if (question == null) {
      return;
    }
    @Nullable Answer answer = parse(data);
    if (answer != null && answer.getKindCase() == Answer.KindCase.KIND_NOT_SET) {
      question.sentAt = 0;
      question.notBefore = System.nanoTime() + RETRY.toNanos();
      return;
    }
    remove(id);
    try {
      if (answer == null) {
        giveUp(question.ask);
      } else {
        question.ask.onAnswer().accept(answer);
      }
    } catch (Wire.MalformedException malformed) {
      LOG.warn("A core's answer makes no sense", malformed);
      giveUp(question.ask);
    }
  }

  private static @Nullable Answer parse(ByteString data) {
    try {
      return Answer.parseFrom(data);
    } catch (InvalidProtocolBufferException malformed) {
      LOG.warn("A core's answer cannot be read", malformed);
      return null;
    }
  }

  /** Says of what has waited too long that it is not to be had now. */
  void expire() {
    long now = System.nanoTime();
    List<Ask> late = new ArrayList<>();
    for (Iterator<Open> all = open.values().iterator(); all.hasNext(); ) {
      Open question = all.next();
      long limit = question.ask.unavailable() == null ? MEMORY.toNanos() : PATIENCE.toNanos();
      if (now - question.since > limit) {
        all.remove();
        bytes -= question.data.size();
        late.add(question.ask);
      }
    }
    late.forEach(Pending::giveUp);
  }

  /** How long the oldest question that went out has been without an answer. */
  Duration oldest() {
    long now = System.nanoTime();
    return Duration.ofNanos(
        open.values().stream()
            .filter(question -> question.sentAt != 0)
            .mapToLong(question -> now - question.sentAt)
            .max()
            .orElse(0));
  }

  private void remove(long id) {
    Open question = open.remove(id);
    if (question != null) {
      bytes -= question.data.size();
    }
  }

  private static void giveUp(Ask ask) {
    Runnable unavailable = ask.unavailable();
    if (unavailable != null) {
      unavailable.run();
    }
  }
}
