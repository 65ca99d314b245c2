package kaspeer.flows.block;

import java.util.List;
import kaspeer.flows.common.Patience;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import org.jspecify.annotations.Nullable;

/**
 * One of the few blocks that are being fetched from the peer or given to the DAG. Belongs to its
 * flow's actor.
 */
final class Fetch {
  /** How far it has come. */
  sealed interface Stage {}

  /** The peer owes the block. */
  record Asked() implements Stage {}

  /**
   * The DAG is adding it.
   *
   * @param again whether it was an orphan whose ancestors came meanwhile
   */
  record Submitted(Got got, boolean again) implements Stage {}

  /** The DAG had no time; it is submitted again in a while. */
  record Waiting(Got got, boolean again) implements Stage {}

  /** Its parents are missing, and the sync is saying what it is about. */
  record SessionAsked(Got got) implements Stage {}

  /**
   * It is not near the end of a sync, and the peer owes a locator that tells how far away it is.
   *
   * @param got null if the peer holds enough of our memory with others, or for too long: then the
   *     block is asked for once more when it is worth keeping
   */
  record LocatorAsked(Header header, @Nullable Got got) implements Stage {}

  /** The DAG is saying which blocks of the locator it has. */
  record LocatorChecked(Header header, @Nullable Got got, List<Hash> locator) implements Stage {}

  /** The orphan pool is taking it in. */
  record Kept(Got got, boolean withinRange) implements Stage {}

  /** The block, and its size on the wire. */
  record Got(Block block, int bytes) {}

  final Inv inv;
  final Object holdTimer = new Object();

  /** With what the peer owes. */
  final Patience patience;

  Stage stage;
  int attempts;

  Fetch(Inv inv, Stage stage, Patience patience) {
    this.patience = patience;
    this.inv = inv;
    this.stage = stage;
  }

  Hash hash() {
    return inv.hash();
  }

  /** The block, if it waits for what the peer owes us of it, and nothing but the peer ends that. */
  @Nullable Got held() {
    return switch (stage) {
      case LocatorAsked(var _, var got) -> got;
      case LocatorChecked(var _, var got, var _) -> got;
      case Asked _, Submitted _, Waiting _, SessionAsked _, Kept _ -> null;
    };
  }
}
