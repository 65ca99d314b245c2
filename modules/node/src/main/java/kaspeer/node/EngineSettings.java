package kaspeer.node;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import kaspeer.admin.HostPort;
import kaspeer.engine.EngineConfig;
import kaspeer.engine.dial.DialPlan;
import kaspeer.engine.dial.DialTarget;
import kaspeer.engine.net.Routability;
import kaspeer.flow.LocalNode;
import kaspeer.flow.policy.Policy;
import kaspeer.node.config.ConfigException;
import kaspeer.node.config.NodeConfig;
import kaspeer.node.config.Option;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.transport.AcceptPolicy;
import kaspeer.wire.NetAddress;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.PeerId;
import org.jspecify.annotations.Nullable;

/** What a node's configuration means for its engine. */
final class EngineSettings {
  /** What an engine that is late still has to do. */
  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  private static final AcceptPolicy.Limits DOOR = AcceptPolicy.Limits.DEFAULT;

  private EngineSettings() {}

  /**
   * @param shared the id that all members of a cluster show; null for one of its own
   * @throws StartException if a host that is named cannot be found
   */
  static EngineConfig of(NodeConfig config, Params params, @Nullable UUID shared)
      throws StartException {
    InetSocketAddress listen =
        config.listen() == null ? null : Resolver.resolve(config.listen(), "--listen");
    PeerId id = PeerId.random(new SecureRandom());
    LocalNode local =
        new LocalNode(
            shared == null ? new UUID(id.high(), id.low()) : shared,
            config.network(),
            "/kaspeer:" + Version.current() + "/",
            config.externalAddress() == null
                ? advertised(listen)
                : external(config.externalAddress(), config.network()),
            PayloadCatalogue.MIN_VERSION,
            PayloadCatalogue.MAX_VERSION);
    EngineConfig.Builder builder =
        EngineConfig.of(params, local).toBuilder()
            .policy(
                config.policy() == NodeConfig.PolicyPreset.STRICT ? Policy.STRICT : Policy.NETWORK)
            .dialling(dialPlan(config))
            .inboundLimits(door(config))
            .mempool(config.mempool())
            .plugins(config.plugins().directory(), config.plugins().names())
            .shutdownTimeout(StopSequence.ENGINE.minus(LAST_WORDS));
    return (listen == null ? builder : builder.listen(listen)).build();
  }

  private static DialPlan dialPlan(NodeConfig config) {
    boolean onlyThese = !config.connect().isEmpty();
    List<DialTarget> permanent =
        Stream.concat(config.connect().stream(), config.addPeers().stream())
            .map(peer -> new DialTarget(peer.host(), peer.port()))
            .toList();
    return new DialPlan(
        onlyThese ? 0 : config.outPeers(),
        !onlyThese,
        permanent,
        config.dnsSeed() ? Seeders.of(config.network()) : List.of(),
        config.network().p2pPort());
  }

  /**
   * A prefix may hold several full addresses, or a limit by address above ours by prefix would mean
   * nothing.
   */
  private static AcceptPolicy.Limits door(NodeConfig config) {
    int perPrefix = Math.max(DOOR.maxPerPrefix(), 4 * config.maxInPeersPerIp());
    return new AcceptPolicy.Limits(
        config.maxInPeers(),
        DOOR.maxPending(),
        config.maxInPeersPerIp(),
        DOOR.maxPendingPerAddress(),
        perPrefix);
  }

  /**
   * What peers are told to dial by whoever knows it.
   *
   * @throws ConfigException if it is an address that no peer keeps or tells of
   */
  private static NetAddress external(HostPort named, Network network) throws StartException {
    NetAddress address = NetAddress.of(Resolver.resolve(named, Option.EXTERNAL_ADDRESS.flag()));
    if (!Routability.acceptsGossip(address.ip(), address.port(), network)) {
      throw new ConfigException(
          Option.EXTERNAL_ADDRESS.flag()
              + " "
              + named
              + " has no effect: no peer on "
              + network.optionName()
              + " would dial "
              + address.ip().getHostAddress());
    }
    return address;
  }

  /**
   * What peers are told to dial: where we listen, if that can be reached from the internet
   * (protocol reference 7.2).
   */
  private static @Nullable NetAddress advertised(@Nullable InetSocketAddress listen)
      throws StartException {
    if (listen == null || listen.getPort() == 0) {
      return null;
    }
    if (!listen.getAddress().isAnyLocalAddress()) {
      return Routability.isPublic(listen.getAddress()) ? NetAddress.of(listen) : null;
    }
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(Routability::isPublic)
          .findFirst()
          .map(address -> new NetAddress(withoutZone(address), listen.getPort()))
          .orElse(null);
    } catch (SocketException e) {
      throw new StartException("cannot list this machine's addresses: " + e.getMessage(), e);
    }
  }

  /** Which of our interfaces it is on is nobody else's business. */
  private static InetAddress withoutZone(InetAddress address) {
    try {
      return InetAddress.getByAddress(address.getAddress());
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
