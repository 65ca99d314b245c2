package kaspeer.cluster.edge;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import kaspeer.flow.peers.Sync;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The sync of an edge: there is none. A peer that would be worth syncing from is named to the
 * cores, which dial it themselves, if it can be dialled.
 */
public final class EdgeSync {
  private final ActorContext<Sync> context;
  private final Consumer<InetSocketAddress> hints;
  private final Map<Long, Sync.Joined> peers = new HashMap<>();

  private EdgeSync(ActorContext<Sync> context, Consumer<InetSocketAddress> hints) {
    this.context = context;
    this.hints = hints;
  }

  /**
   * The actor.
   *
   * @param hints hears of peers that the cores may sync from
   */
  public static Behavior<Sync> create(Consumer<InetSocketAddress> hints) {
    return Behaviors.setup(
        context -> {
          EdgeSync sync = new EdgeSync(context, hints);
          return Behaviors.receive(
              (_, message) -> {
                sync.onMessage(message);
                return Behaviors.same();
              },
              (_, signal) -> {
                if (signal instanceof Terminated gone) {
                  sync.peers
                      .values()
                      .removeIf(joined -> joined.flow().path().equals(gone.getRef().path()));
                }
                return Behaviors.same();
              });
        });
  }

  private void onMessage(Sync message) {
    switch (message) {
      case Sync.GetSession(var replyTo) -> replyTo.tell(new Sync.Session(false, 0));
      case Sync.Joined joined -> {
        peers.put(joined.peer().number(), joined);
        context.watch(joined.flow());
      }
      case Sync.Candidate(var number, var _) -> {
        Sync.Joined joined = peers.get(number);
        if (joined != null && joined.peer().isOutbound()) {
          hints.accept(joined.peer().address());
        }
      }
      case Sync.GetRetentionRoot(var number, var replyTo) -> {
        Sync.Joined joined = peers.get(number);
        if (joined == null) {
          replyTo.tell(new Sync.RetentionRoot(Optional.empty()));
        } else {
          joined.flow().tell(new Sync.Directive.TellRetentionRoot(replyTo));
        }
      }
      default -> {}
    }
  }
}
