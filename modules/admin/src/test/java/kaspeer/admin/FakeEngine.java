package kaspeer.admin;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import kaspeer.engine.Engine;
import kaspeer.engine.addresses.AddressBook;
import kaspeer.engine.addresses.AddressReport;
import kaspeer.engine.dial.DialTarget;
import kaspeer.engine.peer.PeerReport;
import kaspeer.engine.peers.Departure;
import kaspeer.engine.peers.LiveLimits.Limit;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.engine.sync.SyncControl;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.LocalNode;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.dag.AcceptedBlock;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.policy.Policy;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.wire.NetAddress;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/** An engine whose actors give prepared answers and remember what they were told to do. */
public final class FakeEngine implements Engine {
  public static final Block GENESIS = Params.of(Network.SIMNET).genesis();

  /** A transaction that waits for others. */
  public static final Hash ORPHAN = Hash.fromHex("ef".repeat(32));

  public static final Hash UNKNOWN = Hash.fromHex("ab".repeat(32));
  public static final Hash HEADER_ONLY = Hash.fromHex("cd".repeat(32));
  public static final UUID PEER_ID = UUID.fromString("0f0e0d0c-1111-4222-8333-444455556666");
  public static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  /** Of every transaction in the mempool. */
  public static final Mempool.Price PRICE =
      new Mempool.Price(1234, 2.5, 100, 200, 300, true, 43, 1000);

  private final ActorRef<Dag> dag;
  private final ActorRef<Mempool> mempool;
  private final ActorRef<Peers> peers;
  private final ActorRef<Sanctions> sanctions;
  private final ActorRef<AddressBook> addresses;
  private final ActorRef<SyncControl> sync;

  /** Orders, in the order they came. */
  public final List<Object> orders = new CopyOnWriteArrayList<>();

  /** What becomes of the next block handed in. */
  public volatile Dag.@Nullable BlockReply blockReply;

  /** What becomes of the next transaction handed in. */
  public volatile Mempool.Result transactionResult = new Mempool.Result.Accepted(1234, List.of());

  /** What is answered to whoever asks for a block template. */
  public volatile Mempool.TemplateReply templateReply =
      new Mempool.TemplateReply.Made(GENESIS, true);

  public volatile Peers.DialReply dialReply = new Peers.DialReply.Connected(7);
  public volatile SyncStatus syncStatus =
      new SyncStatus(SyncStatus.State.SYNCING, 7L, "headers", 0.25, 1300.5, 0, 1);

  /** A permanent peer. */
  public static final DialTarget HELD = new DialTarget("203.0.113.7", 16511);

  /** What becomes of the next wish for another leader of the sync. */
  public volatile SyncControl.RotateReply rotateReply =
      new SyncControl.RotateReply.Rotated(7, 9, "headers");

  /** What there is to say of the selected chain. */
  public volatile ChainFacts chain = ChainFacts.NONE;

  /** DAA score of a block made now. */
  public volatile long virtualDaaScore = 44;

  /** Those that end first in front. */
  public volatile List<Sanctions.Ban> bans =
      List.of(new Sanctions.Ban("10.0.0.0/8", "score", NOW, "seen"));

  /** Whether the peers actor does not answer. */
  public volatile boolean deafPeers;

  public FakeEngine(ActorTestKit kit) {
    dag = kit.spawn(Behaviors.<Dag>receiveMessage(this::onDag));
    mempool = kit.spawn(Behaviors.<Mempool>receiveMessage(this::onMempool));
    peers = kit.spawn(Behaviors.<Peers>receiveMessage(this::onPeers));
    sanctions = kit.spawn(Behaviors.<Sanctions>receiveMessage(this::onSanctions));
    addresses = kit.spawn(Behaviors.<AddressBook>receiveMessage(this::onAddresses));
    sync = kit.spawn(Behaviors.<SyncControl>receiveMessage(this::onSync));
  }

  private org.apache.pekko.actor.typed.Behavior<Dag> onDag(Dag message) {
    switch (message) {
      case Dag.GetPlace m -> m.replyTo().tell(place(m.hash()));
      case Dag.GetHeader m ->
          m.replyTo()
              .tell(
                  status(m.hash()).hasHeader() ? Optional.of(GENESIS.header()) : Optional.empty());
      case Dag.GetBlock m ->
          m.replyTo().tell(status(m.hash()).hasBody() ? Optional.of(GENESIS) : Optional.empty());
      case Dag.SubmitBlock m -> {
        orders.add(m);
        Dag.BlockReply reply = blockReply;
        m.replyTo()
            .tell(
                reply == null
                    ? new Dag.BlockReply.Accepted(m.block().hash(), List.of(UNKNOWN))
                    : reply);
      }
      default -> throw new IllegalArgumentException(message.toString());
    }
    return Behaviors.same();
  }

  private static Dag.Place place(Hash hash) {
    BlockStatus status = status(hash);
    return status.hasBody()
        ? new Dag.Place(
            status,
            true,
            Optional.of(
                new AcceptedBlock(
                    hash, List.of(new AcceptedBlock.Merged(UNKNOWN, List.of(HEADER_ONLY))))),
            Optional.empty())
        : new Dag.Place(
            status,
            false,
            Optional.empty(),
            Optional.of(
                new Dag.MergeSet(
                    GENESIS.hash(), List.of(GENESIS.hash(), UNKNOWN), List.of(HEADER_ONLY))));
  }

  private static BlockStatus status(Hash hash) {
    if (hash.equals(GENESIS.hash())) {
      return BlockStatus.UTXO_VALID;
    }
    return hash.equals(HEADER_ONLY) ? BlockStatus.HEADER_ONLY : BlockStatus.UNKNOWN;
  }

  private org.apache.pekko.actor.typed.Behavior<Mempool> onMempool(Mempool message) {
    switch (message) {
      case Mempool.GetInfo m ->
          m.replyTo()
              .tell(
                  new Mempool.Info(
                      3,
                      4500,
                      100,
                      1 << 20,
                      2,
                      1,
                      4,
                      900,
                      new Mempool.FeeEstimate(
                          new Mempool.FeeBucket(200, 0.1),
                          List.of(new Mempool.FeeBucket(150, 5)),
                          List.of(new Mempool.FeeBucket(100, 50))),
                      Map.of("accepted", 5L, "invalid", 1L)));
      case Mempool.Describe m ->
          m.replyTo()
              .tell(
                  m.id().equals(UNKNOWN)
                      ? Optional.empty()
                      : Optional.of(
                          new Mempool.Description(
                              GENESIS.transactions().getFirst(),
                              m.id().equals(ORPHAN) ? null : PRICE)));
      case Mempool.Submit m -> {
        orders.add(m);
        Transaction transaction = m.transactions().getFirst();
        m.replyTo().tell(new Mempool.Results(Map.of(transaction.id(), transactionResult)));
      }
      case Mempool.Replace m -> {
        orders.add(m);
        m.replyTo().tell(new Mempool.Results(Map.of(m.transaction().id(), transactionResult)));
      }
      case Mempool.GetBlockTemplate m -> {
        orders.add(m);
        m.replyTo().tell(templateReply);
      }
      default -> throw new IllegalArgumentException(message.toString());
    }
    return Behaviors.same();
  }

  private org.apache.pekko.actor.typed.Behavior<Peers> onPeers(Peers message) {
    if (deafPeers) {
      return Behaviors.same();
    }
    switch (message) {
      case Peers.ListPeers m -> m.replyTo().tell(new Peers.PeerList(List.of(peer())));
      case Peers.GetPeer m ->
          m.replyTo().tell(m.number() == 7 ? Optional.of(peer()) : Optional.empty());
      case Peers.ListDepartures m ->
          m.replyTo()
              .tell(
                  new Peers.DepartureList(
                      List.of(
                          new Departure(
                              peer().info(),
                              NOW,
                              "violation.WRONG_NETWORK",
                              "kaspa-other",
                              "reject"))));
      case Peers.Dial m -> {
        orders.add(m);
        m.replyTo().tell(dialReply);
      }
      case Peers.Hold m -> {
        orders.add(m);
        m.replyTo().tell(dialReply);
      }
      case Peers.Forget m -> orders.add(m);
      case Peers.Disconnect m -> {
        orders.add(m);
        m.replyTo().tell(m.number() == 7);
      }
      case Peers.ListPermanent m ->
          m.replyTo()
              .tell(
                  new Peers.PermanentList(
                      List.of(
                          new Peers.Permanent(
                              HELD,
                              new InetSocketAddress(
                                  InetAddress.ofLiteral(HELD.host()), HELD.port()),
                              true,
                              0),
                          new Peers.Permanent(
                              new DialTarget("node.example", 16511), null, false, 3))));
      case Peers.ForgetPermanent m -> {
        orders.add(m);
        m.replyTo().tell(m.target().equals(HELD));
      }
      case Peers.ListLimits m ->
          m.replyTo()
              .tell(
                  new Peers.LimitList(List.of(new Peers.LimitReport(Limit.MAX_IN_PEERS, 64, 128))));
      case Peers.SetLimit m -> {
        orders.add(m);
        m.replyTo()
            .tell(
                m.value() == 64
                    ? new Peers.LimitReply.Refused("maxInPeers is 64 already")
                    : new Peers.LimitReply.Changed(m.limit(), 64, m.value(), 3));
      }
    }
    return Behaviors.same();
  }

  private org.apache.pekko.actor.typed.Behavior<Sanctions> onSanctions(Sanctions message) {
    switch (message) {
      case Sanctions.ListBans m -> m.replyTo().tell(new Sanctions.BanList(bans));
      case Sanctions.AddBan m -> {
        orders.add(m);
        m.replyTo()
            .tell(
                m.subject().equals("nonsense")
                    ? new Sanctions.BanReply.Refused("not an address")
                    : new Sanctions.BanReply.Banned(
                        new Sanctions.Ban(
                            m.subject(), m.reason(), NOW.plus(m.length()), m.evidence())));
      }
      case Sanctions.RemoveBan m -> {
        orders.add(m);
        m.replyTo().tell(m.subject().equals("10.0.0.0/8"));
      }
      case Sanctions.GetPolicy m ->
          m.replyTo()
              .tell(
                  new Sanctions.PolicyTable(
                      Policy.NETWORK.with(ViolationCode.INVALID_BLOCK, new Sanction.Disconnect()),
                      Policy.NETWORK));
      case Sanctions.SetRow m -> {
        orders.add(m);
        m.replyTo()
            .tell(
                m.row() instanceof Sanction.Reject
                    ? new Sanctions.RowReply.Refused("it is so already")
                    : new Sanctions.RowReply.Changed(m.code(), new Sanction.Reject(), m.row()));
      }
      case Sanctions.ResetRow m -> {
        orders.add(m);
        m.replyTo()
            .tell(
                new Sanctions.RowReply.Changed(
                    m.code(), new Sanction.Demerit(5), new Sanction.Reject()));
      }
    }
    return Behaviors.same();
  }

  private org.apache.pekko.actor.typed.Behavior<AddressBook> onAddresses(AddressBook message) {
    if (message instanceof AddressBook.ListAddresses m) {
      NetAddress known = new NetAddress(InetAddress.ofLiteral("203.0.113.9"), 16511);
      m.replyTo()
          .tell(
              new AddressBook.AddressList(
                  List.of(
                      new AddressReport(known, "dns", null, 2),
                      new AddressReport(known, "10.1.1.1", NOW, 0))));
    }
    return Behaviors.same();
  }

  private org.apache.pekko.actor.typed.Behavior<SyncControl> onSync(SyncControl message) {
    if (message instanceof SyncControl.Rotate(var replyTo)) {
      orders.add(message);
      replyTo.tell(rotateReply);
    }
    return Behaviors.same();
  }

  /** The only connected peer. Its agent is as hostile as a peer may make it. */
  public static PeerReport peer() {
    PeerInfo info =
        new PeerInfo(
            7,
            PEER_ID,
            new InetSocketAddress(InetAddress.ofLiteral("203.0.113.7"), 16511),
            PeerInfo.Direction.OUTBOUND,
            "/kaspad:2.1.0/<script>\"\n",
            11,
            11,
            Duration.ofMillis(-12),
            true,
            true,
            NOW);
    return new PeerReport(
        info,
        Duration.ofNanos(1_234_567),
        true,
        12.5,
        Map.of("ping", new PeerReport.Traffic(2, 40)),
        Map.of("pong", new PeerReport.Traffic(2, 42), "block", new PeerReport.Traffic(1, 5000)),
        List.of(new PeerReport.FlowReport("ping", "running", 0, 2, 0, 0)));
  }

  @Override
  public ActorRef<Dag> dag() {
    return dag;
  }

  @Override
  public ActorRef<Mempool> mempool() {
    return mempool;
  }

  @Override
  public ActorRef<Peers> peers() {
    return peers;
  }

  @Override
  public ActorRef<Sanctions> sanctions() {
    return sanctions;
  }

  @Override
  public ActorRef<AddressBook> addresses() {
    return addresses;
  }

  @Override
  public ActorRef<SyncControl> sync() {
    return sync;
  }

  @Override
  public LocalNode local() {
    return new LocalNode(new UUID(1, 2), Network.SIMNET, "/kaspeer:test/", null, 10, 11);
  }

  @Override
  public DagSnapshot dagSnapshot() {
    return snapshot(GENESIS.hash(), virtualDaaScore);
  }

  /** A DAG of a few blocks with this sink. */
  public static DagSnapshot snapshot(Hash sink) {
    return snapshot(sink, 44);
  }

  /** The same with this DAA score of the virtual block. */
  public static DagSnapshot snapshot(Hash sink, long virtualDaaScore) {
    DagSnapshot.Tip tip = new DagSnapshot.Tip(sink, 42, BlueWork.of(84), 43, 1_700_000_000_000L);
    return new DagSnapshot(
        50,
        49,
        List.of(sink),
        tip,
        tip,
        List.of(sink),
        virtualDaaScore,
        0x207fffff,
        1_699_999_999_000L,
        GENESIS.hash(),
        BlueWork.ZERO);
  }

  @Override
  public SyncStatus syncStatus() {
    return syncStatus;
  }

  @Override
  public List<RegisteredFlow> flows() {
    FlowDescriptor ping =
        new FlowDescriptor(
            "ping",
            FlowDescriptor.VersionRange.ALL,
            FlowDescriptor.Phase.READY,
            List.of(
                FlowDescriptor.Inbox.requests(PayloadCase.PING),
                FlowDescriptor.Inbox.answers(PayloadCase.PONG)),
            Set.of(PayloadCase.PING, PayloadCase.PONG),
            FlowDescriptor.OnFailure.END_PEER);
    FlowDescriptor later =
        new FlowDescriptor(
            "later",
            new FlowDescriptor.VersionRange(11, 12),
            FlowDescriptor.Phase.HANDSHAKE,
            List.of(),
            Set.of(),
            FlowDescriptor.OnFailure.RESTART);
    return new ArrayList<>(
        List.of(
            new RegisteredFlow(ping, "built-in"), new RegisteredFlow(later, "plugins/later.jar")));
  }
}
