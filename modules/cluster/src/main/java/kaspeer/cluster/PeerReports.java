package kaspeer.cluster;

import com.google.protobuf.MessageLite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import kaspeer.cluster.proto.AskPeers;
import kaspeer.cluster.proto.PeersTold;
import kaspeer.flow.PeerInfo;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells other members which peers this one holds, and asks them for theirs. */
final class PeerReports {
  static final String NAME = "peer-reports";

  /** Who has not answered by then counts as missing. */
  static final Duration LIMIT = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(PeerReports.class);

  private PeerReports() {}

  /** The actor that other members ask. */
  static Behavior<MessageLite> create(Shared shared) {
    return Behaviors.setup(
        context -> {
          ActorRefResolver resolver = ActorRefResolver.get(context.getSystem());
          return Behaviors.receiveMessage(
              message -> {
                if (message instanceof AskPeers ask) {
                  ActorRef<MessageLite> asker = resolver.resolveActorRef(ask.getReplyTo());
                  asker.tell(PeerInfoCodec.toWire(shared.options.address(), shared.peers.values()));
                }
                return Behaviors.same();
              });
        });
  }

  /** Asks all members that can be asked. */
  static CompletionStage<ClusterPeers> gather(ActorSystem<?> system, Shared shared) {
    String self = shared.options.address();
    Map<String, CompletableFuture<PeersTold>> asked = new TreeMap<>();
    for (ClusterView.Member member : shared.view.members()) {
      if (!member.address().equals(self)) {
        asked.put(
            member.address(),
            member.reachable()
                ? ask(system, member.address()).toCompletableFuture()
                : CompletableFuture.failedFuture(new IllegalStateException("unreachable")));
      }
    }
    CompletableFuture<?> all =
        CompletableFuture.allOf(asked.values().toArray(new CompletableFuture<?>[0]));
    return all.handle((_, _) -> collect(self, shared.peers.values(), asked));
  }

  private static CompletionStage<PeersTold> ask(ActorSystem<?> system, String member) {
    try {
      return askAgent(system, member);
    } catch (IllegalStateException ended) {
      // The cluster's actors have ended, and others do not yet take their place.
      return CompletableFuture.failedFuture(ended);
    }
  }

  private static CompletionStage<PeersTold> askAgent(ActorSystem<?> system, String member) {
    ActorRefResolver resolver = ActorRefResolver.get(system);
    ActorRef<MessageLite> agent =
        resolver.resolveActorRef(
            "pekko://" + ClusterSettings.SYSTEM + "@" + member + "/user/" + NAME);
    return AskPattern.ask(
        agent,
        (ActorRef<PeersTold> replyTo) ->
            AskPeers.newBuilder().setReplyTo(resolver.toSerializationFormat(replyTo)).build(),
        LIMIT,
        system.scheduler());
  }

  private static ClusterPeers collect(
      String self, Collection<PeerInfo> own, Map<String, CompletableFuture<PeersTold>> asked) {
    List<ClusterPeers.Held> peers = new ArrayList<>();
    List<String> answered = new ArrayList<>(List.of(self));
    List<String> missing = new ArrayList<>();
    int omitted = 0;
    own.forEach(peer -> peers.add(new ClusterPeers.Held(self, peer)));
    for (var entry : asked.entrySet()) {
      try {
        PeersTold told = entry.getValue().join();
        PeerInfoCodec.peers(told)
            .forEach(peer -> peers.add(new ClusterPeers.Held(entry.getKey(), peer)));
        omitted += told.getOmitted();
        answered.add(entry.getKey());
      } catch (RuntimeException without) {
        LOG.debug("{} did not tell of its peers", entry.getKey(), without);
        missing.add(entry.getKey());
      }
    }
    return new ClusterPeers(peers, answered, missing, omitted);
  }
}
