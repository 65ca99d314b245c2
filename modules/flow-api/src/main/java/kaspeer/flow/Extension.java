package kaspeer.flow;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kaspeer.wire.PayloadKind;
import kaspeer.wire.PayloadType;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/**
 * What a plug-in's flow does beside the flows of the network: any of these three, and at least one.
 * It runs on threads of its plug-in. What it is too slow for is dropped and counted, and neither
 * its peer nor another flow waits for it, but for the deadline of an interception.
 */
public record Extension(
    Optional<Own> own, Optional<Observe> observe, Optional<Intercept> intercept) {
  /** Nothing of it: a flow of the network's own protocol. */
  public static final Extension NONE =
      new Extension(Optional.empty(), Optional.empty(), Optional.empty());

  /** So that those of all kinds together find room in the actor's mailbox. */
  private static final int MAX_MESSAGES = 4_096;

  public boolean isNone() {
    return own.isEmpty() && observe.isEmpty() && intercept.isEmpty();
  }

  /** To whom a flow's own messages go, and from whom they are taken. */
  public enum Audience {
    /**
     * Peers that speak them: whose user agent names the tag. With others the flow has nothing to
     * say, and a message from them is as unexpected as without the plug-in.
     */
    SPEAKERS,
    /**
     * Peers of the plug-in's choice. A peer that does not know the number ends the connection: the
     * plug-in must know better.
     */
    CHOSEN
  }

  /**
   * Messages under numbers of the flow's own: fields of the envelope that the network's protocol
   * does not have.
   *
   * @param tag by which nodes that speak them know each other, such as {@code sonar:1}; our user
   *     agent names it too
   * @param maxMessages most that wait for the flow of one peer, 1 to 4,096; others are dropped
   * @param maxBytes most bytes that wait; one message always fits
   */
  public record Own(
      String tag, Audience audience, List<OwnMessage> messages, int maxMessages, long maxBytes) {
    public Own {
      messages = List.copyOf(messages);
      if (!tag.matches("[a-z][a-z0-9-]{0,23}:[0-9]{1,4}")) {
        throw new IllegalArgumentException(
            "a tag is a name, a colon and a version, such as sonar:1, not '" + tag + "'");
      }
      if (messages.isEmpty()) {
        throw new IllegalArgumentException("a tag without messages: " + tag);
      }
      Set<Integer> numbers = new HashSet<>();
      for (OwnMessage message : messages) {
        if (!numbers.add(message.number())) {
          throw new IllegalArgumentException(tag + " has two messages " + message.number());
        }
      }
      requireRoom(maxMessages, maxBytes);
    }
  }

  /**
   * One kind of own message.
   *
   * @param number of the envelope's field, from {@value #FIRST_NUMBER} on: lower ones are left to
   *     the network
   * @param name for people and metrics, unique among all messages
   * @param maxBytes largest message with its envelope, at most 4 MiB
   */
  public record OwnMessage(int number, String name, int maxBytes) {
    /** The lowest number that a plug-in may use. */
    public static final int FIRST_NUMBER = 1_000;

    /**
     * @throws IllegalArgumentException if the number cannot be a field's, or a bound is exceeded
     */
    public OwnMessage {
      if (number < FIRST_NUMBER) {
        throw new IllegalArgumentException(
            "numbers below " + FIRST_NUMBER + " are the network's: " + number);
      }
      if (!name.matches("[a-z][A-Za-z0-9]{0,39}")) {
        throw new IllegalArgumentException(
            "a message's name is letters and digits, such as sonarPing, not '" + name + "'");
      }
      type(number, name, maxBytes);
    }

    /** How the wire knows it. */
    public PayloadType type() {
      return type(number, name, maxBytes);
    }

    private static PayloadType type(int number, String name, int maxBytes) {
      return PayloadType.extension(number, name, PayloadKind.ANNOUNCEMENT, 0, maxBytes);
    }
  }

  /**
   * Copies of messages of the network, after their raw checks and besides the flow that takes them.
   *
   * @param maxMessages most that wait for the flow of one peer, 1 to 4,096; others are dropped
   * @param maxBytes most bytes that wait; one message always fits
   */
  public record Observe(Set<PayloadCase> payloads, int maxMessages, long maxBytes) {
    public Observe {
      payloads = Set.copyOf(payloads);
      requireRoom(maxMessages, maxBytes);
    }

    /** With room for 1,024 messages, or 4 MiB. */
    public static Observe of(PayloadCase... payloads) {
      return new Observe(Set.of(payloads), 1_024, 4 << 20);
    }
  }

  /**
   * Messages of the network that wait for the flow's verdict before the built-in flow has them.
   * Announcements, requests and transactions: another answer that did not come would be held
   * against the peer that sent it.
   *
   * @param deadline how long one may wait, 1 ms to 1 s: nothing is read from the peer meanwhile.
   *     After it the message passes and is counted; an interceptor that is late again and again is
   *     passed by for some seconds
   */
  public record Intercept(Set<PayloadCase> payloads, Duration deadline) {
    private static final Duration LEAST = Duration.ofMillis(1);
    private static final Duration MAX = Duration.ofSeconds(1);

    public Intercept {
      payloads = Set.copyOf(payloads);
      if (deadline.compareTo(LEAST) < 0 || deadline.compareTo(MAX) > 0) {
        throw new IllegalArgumentException(
            "an interception's deadline is 1 ms to 1 s, not " + deadline.toMillis() + " ms");
      }
    }

    /** With a tenth of a second for each. */
    public static Intercept of(PayloadCase... payloads) {
      return new Intercept(Set.of(payloads), Duration.ofMillis(100));
    }
  }

  private static void requireRoom(int maxMessages, long maxBytes) {
    if (maxMessages < 1 || maxBytes < 1) {
      throw new IllegalArgumentException("there must be room for a message");
    }
    if (maxMessages > MAX_MESSAGES) {
      throw new IllegalArgumentException(
          "at most " + MAX_MESSAGES + " messages may wait, not " + maxMessages);
    }
  }
}
