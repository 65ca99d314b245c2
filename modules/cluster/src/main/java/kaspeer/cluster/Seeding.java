package kaspeer.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import kaspeer.engine.EngineResources.NameLookUp;
import kaspeer.wire.NetAddress;

/**
 * Through whom a member joins. Of the addresses that are named, and all that names stand for, the
 * lowest makes the cluster if none of the others is in one: so all members may be given the same
 * list, or one name that stands for all of them.
 */
final class Seeding {
  private final ClusterOptions options;
  private final NameLookUp lookUp;
  private final Collection<InetSocketAddress> known;

  /**
   * @param known members of an earlier life of this one: it must not make a cluster of its own then
   */
  Seeding(ClusterOptions options, NameLookUp lookUp, Collection<InetSocketAddress> known) {
    this.options = options;
    this.lookUp = lookUp;
    this.known = List.copyOf(known);
  }

  /** Whether this member makes a cluster without asking anybody. */
  boolean isFirst() {
    return options.join().isEmpty() && known.isEmpty();
  }

  /** Whom to ask, in order; itself first if it is to make the cluster. May block. */
  List<InetSocketAddress> find() {
    Set<InetSocketAddress> found = new LinkedHashSet<>();
    for (ClusterOptions.Contact contact : options.join()) {
      for (InetAddress address : addresses(contact.host())) {
        found.add(new InetSocketAddress(address, contact.port()));
      }
    }
    List<InetSocketAddress> seeds = new ArrayList<>(found);
    seeds.sort(Comparator.comparing(seed -> NetAddress.of(seed).toString()));
    if (!known.isEmpty()) {
      known.stream().filter(member -> !found.contains(member)).forEach(seeds::add);
      seeds.remove(options.listen());
    }
    return seeds;
  }

  private List<InetAddress> addresses(String host) {
    try {
      return List.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException name) {
      return lookUp.addressesOf(host);
    }
  }
}
