package kaspeer.cluster;

import com.google.protobuf.MessageLite;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import kaspeer.cluster.edge.Cores;
import kaspeer.cluster.proto.Facts;
import kaspeer.cluster.wire.MalformedMessageException;
import kaspeer.cluster.wire.Wire;
import kaspeer.wire.NetAddress;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;

/** Who is a member, and what each said of itself last. State of the agent. */
final class Roster {
  private record Heard(Facts facts, long at) {}

  private final String self;
  private final Map<String, Heard> heard = new HashMap<>();
  private Map<String, Member> members = Map.of();
  private Set<String> unreachable = Set.of();

  Roster(String self) {
    this.self = self;
  }

  /** {@code host:port}; within it a host of IPv6 has brackets, as it has in the address. */
  static String show(Address address) {
    return address.getHost().orElse("") + ":" + address.getPort().orElse(0);
  }

  void update(CurrentClusterState state) {
    Map<String, Member> now = new TreeMap<>();
    state.getMembers().forEach(member -> now.put(show(member.address()), member));
    Set<String> lost = new HashSet<>();
    state.getUnreachable().forEach(member -> lost.add(show(member.address())));
    members = now;
    unreachable = lost;
    heard.keySet().retainAll(now.keySet());
  }

  /**
   * A member tells of itself.
   *
   * @throws MalformedMessageException if one of its ids is none: then it counts as not said
   */
  void heard(Facts facts) {
    List.of(facts.getIdentity(), facts.getMemberId()).stream()
        .filter(id -> !id.isEmpty())
        .forEach(Wire::uuid);
    heard.put(facts.getAddress(), new Heard(facts, System.nanoTime()));
  }

  /** The members besides this one. */
  List<Member> others() {
    return members.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(self))
        .map(Map.Entry::getValue)
        .toList();
  }

  Set<String> addresses() {
    return Set.copyOf(members.keySet());
  }

  /** Those whose presence counts: not those that are on their way out. */
  Set<String> counted() {
    Set<String> counted = new HashSet<>();
    members.forEach(
        (address, member) -> {
          MemberStatus status = member.status();
          if (!status.equals(MemberStatus.down()) && !status.equals(MemberStatus.exiting())) {
            counted.add(address);
          }
        });
    return counted;
  }

  Set<String> unreachable() {
    Set<String> counted = counted();
    counted.retainAll(unreachable);
    return counted;
  }

  Optional<Address> address(String member) {
    return Optional.ofNullable(members.get(member)).map(Member::address);
  }

  /**
   * The id that all members show to peers, if one of the others knows it. The oldest is right: one
   * that comes from another cluster may not know yet that it is in this one.
   */
  Optional<UUID> identity() {
    return others().stream()
        .sorted(Member.ageOrdering())
        .flatMap(member -> Optional.ofNullable(heard.get(show(member.address()))).stream())
        .filter(said -> !said.facts.getIdentity().isEmpty())
        .map(said -> Wire.uuid(said.facts.getIdentity()))
        .findFirst();
  }

  /** What others said of themselves, by address. */
  Map<String, Facts> facts() {
    Map<String, Facts> facts = new TreeMap<>();
    heard.forEach((address, said) -> facts.put(address, said.facts));
    facts.remove(self);
    return facts;
  }

  boolean isOldest(Member own) {
    return own.status().equals(MemberStatus.up())
        && members.values().stream()
            .filter(member -> member.status().equals(MemberStatus.up()))
            .noneMatch(member -> member.isOlderThan(own));
  }

  /** Finds a member's agent. */
  interface Agents {
    ActorRef<MessageLite> of(Address member);
  }

  List<Cores.Seen> cores(Agents agents) {
    List<Cores.Seen> cores = new ArrayList<>();
    heard.forEach(
        (address, said) -> {
          Member member = members.get(address);
          if (said.facts.getCore() && !address.equals(self) && member != null) {
            cores.add(
                new Cores.Seen(
                    address,
                    agents.of(member.address()),
                    said.facts.getSynced(),
                    said.facts.getDaaScore(),
                    said.at,
                    said.facts.getLeaving()));
          }
        });
    return cores;
  }

  /** What the other members call themselves towards each other. */
  Set<UUID> memberIds() {
    Set<UUID> ids = new HashSet<>();
    facts().values().stream()
        .filter(facts -> !facts.getMemberId().isEmpty())
        .forEach(facts -> ids.add(Wire.uuid(facts.getMemberId())));
    return ids;
  }

  /** Where other cores accept peers. */
  Set<InetSocketAddress> corePeers() {
    Set<InetSocketAddress> peers = new HashSet<>();
    heard.forEach(
        (address, said) -> {
          if (said.facts.getCore() && !address.equals(self)) {
            NetAddress.parse(said.facts.getP2PAddress())
                .map(NetAddress::toSocket)
                .ifPresent(peers::add);
          }
        });
    return peers;
  }

  /**
   * All members and this one, which is none before it was taken in and after it was put out.
   *
   * @param itself this one
   * @param own what it says of itself
   */
  ClusterView view(Member itself, Facts own) {
    Map<String, Facts> facts = new HashMap<>(facts());
    facts.put(self, own);
    long best = facts.values().stream().mapToLong(Facts::getDaaScore).max().orElse(0);
    Map<String, Member> all = new TreeMap<>(members);
    all.putIfAbsent(self, itself);
    List<ClusterView.Member> list = new ArrayList<>();
    all.forEach(
        (address, member) -> {
          Facts said = facts.getOrDefault(address, Facts.getDefaultInstance());
          list.add(
              new ClusterView.Member(
                  address,
                  member.getRoles().stream()
                      .filter(role -> !role.startsWith("dc-"))
                      .sorted()
                      .toList(),
                  said.getLeaving() ? "leaving" : status(member),
                  !unreachable.contains(address),
                  said.getPeers(),
                  said.getDag(),
                  said.getDag().isEmpty() ? 0 : best - said.getDaaScore(),
                  address.equals(self)));
        });
    list.sort(Comparator.comparing(ClusterView.Member::address));
    return new ClusterView(list);
  }

  /** Whoever is no member is trying to become one. */
  private static String status(Member member) {
    MemberStatus status = member.status();
    return status.equals(MemberStatus.removed())
        ? "joining"
        : status.toString().toLowerCase(Locale.ROOT);
  }
}
