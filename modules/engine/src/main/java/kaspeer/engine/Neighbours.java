package kaspeer.engine;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.UUID;
import kaspeer.flow.LocalNode;
import kaspeer.flow.PeerInfo;
import kaspeer.primitives.Hash;
import kaspeer.wire.NetAddress;

/**
 * What the other members of a cluster mean for an engine. Called from any thread, and must not
 * block. A node on its own has {@link #NONE}.
 */
public interface Neighbours {
  /** What the host is called of a peer that has gone. */
  String GONE = "gone";

  Neighbours NONE = new Neighbours() {};

  /** Whether it is for this member to hold a connection to this address. */
  default boolean mayDial(NetAddress address) {
    return true;
  }

  /** Whether another member accepts peers there. */
  default boolean isMember(InetSocketAddress address) {
    return false;
  }

  /**
   * What to tell a peer of ourselves.
   *
   * @param shared what all peers are told that are no members
   */
  default LocalNode identity(LocalNode shared, PeerInfo peer) {
    return shared;
  }

  /**
   * The id that is shown now to all peers that are no members; it changes when two clusters become
   * one.
   *
   * @param own the one that this node started with
   */
  default UUID id(UUID own) {
    return own;
  }

  /** Whether peers are taken in. */
  default boolean isOpen() {
    return true;
  }

  /** An operator asked for a peer for good, or does not want it any more. */
  default void permanent(InetSocketAddress peer, boolean held) {}

  /**
   * The host behind an origin that is no connection here: a peer of another member, or one that has
   * gone. Those without a name of their own are called the same, and share what one may have.
   */
  default String hostOf(long origin) {
    return GONE;
  }

  /**
   * Peers are told of these transactions.
   *
   * @param again whether also those are that have heard of them
   */
  default void announced(List<Hash> transactions, boolean again) {}
}
