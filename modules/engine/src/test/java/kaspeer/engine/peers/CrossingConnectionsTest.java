package kaspeer.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import kaspeer.engine.MutableClock;
import kaspeer.engine.Neighbours;
import kaspeer.engine.dial.PermanentPeers;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.metrics.Metrics;
import kaspeer.engine.sanctions.BanTable;
import kaspeer.flow.HandshakeStep.Admission;
import kaspeer.flow.LocalNode;
import kaspeer.flow.PeerInfo;
import kaspeer.primitives.Network;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

/**
 * Two nodes that dial each other at once, in every order in which what happens on either connection
 * can be seen at either side: one connection is left, the same at both.
 */
final class CrossingConnectionsTest {
  private static final MutableClock CLOCK = new MutableClock();
  private static final UUID SMALLER = new UUID(1, 1);
  private static final UUID LARGER = new UUID(-1, 1);

  /** A connection, by who dialled it. */
  private enum Connection {
    OF_SMALLER(1),
    OF_LARGER(2);

    final long number;

    Connection(long number) {
      this.number = number;
    }
  }

  /** What one side decides. */
  private interface Node {
    /** The peer of this connection has said who it is. */
    void identified(Connection connection);

    boolean hasAdmitted(Connection connection);

    boolean hasRefused(Connection connection);

    /** Both sides have admitted the other. Returns a connection that is closed for it. */
    Set<Connection> ready(Connection connection);

    void gone(Connection connection);
  }

  private static final class Ours implements Node {
    private final UUID theirs;
    private final Introductions introductions;
    private final Map<Connection, TestInbox<Admission>> answers = new EnumMap<>(Connection.class);
    private final Map<Connection, Admission> answered = new EnumMap<>(Connection.class);

    Ours(UUID own, UUID theirs) {
      this.theirs = theirs;
      PeerRegistry registry = new PeerRegistry(() -> 8);
      introductions =
          new Introductions(
              registry,
              new ConnectedPeers(),
              new BanTable(),
              new PermanentPeers(),
              Neighbours.NONE,
              CLOCK,
              new LocalNode(own, Network.SIMNET, "/ours/", null, 10, 11),
              new EngineMetrics(new Metrics()));
      for (Connection connection : Connection.values()) {
        answers.put(connection, TestInbox.create());
        boolean dialled = (connection == Connection.OF_SMALLER) == own.equals(SMALLER);
        registry.connecting(
            PeerInfo.connecting(
                connection.number,
                new InetSocketAddress(InetAddress.ofLiteral("20.1.1.1"), 16111),
                dialled ? PeerInfo.Direction.OUTBOUND : PeerInfo.Direction.INBOUND,
                false,
                CLOCK.instant()));
      }
    }

    @Override
    public void identified(Connection connection) {
      introductions.identify(connection.number, theirs, answer(connection).getRef());
    }

    private TestInbox<Admission> answer(Connection connection) {
      return Objects.requireNonNull(answers.get(connection));
    }

    private boolean is(Connection connection, Admission wanted) {
      TestInbox<Admission> answer = answer(connection);
      if (answer.hasMessages()) {
        assertThat(answered.put(connection, answer.receiveMessage())).isNull();
      }
      return answered.get(connection) == wanted;
    }

    @Override
    public boolean hasAdmitted(Connection connection) {
      return is(connection, Admission.ADMITTED);
    }

    @Override
    public boolean hasRefused(Connection connection) {
      return is(connection, Admission.DUPLICATE);
    }

    @Override
    public Set<Connection> ready(Connection connection) {
      assertThat(introductions.ready(connection.number)).isTrue();
      return Set.of();
    }

    @Override
    public void gone(Connection connection) {
      introductions.departed(connection.number);
    }
  }

  /** The reference's rule: who is ready is known; a second one that becomes so takes its place. */
  private static final class Kaspad implements Node {
    private final Set<Connection> admitted = EnumSet.noneOf(Connection.class);
    private final Set<Connection> refused = EnumSet.noneOf(Connection.class);
    private final Set<Connection> hub = EnumSet.noneOf(Connection.class);

    @Override
    public void identified(Connection connection) {
      (hub.isEmpty() ? admitted : refused).add(connection);
    }

    @Override
    public boolean hasAdmitted(Connection connection) {
      return admitted.contains(connection);
    }

    @Override
    public boolean hasRefused(Connection connection) {
      return refused.contains(connection);
    }

    @Override
    public Set<Connection> ready(Connection connection) {
      Set<Connection> replaced = Set.copyOf(hub);
      hub.clear();
      hub.add(connection);
      return replaced;
    }

    @Override
    public void gone(Connection connection) {
      hub.remove(connection);
    }
  }

  private enum What {
    IDENTIFIED,
    READY,
    CLOSED
  }

  private record Event(What what, int side, Connection connection) {}

  /** One course of events over two nodes. */
  private static final class Course {
    private final List<Node> nodes;
    private final List<Set<Connection>> identified = sets();
    private final List<Set<Connection>> ready = sets();
    private final List<Set<Connection>> gone = sets();

    Course(List<Node> nodes) {
      this.nodes = nodes;
    }

    private static List<Set<Connection>> sets() {
      return List.of(EnumSet.noneOf(Connection.class), EnumSet.noneOf(Connection.class));
    }

    /** What may happen next, at either side. */
    List<Event> possible() {
      List<Event> events = new ArrayList<>();
      for (int side = 0; side < 2; side++) {
        for (Connection connection : Connection.values()) {
          if (gone.get(side).contains(connection)) {
            continue;
          }
          Node far = nodes.get(1 - side);
          boolean owed = far.hasAdmitted(connection) && !ready.get(side).contains(connection);
          if (!identified.get(side).contains(connection)) {
            events.add(new Event(What.IDENTIFIED, side, connection));
          } else if (owed && nodes.get(side).hasAdmitted(connection)) {
            events.add(new Event(What.READY, side, connection));
          }
          // Frames come in order: what was said before the end is heard before it.
          boolean heardAll = !owed || !nodes.get(side).hasAdmitted(connection);
          if (gone.get(1 - side).contains(connection)
              && identified.get(side).contains(connection)
              && heardAll) {
            events.add(new Event(What.CLOSED, side, connection));
          }
        }
      }
      return events;
    }

    void happens(Event event) {
      Node node = nodes.get(event.side);
      switch (event.what) {
        case IDENTIFIED -> {
          identified.get(event.side).add(event.connection);
          node.identified(event.connection);
        }
        case READY -> {
          ready.get(event.side).add(event.connection);
          node.ready(event.connection).forEach(closed -> gone(event.side, closed));
        }
        case CLOSED -> gone(event.side, event.connection);
      }
      for (Connection connection : Connection.values()) {
        if (node.hasRefused(connection)) {
          gone(event.side, connection);
        }
      }
    }

    private void gone(int side, Connection connection) {
      if (gone.get(side).add(connection)) {
        nodes.get(side).gone(connection);
      }
    }

    Set<Connection> left(int side) {
      Set<Connection> left = EnumSet.copyOf(ready.get(side));
      left.removeAll(gone.get(side));
      return left;
    }
  }

  private interface Pair {
    List<Node> make();
  }

  /** Runs every course there is. Returns how many. */
  private static int all(Pair pair) {
    Deque<List<Integer>> open = new ArrayDeque<>();
    open.add(List.of());
    int courses = 0;
    while (!open.isEmpty()) {
      List<Integer> choices = open.removeLast();
      Course course = new Course(pair.make());
      List<Event> past = new ArrayList<>();
      for (int choice : choices) {
        Event event = course.possible().get(choice);
        past.add(event);
        course.happens(event);
      }
      int next = course.possible().size();
      for (int choice = 0; choice < next; choice++) {
        List<Integer> longer = new ArrayList<>(choices);
        longer.add(choice);
        open.add(longer);
      }
      if (next == 0) {
        courses++;
        assertThat(course.left(0)).as("left after %s", past).hasSize(1);
        assertThat(course.left(1)).as("left after %s", past).isEqualTo(course.left(0));
      }
    }
    return courses;
  }

  @Test
  void twoNodesOfOursKeepTheSameOneWhateverEachSeesFirst() {
    assertThat(all(() -> List.of(new Ours(SMALLER, LARGER), new Ours(LARGER, SMALLER))))
        .isGreaterThan(100);
  }

  @Test
  void withTheReferenceOneIsLeftWhoeverHasTheSmallerId() {
    assertThat(all(() -> List.of(new Ours(SMALLER, LARGER), new Kaspad()))).isGreaterThan(100);
    assertThat(all(() -> List.of(new Kaspad(), new Ours(LARGER, SMALLER)))).isGreaterThan(100);
  }
}
