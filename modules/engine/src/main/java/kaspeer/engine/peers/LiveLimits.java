package kaspeer.engine.peers;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import kaspeer.engine.EngineConfig;
import kaspeer.transport.AcceptPolicy;

/**
 * The limits on connections in force. Written by the {@link PeersActor} alone, read at every
 * connection. Safe from any thread.
 */
public final class LiveLimits {
  /** A limit that can be changed while the node runs. */
  public enum Limit {
    OUT_PEERS("outPeers", 0, 1024, "Outbound peers to hold, found ones and permanent ones."),
    MAX_IN_PEERS("maxInPeers", 0, 16_384, "Inbound peers at most."),
    MAX_IN_PEERS_PER_IP("maxInPeersPerIp", 1, 16_384, "Inbound connections of one address."),
    MAX_IN_PEERS_PER_PREFIX(
        "maxInPeersPerPrefix", 1, 100_000, "Inbound connections of one /24 (IPv6: /48)."),
    MAX_PENDING("maxPending", 1, 100_000, "Inbound handshakes under way."),
    MAX_PENDING_PER_IP("maxPendingPerIp", 1, 100_000, "Inbound handshakes of one address.");

    private final String text;
    private final int least;
    private final int most;
    private final String meaning;

    Limit(String text, int least, int most, String meaning) {
      this.text = text;
      this.least = least;
      this.most = most;
      this.meaning = meaning;
    }

    /** Its name on the outside. */
    public String text() {
      return text;
    }

    public int least() {
      return least;
    }

    public int most() {
      return most;
    }

    public String meaning() {
      return meaning;
    }

    public static Optional<Limit> named(String text) {
      return Arrays.stream(values()).filter(limit -> limit.text.equals(text)).findFirst();
    }
  }

  private final Map<Limit, Integer> inForce = new ConcurrentHashMap<>();
  private final Map<Limit, Integer> configured = new EnumMap<>(Limit.class);
  private final AcceptPolicy.Limits inboundLimits;
  private final boolean findsPeers;
  private final boolean listens;

  /**
   * @param outPeers target of outbound peers
   * @param findsPeers whether peers are looked for at all
   * @param listens whether there are inbound peers at all
   */
  public LiveLimits(
      int outPeers, AcceptPolicy.Limits inboundLimits, boolean findsPeers, boolean listens) {
    this.inboundLimits = inboundLimits;
    this.findsPeers = findsPeers;
    this.listens = listens;
    configured.put(Limit.OUT_PEERS, outPeers);
    configured.put(Limit.MAX_IN_PEERS, inboundLimits.maxInbound());
    configured.put(Limit.MAX_IN_PEERS_PER_IP, inboundLimits.maxPerAddress());
    configured.put(Limit.MAX_IN_PEERS_PER_PREFIX, inboundLimits.maxPerPrefix());
    configured.put(Limit.MAX_PENDING, inboundLimits.maxPending());
    configured.put(Limit.MAX_PENDING_PER_IP, inboundLimits.maxPendingPerAddress());
    inForce.putAll(configured);
  }

  /** As an engine is configured. */
  public static LiveLimits of(EngineConfig config) {
    return new LiveLimits(
        config.dialling().outboundTarget(),
        config.inboundLimits(),
        config.dialling().findPeers(),
        config.listen().isPresent());
  }

  public int get(Limit limit) {
    return inForce.getOrDefault(limit, 0);
  }

  /** What the node was started with, and starts with again. */
  public int configured(Limit limit) {
    return configured.getOrDefault(limit, 0);
  }

  void set(Limit limit, int value) {
    inForce.put(limit, value);
  }

  /** Why this change would be none, or may not be made; empty if it is one. */
  Optional<String> objection(Limit limit, int value) {
    if (value < limit.least || value > limit.most) {
      return Optional.of(limit.text + " is " + limit.least + " to " + limit.most);
    }
    if (limit == Limit.OUT_PEERS && !findsPeers) {
      return Optional.of("outPeers has no effect: this node dials named peers only");
    }
    if (limit != Limit.OUT_PEERS && !listens) {
      return Optional.of(limit.text + " has no effect: this node does not listen");
    }
    for (Limit wider : wider(limit)) {
      if (value > get(wider)) {
        return Optional.of(
            limit.text
                + " "
                + value
                + " has no effect: "
                + wider.text
                + " is "
                + get(wider)
                + "; raise that first");
      }
    }
    return value == get(limit)
        ? Optional.of(limit.text + " is " + value + " already")
        : Optional.empty();
  }

  /** Those that count the same connections among others, so that nothing above them is reached. */
  private static List<Limit> wider(Limit limit) {
    return switch (limit) {
      case MAX_IN_PEERS_PER_IP -> List.of(Limit.MAX_IN_PEERS, Limit.MAX_IN_PEERS_PER_PREFIX);
      case MAX_PENDING_PER_IP -> List.of(Limit.MAX_IN_PEERS_PER_IP, Limit.MAX_PENDING);
      case OUT_PEERS, MAX_IN_PEERS, MAX_IN_PEERS_PER_PREFIX, MAX_PENDING -> List.of();
    };
  }

  /** The bounds on inbound connections. The rate of a prefix goes with what it may have. */
  public AcceptPolicy.Limits inboundLimits() {
    AcceptPolicy.Limits now =
        new AcceptPolicy.Limits(
            get(Limit.MAX_IN_PEERS),
            get(Limit.MAX_PENDING),
            get(Limit.MAX_IN_PEERS_PER_IP),
            get(Limit.MAX_PENDING_PER_IP),
            get(Limit.MAX_IN_PEERS_PER_PREFIX));
    return now.maxPerPrefix() != inboundLimits.maxPerPrefix()
        ? now
        : now.withMaxLatelyPerPrefix(inboundLimits.maxLatelyPerPrefix());
  }

  /** All limits, as they are and as they were configured. */
  Peers.LimitList report() {
    return new Peers.LimitList(
        Arrays.stream(Limit.values())
            .map(limit -> new Peers.LimitReport(limit, get(limit), configured(limit)))
            .toList());
  }
}
