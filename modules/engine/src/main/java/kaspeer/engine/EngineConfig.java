package kaspeer.engine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import kaspeer.engine.dial.DialPlan;
import kaspeer.engine.sync.SyncSettings;
import kaspeer.flow.FlowSettings;
import kaspeer.flow.LocalNode;
import kaspeer.flow.policy.Policy;
import kaspeer.mempool.MempoolOptions;
import kaspeer.primitives.Params;
import kaspeer.transport.AcceptPolicy;
import kaspeer.transport.TransportOptions;

/**
 * How an engine runs. Make with {@link #of} and a {@link Builder}.
 *
 * @param params of the network
 * @param local what we tell peers of ourselves
 * @param listen where to accept peers, port 0 for any; empty to accept none
 * @param inboundLimits bounds on inbound connections
 * @param exemptFromCaps addresses that the bounds by address and prefix do not count
 * @param plugins directory of third parties' flows
 * @param allowedPlugins names of the jars to load from there, without {@code .jar}
 * @param admitsAgent whether a peer of this user agent may stay
 * @param inboxBytes most bytes of messages that may wait for one peer's flows
 * @param intakeBytes most bytes of relayed blocks that may wait for a verdict
 * @param orphanBytes most heap for blocks that wait for ancestors
 * @param orphanBytesPerPeer most of it for one peer
 * @param shutdownTimeout how long stopping may take
 */
public record EngineConfig(
    Params params,
    LocalNode local,
    Policy policy,
    FlowSettings flows,
    SyncSettings sync,
    DialPlan dialling,
    Optional<InetSocketAddress> listen,
    AcceptPolicy.Limits inboundLimits,
    Predicate<InetAddress> exemptFromCaps,
    TransportOptions transport,
    MempoolOptions mempool,
    Optional<Path> plugins,
    Set<String> allowedPlugins,
    Predicate<String> admitsAgent,
    long inboxBytes,
    long intakeBytes,
    long orphanBytes,
    long orphanBytesPerPeer,
    Duration shutdownTimeout) {
  private static final long MIB = 1 << 20;

  public EngineConfig {
    allowedPlugins = Set.copyOf(allowedPlugins);
  }

  /** A node of this network that listens nowhere and dials nobody. */
  public static EngineConfig of(Params params, LocalNode local) {
    DialPlan nobody = new DialPlan(0, false, List.of(), List.of(), params.network().p2pPort());
    return new EngineConfig(
        params,
        local,
        Policy.NETWORK,
        FlowSettings.DEFAULT,
        SyncSettings.DEFAULT,
        nobody,
        Optional.empty(),
        AcceptPolicy.Limits.DEFAULT,
        InetAddress::isLoopbackAddress,
        TransportOptions.DEFAULT,
        MempoolOptions.ofHeap(Runtime.getRuntime().maxMemory()),
        Optional.empty(),
        Set.of(),
        _ -> true,
        32 * MIB,
        32 * MIB,
        64 * MIB,
        8 * MIB,
        Duration.ofSeconds(10));
  }

  /** This configuration, to be changed. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Changes a configuration part by part. */
  public static final class Builder {
    private Params params;
    private LocalNode local;
    private Policy policy;
    private FlowSettings flows;
    private SyncSettings sync;
    private DialPlan dialling;
    private Optional<InetSocketAddress> listen;
    private AcceptPolicy.Limits inboundLimits;
    private Predicate<InetAddress> exemptFromCaps;
    private TransportOptions transport;
    private MempoolOptions mempool;
    private Optional<Path> plugins;
    private Set<String> allowedPlugins;
    private Predicate<String> admitsAgent;
    private long inboxBytes;
    private long intakeBytes;
    private long orphanBytes;
    private long orphanBytesPerPeer;
    private Duration shutdownTimeout;

    private Builder(EngineConfig from) {
      params = from.params;
      local = from.local;
      policy = from.policy;
      flows = from.flows;
      sync = from.sync;
      dialling = from.dialling;
      listen = from.listen;
      inboundLimits = from.inboundLimits;
      exemptFromCaps = from.exemptFromCaps;
      transport = from.transport;
      mempool = from.mempool;
      plugins = from.plugins;
      allowedPlugins = from.allowedPlugins;
      admitsAgent = from.admitsAgent;
      inboxBytes = from.inboxBytes;
      intakeBytes = from.intakeBytes;
      orphanBytes = from.orphanBytes;
      orphanBytesPerPeer = from.orphanBytesPerPeer;
      shutdownTimeout = from.shutdownTimeout;
    }

    public Builder local(LocalNode value) {
      local = value;
      return this;
    }

    public Builder policy(Policy value) {
      policy = value;
      return this;
    }

    public Builder flows(FlowSettings value) {
      flows = value;
      return this;
    }

    public Builder sync(SyncSettings value) {
      sync = value;
      return this;
    }

    public Builder dialling(DialPlan value) {
      dialling = value;
      return this;
    }

    public Builder listen(InetSocketAddress value) {
      listen = Optional.of(value);
      return this;
    }

    public Builder inboundLimits(AcceptPolicy.Limits value) {
      inboundLimits = value;
      return this;
    }

    public Builder exemptFromCaps(Predicate<InetAddress> value) {
      exemptFromCaps = value;
      return this;
    }

    public Builder transport(TransportOptions value) {
      transport = value;
      return this;
    }

    public Builder mempool(MempoolOptions value) {
      mempool = value;
      return this;
    }

    public Builder plugins(Path directory, Set<String> allowed) {
      plugins = Optional.of(directory);
      allowedPlugins = Set.copyOf(allowed);
      return this;
    }

    public Builder admitsAgent(Predicate<String> value) {
      admitsAgent = value;
      return this;
    }

    public Builder inboxBytes(long value) {
      inboxBytes = value;
      return this;
    }

    public Builder intakeBytes(long value) {
      intakeBytes = value;
      return this;
    }

    public Builder orphans(long bytes, long perPeer) {
      orphanBytes = bytes;
      orphanBytesPerPeer = perPeer;
      return this;
    }

    public Builder shutdownTimeout(Duration value) {
      shutdownTimeout = value;
      return this;
    }

    public EngineConfig build() {
      return new EngineConfig(
          params,
          local,
          policy,
          flows,
          sync,
          dialling,
          listen,
          inboundLimits,
          exemptFromCaps,
          transport,
          mempool,
          plugins,
          allowedPlugins,
          admitsAgent,
          inboxBytes,
          intakeBytes,
          orphanBytes,
          orphanBytesPerPeer,
          shutdownTimeout);
    }
  }
}
