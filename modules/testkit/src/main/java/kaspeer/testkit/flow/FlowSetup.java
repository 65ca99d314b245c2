package kaspeer.testkit.flow;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.FlowSettings;
import kaspeer.flow.LocalNode;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.PeerInfo.Direction;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.policy.Policy;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import org.jspecify.annotations.Nullable;

/**
 * The surroundings of a flow under test, to be changed one by one and then {@linkplain #start
 * started}.
 *
 * @param refusedAgents user agents that the operator's rules keep out
 * @param folder of a plug-in's flow; null for a new one
 */
public record FlowSetup(
    FlowFactory<?> factory,
    PeerInfo peer,
    LocalNode local,
    FlowSettings settings,
    Policy policy,
    DagSnapshot snapshot,
    Instant now,
    Set<String> refusedAgents,
    @Nullable Path folder) {

  /** When the tests take place. */
  public static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  public FlowSetup {
    refusedAgents = Set.copyOf(refusedAgents);
  }

  static FlowSetup standard(FlowFactory<?> factory) {
    PeerInfo connecting = PeerInfo.connecting(7, peerAddress(), Direction.OUTBOUND, false, NOW);
    LocalNode local =
        new LocalNode(new UUID(0x1111, 0x2222), Network.SIMNET, "/kaspeer:0.1.0/", null, 10, 11);
    FlowSetup connected =
        new FlowSetup(
            factory,
            connecting,
            local,
            FlowSettings.DEFAULT,
            Policy.NETWORK,
            syncedDag(NOW),
            NOW,
            Set.of(),
            null);
    return factory.descriptor().phase() == Phase.HANDSHAKE ? connected : connected.version(11);
  }

  private static InetSocketAddress peerAddress() {
    try {
      return new InetSocketAddress(
          InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, 9}), 16511);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  /** A DAG whose sink is a second old. */
  public static DagSnapshot syncedDag(Instant now) {
    return dag(1000, now.minusSeconds(1), BlueWork.ZERO);
  }

  /** A DAG with nothing but genesis. */
  public static DagSnapshot emptyDag() {
    return dag(0, Instant.EPOCH, BlueWork.ZERO);
  }

  /**
   * A DAG of this many blocks, all with bodies.
   *
   * @param sinkTime timestamp of the sink
   */
  public static DagSnapshot dag(long blocks, Instant sinkTime, BlueWork mergeDepthRootWork) {
    Hash sinkHash = Hash.ofWords(0x51, 0x6e, 0x6b, blocks);
    DagSnapshot.Tip sink =
        new DagSnapshot.Tip(sinkHash, blocks, BlueWork.of(blocks), blocks, sinkTime.toEpochMilli());
    return new DagSnapshot(
        blocks,
        blocks,
        List.of(sinkHash),
        sink,
        sink,
        List.of(sinkHash),
        blocks + 1,
        0x207fffff,
        sink.timestamp(),
        Hash.ofWords(0x9e, 0, 0, 0),
        mergeDepthRootWork);
  }

  /** A peer that has shaken hands for this version. */
  public FlowSetup version(int version) {
    return peer(
        new PeerInfo(
            peer.number(),
            new UUID(0x3333, 0x4444),
            peer.address(),
            peer.direction(),
            "/kaspad:2.1.0/",
            version,
            version,
            Duration.ZERO,
            true,
            peer.permanent(),
            peer.connectedAt()));
  }

  public FlowSetup peer(PeerInfo next) {
    return new FlowSetup(
        factory, next, local, settings, policy, snapshot, now, refusedAgents, folder);
  }

  public FlowSetup local(LocalNode next) {
    return new FlowSetup(
        factory, peer, next, settings, policy, snapshot, now, refusedAgents, folder);
  }

  public FlowSetup settings(FlowSettings next) {
    return new FlowSetup(factory, peer, local, next, policy, snapshot, now, refusedAgents, folder);
  }

  public FlowSetup policy(Policy next) {
    return new FlowSetup(
        factory, peer, local, settings, next, snapshot, now, refusedAgents, folder);
  }

  public FlowSetup dagSnapshot(DagSnapshot next) {
    return new FlowSetup(factory, peer, local, settings, policy, next, now, refusedAgents, folder);
  }

  public FlowSetup refusing(String userAgent) {
    return new FlowSetup(
        factory, peer, local, settings, policy, snapshot, now, Set.of(userAgent), folder);
  }

  /** The folder of a plug-in's flow, with what the test put there. */
  public FlowSetup folder(Path next) {
    return new FlowSetup(
        factory, peer, local, settings, policy, snapshot, now, refusedAgents, next);
  }

  /** A peer whose user agent names this tag. */
  public FlowSetup speaking(String tag) {
    return peer(
        new PeerInfo(
            peer.number(),
            peer.id(),
            peer.address(),
            peer.direction(),
            peer.userAgent() + tag + "/",
            peer.protocolVersion(),
            peer.advertisedVersion(),
            peer.timeOffset(),
            peer.relaysTransactions(),
            peer.permanent(),
            peer.connectedAt()));
  }

  /** Starts the flow. */
  public FlowHarness start() {
    return FlowHarness.start(factory, this);
  }
}
