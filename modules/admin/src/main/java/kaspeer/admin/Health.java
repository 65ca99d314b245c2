package kaspeer.admin;

/**
 * Whether the node is of use, in the order in which it becomes so.
 *
 * @param started all its parts run
 * @param joined it is a member of its cluster; a node on its own always is
 * @param synced it is at the tip of the network, as far as it can know, and can judge what comes
 * @param serving it takes connections and requests: it is not stopping
 */
public record Health(boolean started, boolean joined, boolean synced, boolean serving) {
  /** Whether work may be sent here. */
  public boolean isReady() {
    return started && joined && synced && serving;
  }
}
