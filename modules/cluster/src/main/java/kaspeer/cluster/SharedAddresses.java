package kaspeer.cluster;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kaspeer.cluster.proto.AddressNews;
import kaspeer.engine.Engine;
import kaspeer.engine.Facades;
import kaspeer.engine.addresses.AddressBook.AddressList;
import kaspeer.flow.peers.Addresses;
import kaspeer.wire.NetAddress;

/**
 * Addresses of peers that one member learns are told to the others, a thousand at a time at most,
 * and those that come to know of more members are told all. State of the agent.
 */
final class SharedAddresses {
  private static final int MAX = 1000;

  private final Set<String> told = new HashSet<>();
  private Set<String> members = Set.of();

  /** What is in the book that the others were not told of yet. */
  AddressNews news(AddressList book, Set<String> present) {
    if (!members.containsAll(present)) {
      told.clear();
    }
    members = present;
    Set<String> now = new HashSet<>();
    List<String> fresh = new ArrayList<>();
    book.addresses()
        .forEach(
            known -> {
              String address = known.address().toString();
              if (told.contains(address)) {
                now.add(address);
              } else if (fresh.size() < MAX) {
                fresh.add(address);
                now.add(address);
              }
            });
    told.clear();
    told.addAll(now);
    return AddressNews.newBuilder().addAllAddresses(fresh).build();
  }

  /** Another member learned of these. */
  void heard(AddressNews news, Engine engine, InetSocketAddress self) {
    List<NetAddress> addresses = new ArrayList<>();
    news.getAddressesList().stream()
        .limit(MAX)
        .filter(told::add)
        .forEach(address -> NetAddress.parse(address).ifPresent(addresses::add));
    if (!addresses.isEmpty()) {
      Facades.as(Addresses.class, engine.addresses())
          .tell(new Addresses.Offer(addresses, self.getAddress()));
    }
  }
}
