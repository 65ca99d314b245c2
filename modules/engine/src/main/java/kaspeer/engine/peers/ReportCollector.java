package kaspeer.engine.peers;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import kaspeer.engine.peer.PeerCommand;
import kaspeer.engine.peer.PeerReport;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Asks supervisors what they know, waits for all that answer in time, and passes it on. One
 * question, one actor.
 */
final class ReportCollector {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** What the actor takes. */
  sealed interface Command {}

  private record Arrived(PeerReport report) implements Command {}

  private enum Late implements Command {
    TICK
  }

  private final int expected;
  private final Consumer<List<PeerReport>> whenDone;
  private final Map<Long, PeerReport> reports = new HashMap<>();

  private ReportCollector(int expected, Consumer<List<PeerReport>> whenDone) {
    this.expected = expected;
    this.whenDone = whenDone;
  }

  static Behavior<Command> create(
      Collection<ActorRef<PeerCommand>> supervisors, Consumer<List<PeerReport>> whenDone) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  ReportCollector collector = new ReportCollector(supervisors.size(), whenDone);
                  if (supervisors.isEmpty()) {
                    whenDone.accept(List.of());
                    return Behaviors.stopped();
                  }
                  timers.startSingleTimer(Late.TICK, TIMEOUT);
                  ActorRef<PeerReport> adapter =
                      context.messageAdapter(PeerReport.class, Arrived::new);
                  supervisors.forEach(
                      supervisor -> supervisor.tell(new PeerCommand.Report(adapter)));
                  return Behaviors.receiveMessage(collector::onMessage);
                }));
  }

  private Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Arrived(var report) -> {
        reports.put(report.info().number(), report);
        if (reports.size() < expected) {
          return Behaviors.same();
        }
      }
      // Whoever does not answer is about to end.
      case Late _ -> {}
    }
    whenDone.accept(
        reports.values().stream()
            .sorted(Comparator.comparingLong(report -> report.info().number()))
            .toList());
    return Behaviors.stopped();
  }
}
