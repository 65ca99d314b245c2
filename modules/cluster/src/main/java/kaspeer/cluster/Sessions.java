package kaspeer.cluster;

import com.google.protobuf.MessageLite;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kaspeer.cluster.core.CoreSession;
import kaspeer.cluster.proto.Attach;
import kaspeer.cluster.proto.Detach;
import kaspeer.cluster.wire.ClusterSerializer;
import kaspeer.engine.Engine;
import kaspeer.flow.dag.DagEvent;
import kaspeer.primitives.Hash;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** Edges that use the DAG here. State of the agent. */
final class Sessions {
  private final Shared shared;
  private final ActorContext<ClusterAgent.Command> context;
  private final Map<String, ActorRef<CoreSession.Command>> byEdge = new HashMap<>();

  Sessions(Shared shared, ActorContext<ClusterAgent.Command> context) {
    this.shared = shared;
    this.context = context;
    shared.edgesServed = 0;
  }

  /**
   * An edge wants to use the DAG here.
   *
   * @param edge its actor
   */
  void attach(Attach attach, ActorRef<MessageLite> edge) {
    Engine engine = shared.engine;
    if (attach.getVersion() != ClusterSerializer.SESSION_VERSION) {
      refuse(
          attach,
          edge,
          "the core speaks version %d of questions and answers, and not %d: run one version of the program on both"
              .formatted(
                  ClusterSerializer.SESSION_VERSION, Integer.toUnsignedLong(attach.getVersion())));
      return;
    }
    if (engine == null || !shared.options.isCore() || shared.leaving) {
      refuse(attach, edge, "the core takes no edges now");
      return;
    }
    ActorRef<CoreSession.Command> before = byEdge.remove(attach.getEdge());
    if (before != null) {
      context.stop(before);
    }
    int number = shared.sessions.incrementAndGet();
    String name = Roster.show(edge.path().address());
    ActorRef<CoreSession.Command> session =
        context.spawn(
            CoreSession.create(
                new CoreSession.Setup(
                    edge, name, attach.getSession(), number, engine, shared.hosts)),
            "session-" + number);
    byEdge.put(attach.getEdge(), session);
    context.watchWith(session, new ClusterAgent.SessionEnded(attach.getEdge(), session));
    shared.edgesServed = byEdge.size();
  }

  private static void refuse(Attach attach, ActorRef<MessageLite> edge, String why) {
    edge.tell(Detach.newBuilder().setSession(attach.getSession()).setReason(why).build());
  }

  void ended(String edge, ActorRef<CoreSession.Command> session) {
    byEdge.remove(edge, session);
    shared.edgesServed = byEdge.size();
  }

  void happened(DagEvent event) {
    byEdge.values().forEach(session -> session.tell(new CoreSession.Happened(event)));
  }

  void announced(List<Hash> transactions, boolean again) {
    byEdge
        .values()
        .forEach(session -> session.tell(new CoreSession.Announced(transactions, again)));
  }

  /** Sends all edges elsewhere. */
  void close() {
    byEdge.values().forEach(context::stop);
    byEdge.clear();
    shared.edgesServed = 0;
  }
}
