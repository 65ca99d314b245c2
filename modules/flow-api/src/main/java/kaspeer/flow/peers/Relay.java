package kaspeer.flow.peers;

import java.util.List;
import kaspeer.primitives.Hash;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Who fetches what from whom. A hash that several peers announce is fetched from one of them; when
 * it is slow, from the next. A peer that goes away gives back all its permits.
 */
public sealed interface Relay {
  /** What is fetched. */
  enum Kind {
    BLOCK,
    TRANSACTION
  }

  /**
   * A peer has announced these, and we lack them. Answered with what to fetch from it: at once,
   * later (when the first announcer was too slow), or never (when somebody else delivered).
   *
   * @param peer number of its connection
   */
  record Announced(Kind kind, List<Hash> hashes, long peer, ActorRef<Permit> replyTo)
      implements Relay {}

  /**
   * The permit holder got these (or has found that nobody needs them): waiting announcers are
   * dropped. It is sent when the answers came, before the DAG or the mempool has them; so for some
   * seconds further announcements of them are left without a permit.
   */
  record Obtained(Kind kind, List<Hash> hashes, long peer) implements Relay {}

  /**
   * The permit holder could not get it: the next announcer is asked. Slowness need not be reported:
   * who holds a permit for longer than {@link kaspeer.flow.FlowSettings#fetchFailover} loses the
   * exclusive right to it, though its answer is still welcome.
   */
  record Failed(Kind kind, Hash hash, long peer) implements Relay {}

  /** Fetch these now. */
  record Permit(Kind kind, List<Hash> hashes) {}
}
