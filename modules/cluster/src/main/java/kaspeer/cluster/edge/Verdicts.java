package kaspeer.cluster.edge;

import kaspeer.consensus.Rule;
import kaspeer.engine.DagHome;
import kaspeer.engine.relay.RelayActor;
import kaspeer.flow.dag.Dag.BlockReply;
import kaspeer.flow.peers.Relay;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/**
 * What a core said of blocks and transactions, for the permits of the edge's relay: they hear of it
 * before the flow that waits for it does, as they would in a single process. State of the proxy.
 */
final class Verdicts {
  private DagHome.@Nullable Listeners listeners;

  void connected(DagHome.Listeners there) {
    listeners = there;
  }

  void decided(BlockReply reply) {
    switch (reply) {
      case BlockReply.Accepted _, BlockReply.Known _, BlockReply.MissingParents _ ->
          tell(new RelayActor.Decided(Relay.Kind.BLOCK, reply.hash()));
      case BlockReply.Invalid(var hash, var rule, var _) ->
          tell(
              isRemembered(rule)
                  ? new RelayActor.Decided(Relay.Kind.BLOCK, hash)
                  : new RelayActor.Spoilt(Relay.Kind.BLOCK, hash));
      case BlockReply.Busy _ -> {}
    }
  }

  /** A bad transaction came under this id, and others may have the good one. */
  void spoilt(Hash transaction) {
    tell(new RelayActor.Spoilt(Relay.Kind.TRANSACTION, transaction));
  }

  /** Another core than the last one decides from now on. */
  void moved() {
    tell(new RelayActor.OtherDag());
  }

  private void tell(RelayActor.Command command) {
    if (listeners != null) {
      listeners.relay().tell(command);
    }
  }

  private static boolean isRemembered(String rule) {
    try {
      return Rule.valueOf(rule).remembered();
    } catch (IllegalArgumentException ofLaterVersion) {
      return false;
    }
  }
}
