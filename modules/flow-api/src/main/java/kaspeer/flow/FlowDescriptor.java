package kaspeer.flow;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/**
 * What the engine must know of a flow before it runs. All of it is data: the catalogue is checked
 * when a node starts, and the admin endpoint shows it.
 *
 * @param name unique, lower case with dashes, such as {@code relay-block}
 * @param versions protocol versions it speaks
 * @param phase when it starts
 * @param inboxes the message types it receives; no type may be claimed by two flows of one version
 *     and phase, and none may claim {@code REJECT}, which the peer's supervisor takes itself in
 *     either phase
 * @param sends the message types it sends
 * @param onFailure what becomes of the peer when the flow's actor throws
 * @param extension what a plug-in's flow does; {@link Extension#NONE} for one of the network's
 *     protocol
 */
public record FlowDescriptor(
    String name,
    VersionRange versions,
    Phase phase,
    List<Inbox> inboxes,
    Set<PayloadCase> sends,
    OnFailure onFailure,
    Extension extension) {

  /** A flow of the network's protocol. */
  public FlowDescriptor(
      String name,
      VersionRange versions,
      Phase phase,
      List<Inbox> inboxes,
      Set<PayloadCase> sends,
      OnFailure onFailure) {
    this(name, versions, phase, inboxes, sends, onFailure, Extension.NONE);
  }

  /**
   * A plug-in's flow, for peers of all versions once they are ready, which sends no messages of the
   * network. Its peer stays when it fails.
   */
  public static FlowDescriptor extension(String name, Extension extension) {
    return new FlowDescriptor(
        name, VersionRange.ALL, Phase.READY, List.of(), Set.of(), OnFailure.RESTART, extension);
  }

  /** One that takes messages of its own. */
  public static FlowDescriptor owning(String name, Extension.Own own) {
    return extension(name, new Extension(Optional.of(own), Optional.empty(), Optional.empty()));
  }

  /** One that observes messages of the network. */
  public static FlowDescriptor observing(String name, Extension.Observe observe) {
    return extension(name, new Extension(Optional.empty(), Optional.of(observe), Optional.empty()));
  }

  /** One that intercepts messages of the network. */
  public static FlowDescriptor intercepting(String name, Extension.Intercept intercept) {
    return extension(
        name, new Extension(Optional.empty(), Optional.empty(), Optional.of(intercept)));
  }

  public FlowDescriptor {
    inboxes = List.copyOf(inboxes);
    sends = Set.copyOf(sends);
    if (!name.matches("[a-z][a-z0-9-]{0,39}")) {
      throw new IllegalArgumentException(
          "a flow's name is lower case letters, digits and dashes, not '" + name + "'");
    }
  }

  /** Both ends belong to the range. */
  public record VersionRange(int from, int to) {
    public static final VersionRange ALL = new VersionRange(10, Integer.MAX_VALUE);

    public boolean contains(int version) {
      return from <= version && version <= to;
    }
  }

  /** When a flow starts. */
  public enum Phase {
    /** As soon as the stream is open; ends with the handshake. */
    HANDSHAKE,
    /** When both sides are ready. */
    READY
  }

  /**
   * What becomes of the peer when the flow's actor throws. Never punishes the peer: it is our own
   * fault.
   */
  public enum OnFailure {
    END_PEER,
    RESTART
  }

  /** What to do with a message that its inbox has no room for. */
  public enum Overflow {
    /** Drop it and count it: announcements. */
    DROP,
    /** Stop reading from the peer until there is room: answers we asked for, bulk requests. */
    BACKPRESSURE,
    /**
     * End the connection: without blame, but for answers. An inbox of those must have room for all
     * that a question can have, and what it has none for nobody asked for.
     */
    DISCONNECT
  }

  /**
   * A bounded queue of incoming messages. The flow gets one for each {@link FlowContext#pull}.
   *
   * @param name unique within the flow
   * @param solicited whether its messages are answers: legal only while a question of this flow is
   *     open
   * @param maxMessages most messages waiting
   * @param maxBytes most bytes waiting; one message always fits
   * @param undecoded those of the payloads that the flow is told of as {@link FlowEvent.Undecoded}:
   *     large ones, of which it makes something else than messages. Answers only, as the engine
   *     reads what is announced
   */
  public record Inbox(
      String name,
      Set<PayloadCase> payloads,
      boolean solicited,
      int maxMessages,
      long maxBytes,
      Overflow overflow,
      Set<PayloadCase> undecoded) {
    public Inbox {
      payloads = Set.copyOf(payloads);
      undecoded = Set.copyOf(undecoded);
      if (maxMessages < 1 || maxBytes < 1) {
        throw new IllegalArgumentException("inbox " + name + " must have room for a message");
      }
      if (!payloads.containsAll(undecoded)) {
        throw new IllegalArgumentException(
            "inbox " + name + " takes " + payloads + ", not all of " + undecoded);
      }
      if (!solicited && !undecoded.isEmpty()) {
        throw new IllegalArgumentException("inbox " + name + " leaves undecoded what is no answer");
      }
    }

    /** One whose messages are all decoded. */
    public Inbox(
        String name,
        Set<PayloadCase> payloads,
        boolean solicited,
        int maxMessages,
        long maxBytes,
        Overflow overflow) {
      this(name, payloads, solicited, maxMessages, maxBytes, overflow, Set.of());
    }

    /** Answers to this flow's own questions. */
    public static Inbox answers(PayloadCase... payloads) {
      return new Inbox("answers", Set.of(payloads), true, 256, 64L << 20, Overflow.BACKPRESSURE);
    }

    /** Requests that this flow serves. */
    public static Inbox requests(PayloadCase... payloads) {
      return new Inbox("requests", Set.of(payloads), false, 256, 4L << 20, Overflow.BACKPRESSURE);
    }

    /** Announcements, dropped when they come too fast. */
    public static Inbox announcements(int maxMessages, long maxBytes, PayloadCase... payloads) {
      return new Inbox(
          "announcements", Set.of(payloads), false, maxMessages, maxBytes, Overflow.DROP);
    }
  }
}
