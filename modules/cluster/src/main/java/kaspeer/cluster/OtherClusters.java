package kaspeer.cluster;

import kaspeer.cluster.proto.Facts;

/**
 * Clusters that have formed apart. The first of those through whom all join makes a cluster of its
 * own when it starts and hears nobody in time, as on a machine that is too busy, though the others
 * are in one. Members tell those through whom they join of themselves, so that both hear of each
 * other; the lesser one gives way, and its members join the greater one.
 */
final class OtherClusters {
  private OtherClusters() {}

  /**
   * Whether someone who is no member here belongs to another cluster. All members of one show the
   * same id to peers; whoever has none yet has only just joined, perhaps this one.
   */
  static boolean isOfAnother(Facts theirs, Facts ours) {
    return !theirs.getIdentity().isEmpty()
        && !ours.getIdentity().isEmpty()
        && !theirs.getIdentity().equals(ours.getIdentity());
  }

  /** Whether ours is the lesser one: by members, then by the address of whoever tells of it. */
  static boolean givesWay(Facts ours, Facts theirs) {
    return ours.getMembers() < theirs.getMembers()
        || ours.getMembers() == theirs.getMembers()
            && theirs.getAddress().compareTo(ours.getAddress()) < 0;
  }
}
