package kaspeer.cluster.members;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who is put out of the cluster: members that have been unreachable for long enough, by the greater
 * part of all; of two equal parts by the one with the lowest address. The lesser part puts nobody
 * out, itself included, and waits: there is no leader to be had twice here, both sides are whole
 * nodes, and whoever was put out comes back as soon as it can be reached.
 */
public final class Downing {
  private final Duration after;
  private final Map<String, Long> unreachableSince = new HashMap<>();

  public Downing(Duration after) {
    this.after = after;
  }

  /**
   * Whom this member is to put out now.
   *
   * @param members all of them, this one included
   * @param unreachable those of them that somebody cannot reach
   * @param nowNanos of a clock that only goes forward
   */
  public Set<String> look(
      String self, Collection<String> members, Collection<String> unreachable, long nowNanos) {
    unreachableSince.keySet().retainAll(unreachable);
    unreachable.forEach(member -> unreachableSince.putIfAbsent(member, nowNanos));
    Set<String> reachable = new HashSet<>(members);
    reachable.removeAll(unreachable);
    String first = members.stream().min(String::compareTo).orElse(self);
    boolean greater =
        2 * reachable.size() > members.size()
            || 2 * reachable.size() == members.size() && reachable.contains(first);
    boolean acts = reachable.stream().min(String::compareTo).filter(self::equals).isPresent();
    Set<String> out = new HashSet<>();
    if (greater && acts) {
      unreachableSince.forEach(
          (member, since) -> {
            if (nowNanos - since >= after.toNanos()) {
              out.add(member);
            }
          });
    }
    return out;
  }
}
