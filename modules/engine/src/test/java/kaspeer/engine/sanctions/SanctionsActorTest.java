package kaspeer.engine.sanctions;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import kaspeer.engine.Facades;
import kaspeer.engine.InMemoryPersistence;
import kaspeer.engine.MutableClock;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.WriteBehind;
import kaspeer.engine.dial.PermanentPeers;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.metrics.MetricFamily;
import kaspeer.engine.metrics.Metrics;
import kaspeer.engine.net.IpRange;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.policy.Policy;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.Standing;
import kaspeer.flow.policy.ViolationCode;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

final class SanctionsActorTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());

  private final MutableClock clock = new MutableClock();
  private final InMemoryPersistence persistence = new InMemoryPersistence();
  private final PermanentPeers permanent = new PermanentPeers();
  private final AtomicInteger groups = new AtomicInteger(8);
  private final Scores scores = new Scores();
  private final TestProbe<Sanctions.BanReply> replies = KIT.createTestProbe();
  private final TestProbe<Sanctions.BanList> lists = KIT.createTestProbe();
  private final TestProbe<NodeEvent> events = KIT.createTestProbe();
  private final LivePolicy policy = new LivePolicy(Policy.NETWORK);
  private final Metrics registry = new Metrics();
  private BanTable bans = new BanTable();
  private final List<ActorRef<SanctionsActor.Command>> started = new ArrayList<>();
  private ActorRef<SanctionsActor.Command> actor = start();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** What this test's actors still have to tell must not reach the next test. */
  @AfterEach
  void stopActors() {
    started.forEach(KIT::stop);
  }

  @BeforeEach
  void subscribe() {
    KIT.system().eventStream().tell(new EventStream.Subscribe<>(NodeEvent.class, events.getRef()));
  }

  private ActorRef<SanctionsActor.Command> start() {
    bans = StoredBans.load(persistence, clock.instant());
    EngineMetrics metrics = new EngineMetrics(registry);
    WriteBehind store = new WriteBehind(persistence, Runnable::run, metrics.storeFailures());
    started.add(
        KIT.spawn(
            SanctionsActor.create(
                new SanctionsActor.Setup(
                    bans,
                    scores,
                    policy,
                    permanent::protects,
                    groups::get,
                    store,
                    clock,
                    metrics))));
    return started.getLast();
  }

  private Sanctions.BanReply ban(String subject, Duration length) {
    Facades.as(Sanctions.class, actor)
        .tell(new Sanctions.AddBan(subject, "reason", length, "evidence", replies.getRef()));
    return replies.receiveMessage();
  }

  private Sanctions.BanList list() {
    Facades.as(Sanctions.class, actor).tell(new Sanctions.ListBans(lists.getRef()));
    return lists.receiveMessage();
  }

  private boolean unban(String subject) {
    TestProbe<Boolean> answer = KIT.createTestProbe();
    Facades.as(Sanctions.class, actor).tell(new Sanctions.RemoveBan(subject, answer.getRef()));
    return answer.receiveMessage();
  }

  private boolean isBanned(String ip) {
    return bans.isBanned(InetAddress.ofLiteral(ip), clock.instant());
  }

  private void judge(String ip, Sanction sanction) {
    judge(peer(ip, false), sanction);
  }

  private void judge(PeerInfo peer, Sanction sanction) {
    judge(peer, sanction, ViolationCode.INVALID_BLOCK);
  }

  private void judge(PeerInfo peer, Sanction sanction, ViolationCode code) {
    FlowOutcome outcome = new FlowOutcome.Violation(code, "detail");
    actor.tell(
        new SanctionsActor.Judged(
            peer, sanction, outcome.typedReason(), code.isProvable(), "evidence"));
  }

  private PeerInfo peer(String ip, boolean isPermanent) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(ip), 1);
    return PeerInfo.connecting(
        1, address, PeerInfo.Direction.INBOUND, isPermanent, clock.instant());
  }

  @Test
  void aBanByAnOperatorHoldsIsToldAndIsListed() {
    assertThat(ban("20.1.0.0/16", Duration.ofHours(1)))
        .isInstanceOf(Sanctions.BanReply.Banned.class);
    assertThat(isBanned("20.1.2.3")).isTrue();
    events.expectMessage(new NodeEvent.Banned("20.1.0.0/16", "reason", Duration.ofHours(1)));
    assertThat(list().bans())
        .containsExactly(
            new Sanctions.Ban(
                "20.1.0.0/16", "reason", clock.instant().plus(Duration.ofHours(1)), "evidence"));
  }

  @Test
  void theLogSaysForHowLongInSeconds() {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    var log = (Logger) LoggerFactory.getLogger(SanctionsActor.class);
    Level before = log.getLevel();
    lines.start();
    log.setLevel(Level.INFO);
    log.addAppender(lines);
    try {
      ban("20.1.1.1", Duration.ofHours(1));
    } finally {
      log.detachAppender(lines);
      log.setLevel(before);
    }
    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly("Banned 20.1.1.1 for 3600 s (reason): evidence");
  }

  @Test
  void whatIsNoAddressOrHasNoLengthIsRefused() {
    assertThat(ban("example.org", Duration.ofHours(1)))
        .isInstanceOf(Sanctions.BanReply.Refused.class);
    assertThat(ban("20.1.1.1", Duration.ZERO)).isInstanceOf(Sanctions.BanReply.Refused.class);
    assertThat(list().bans()).isEmpty();
  }

  @Test
  void aBanThatCoversAPermanentPeerIsRefused() {
    permanent.add(new InetSocketAddress(InetAddress.ofLiteral("20.1.1.1"), 16111));
    assertThat(ban("20.1.0.0/16", Duration.ofHours(1)))
        .isEqualTo(
            new Sanctions.BanReply.Refused(
                "20.1.0.0/16 covers a permanent peer: remove that one first"));
    judge("20.1.1.1", new Sanction.Ban(Duration.ofHours(24)));
    assertThat(list().bans()).isEmpty();
  }

  @Test
  void aPermanentPeerOnLoopbackSparesItselfAndNobodyElseThere() {
    permanent.add(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 16511));
    assertThat(ban("127.0.0.1", Duration.ofHours(1))).isInstanceOf(Sanctions.BanReply.Banned.class);
    assertThat(isBanned("127.0.0.1")).isTrue();
    assertThat(unban("127.0.0.1")).isTrue();
    judge(peer("127.0.0.1", true), new Sanction.Ban(Duration.ofHours(24)));
    assertThat(list().bans()).isEmpty();
    judge("127.0.0.1", new Sanction.Ban(Duration.ofHours(24)));
    assertThat(list().bans()).extracting(Sanctions.Ban::subject).containsExactly("127.0.0.1");
  }

  @Test
  void bansHoldAfterARestartAndThoseThatAreOverDoNot() {
    ban("20.1.1.1", Duration.ofHours(1));
    ban("20.2.0.0/16", Duration.ofHours(3));
    clock.advance(Duration.ofHours(2));
    actor = start();
    assertThat(isBanned("20.1.1.1")).isFalse();
    assertThat(isBanned("20.2.255.1")).isTrue();
    assertThat(list().bans())
        .hasSize(1)
        .allMatch(ban -> ban.reason().equals("reason") && ban.evidence().equals("evidence"));
  }

  @Test
  void anUnbanWorksAndLastsToo() {
    ban("20.1.1.1", Duration.ofHours(1));
    assertThat(unban("20.1.1.1")).isTrue();
    assertThat(unban("20.1.1.1")).isFalse();
    assertThat(isBanned("20.1.1.1")).isFalse();
    actor = start();
    assertThat(isBanned("20.1.1.1")).isFalse();
    events.expectMessageClass(NodeEvent.Banned.class);
    events.expectMessage(new NodeEvent.Unbanned("20.1.1.1"));
  }

  @Test
  void aBanThatIsOverIsToldOf() {
    ban("20.1.1.1", Duration.ofSeconds(30));
    events.expectMessageClass(NodeEvent.Banned.class);
    clock.advance(Duration.ofMinutes(1));
    TIME.timePasses(Duration.ofMinutes(1));
    events.expectMessage(new NodeEvent.Unbanned("20.1.1.1", false));
  }

  @Test
  void aBanThatMakesRoomIsToldOfAsOneThatNobodyLifted() {
    IpRange first = IpRange.parse("20.1.1.1").orElseThrow();
    bans.put(first, new Sanctions.Ban("20.1.1.1", "r", clock.instant().plusSeconds(9), "e"));
    for (int i = 1; i < BanTable.CAPACITY; i++) {
      String subject = "21." + (i >>> 16) + "." + (i >>> 8 & 255) + "." + (i & 255);
      bans.put(
          IpRange.parse(subject).orElseThrow(),
          new Sanctions.Ban(subject, "r", clock.instant().plusSeconds(99), "e"));
    }
    ban("20.2.2.2", Duration.ofHours(1));
    events.expectMessage(new NodeEvent.Unbanned("20.1.1.1", false));
  }

  @Test
  void aSanctionOfThePolicyBansTheHost() {
    judge("20.1.1.1", new Sanction.Ban(Duration.ofHours(24)));
    judge("2a00::5", new Sanction.Ban(Duration.ofHours(24)));
    assertThat(list().bans())
        .extracting(Sanctions.Ban::subject)
        .containsExactly("20.1.1.1", "2a00:0:0:0:0:0:0:0/64");
    assertThat(isBanned("2a00::ffff")).isTrue();
  }

  @Test
  void demeritsAddUpToTheScoreOfTheHost() {
    judge("20.1.1.1", new Sanction.Demerit(10));
    judge("20.1.1.1", new Sanction.Demerit(10));
    list();
    assertThat(scores.of(InetAddress.ofLiteral("20.1.1.1"), Policy.NETWORK, clock.instant()))
        .isEqualTo(20);
  }

  @Test
  void whenPeersOfManyNetworksFailAtOnceNobodyIsPunished() {
    for (int i = 1; i <= 3; i++) {
      judge("20." + i + ".1.1", new Sanction.Ban(Duration.ofHours(24)));
    }
    assertThat(list().bans()).as("before it showed").hasSize(3);
    for (int i = 4; i <= 8; i++) {
      judge("20." + i + ".1.1", new Sanction.Ban(Duration.ofHours(24)));
    }
    assertThat(list().bans()).isEmpty();
    assertThat(counted("ban")).as("carried out, and pardoned later").isEqualTo(3);
    assertThat(counted("suspended")).isEqualTo(5);
    actor = start();
    assertThat(list().bans()).isEmpty();
  }

  @Test
  void onlyWhatFollowedFromTheFailuresOfTheMomentIsTakenBack() {
    Sanction ban = new Sanction.Ban(Duration.ofHours(24));
    judge("20.100.1.1", ban);
    assertThat(list().bans()).hasSize(1);
    clock.advance(Duration.ofMinutes(1));
    judge("20.1.1.1", ban);
    judge(peer("20.2.1.1", false), ban, ViolationCode.WRONG_PONG_NONCE);
    judge("20.3.1.1", new Sanction.Demerit(10));
    judge("20.3.1.1", new Sanction.Demerit(10));
    ban("20.4.1.1", Duration.ofHours(1));
    judge("20.5.1.1", ban);
    ban("20.5.1.1", Duration.ofHours(1));
    for (int i = 6; i <= 8; i++) {
      judge("20." + i + ".1.1", ban);
    }
    assertThat(list().bans())
        .extracting(Sanctions.Ban::subject)
        .containsExactlyInAnyOrder("20.100.1.1", "20.2.1.1", "20.4.1.1", "20.5.1.1");
    assertThat(scores.of(InetAddress.ofLiteral("20.3.1.1"), Policy.NETWORK, clock.instant()))
        .isZero();
  }

  /** Each of them is a peer's doing, and as many may come as like. */
  @Test
  void thatWeSuspectOurselvesIsOneLineAMinute() {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    var log = (Logger) LoggerFactory.getLogger(SanctionsActor.class);
    lines.start();
    Level before = log.getLevel();
    log.setLevel(Level.WARN);
    log.addAppender(lines);
    try {
      for (int i = 1; i <= 20; i++) {
        judge("20." + i + ".1.1", new Sanction.Ban(Duration.ofHours(24)));
      }
      list();
      clock.advance(Duration.ofMinutes(1));
      for (int i = 1; i <= 4; i++) {
        judge("20." + i + ".1.1", new Sanction.Ban(Duration.ofHours(24)));
      }
      list();
    } finally {
      log.detachAppender(lines);
      log.setLevel(before);
    }
    assertThat(lines.list)
        .filteredOn(line -> line.getLevel() == Level.WARN)
        .extracting(ILoggingEvent::getFormattedMessage)
        .satisfiesExactly(
            first -> assertThat(first).endsWith("punished, and 3 who were are pardoned"),
            second -> assertThat(second).endsWith("pardoned (16 more like this before)"));
  }

  /** What begins with 1 has not increased, for who reads the metrics. */
  @Test
  void allSanctionsAreCountedFromNothingOn() {
    for (String sanction :
        new String[] {"ignore", "demerit", "disconnect", "reject", "ban", "suspended"}) {
      assertThat(counted(sanction)).as(sanction).isZero();
    }
  }

  @Test
  void aSanctionIsCountedWhereItIsCarriedOut() {
    permanent.add(new InetSocketAddress(InetAddress.ofLiteral("20.1.1.1"), 16111));
    judge("20.1.1.1", new Sanction.Ban(Duration.ofHours(24)));
    judge("20.2.1.1", new Sanction.Reject());
    judge("20.3.1.1", new Sanction.Demerit(1));
    assertThat(list().bans()).isEmpty();
    assertThat(counted("ban")).isZero();
    assertThat(counted("suspended")).isEqualTo(1);
    assertThat(counted("reject")).isEqualTo(1);
    assertThat(counted("demerit")).isEqualTo(1);
  }

  private double counted(String sanction) {
    return registry.snapshot().stream()
        .filter(family -> family.name().equals("kaspeer_p2p_sanctions_total"))
        .flatMap(family -> family.samples().stream())
        .filter(sample -> sample.labels().containsValue(sanction))
        .mapToDouble(sample -> ((MetricFamily.Value) sample).value())
        .findFirst()
        .orElse(-1);
  }

  /** The strict policy's bans for what a peer's own words prove. */
  @ParameterizedTest
  @EnumSource(names = {"INVALID_TRANSACTION", "WRONG_PONG_NONCE"})
  void whatIsProvenBansFromHoweverManyNetworksItComesAtOnce(ViolationCode code) {
    for (int i = 1; i <= 8; i++) {
      PeerInfo peer = peer("20." + i + ".1.1", false);
      judge(peer, Policy.STRICT.row(code), code);
    }
    assertThat(list().bans()).hasSize(8);
  }

  /** Those for what may be missing here by our own fault. */
  @ParameterizedTest
  @EnumSource(names = {"REQUEST_OF_UNKNOWN_BLOCK", "REQUEST_OF_UNKNOWN_TRANSACTION"})
  void whatMayBeOurFaultBansNobodyOnceManyNetworksDoItAtOnce(ViolationCode code) {
    for (int i = 1; i <= 8; i++) {
      judge(peer("20." + i + ".1.1", false), Policy.STRICT.row(code), code);
    }
    assertThat(list().bans()).isEmpty();
  }

  @Test
  void whatIsProvenIsNoCoverForWhatIsNot() {
    for (int i = 1; i <= 8; i++) {
      judge(
          peer("20." + i + ".1.1", false),
          Policy.STRICT.row(ViolationCode.WRONG_PONG_NONCE),
          ViolationCode.WRONG_PONG_NONCE);
    }
    judge("30.1.1.1", new Sanction.Ban(Duration.ofHours(24)));
    assertThat(list().bans()).hasSize(9);
  }

  @Test
  void demeritsForWhatIsProvenCountFromHoweverManyNetworksTheyComeAtOnce() {
    for (int i = 1; i <= 8; i++) {
      judge(
          peer("20." + i + ".1.1", false),
          Policy.NETWORK.row(ViolationCode.INVALID_TRANSACTION),
          ViolationCode.INVALID_TRANSACTION);
    }
    list();
    for (int i = 1; i <= 8; i++) {
      InetAddress address = InetAddress.ofLiteral("20." + i + ".1.1");
      assertThat(scores.of(address, Policy.NETWORK, clock.instant())).isEqualTo(10);
    }
  }

  @Test
  void storedEntriesThatCannotBeReadAreRemoved() {
    persistence.put(SanctionsActor.KEYS + "20.9.9.9", new byte[] {77});
    persistence.put(
        SanctionsActor.KEYS + "nonsense",
        BanCodec.encode(new Sanctions.Ban("nonsense", "r", clock.instant().plusSeconds(60), "e")));
    actor = start();
    assertThat(list().bans()).isEmpty();
    assertThat(persistence.get(SanctionsActor.KEYS + "20.9.9.9")).isEmpty();
    assertThat(persistence.get(SanctionsActor.KEYS + "nonsense")).isEmpty();
  }

  private Sanctions.RowReply setRow(ViolationCode code, Sanction row) {
    TestProbe<Sanctions.RowReply> answer = KIT.createTestProbe();
    Facades.as(Sanctions.class, actor).tell(new Sanctions.SetRow(code, row, answer.getRef()));
    return answer.receiveMessage();
  }

  @Test
  void anotherRowCountsFromTheNextBreachOnAndCanBeTakenBack() {
    ViolationCode code = ViolationCode.WRONG_PONG_NONCE;
    Sanction ban = new Sanction.Ban(Duration.ofHours(1));
    assertThat(setRow(code, ban))
        .isEqualTo(new Sanctions.RowReply.Changed(code, new Sanction.Reject(), ban));
    assertThat(policy.get().decide(new FlowOutcome.Violation(code, ""), Standing.CLEAN))
        .isEqualTo(ban);
    TestProbe<Sanctions.RowReply> answer = KIT.createTestProbe();
    Facades.as(Sanctions.class, actor).tell(new Sanctions.ResetRow(code, answer.getRef()));
    answer.expectMessage(new Sanctions.RowReply.Changed(code, ban, new Sanction.Reject()));
    assertThat(policy.get().rows()).isEqualTo(policy.configured().rows());
  }

  @Test
  void aRowThatIsSoAlreadyOrMayNotBeSoIsRefused() {
    assertThat(setRow(ViolationCode.WRONG_PONG_NONCE, new Sanction.Reject()))
        .isEqualTo(new Sanctions.RowReply.Refused("the row of WRONG_PONG_NONCE is reject already"));
    assertThat(setRow(ViolationCode.WRONG_NETWORK, new Sanction.Ignore()))
        .isInstanceOf(Sanctions.RowReply.Refused.class);
    assertThat(policy.get()).isSameAs(policy.configured());
  }

  @Test
  void anActorThatStartsOverKeepsTheRows() {
    setRow(ViolationCode.INVALID_BLOCK, new Sanction.Disconnect());
    actor = start();
    TestProbe<Sanctions.PolicyTable> table = KIT.createTestProbe();
    Facades.as(Sanctions.class, actor).tell(new Sanctions.GetPolicy(table.getRef()));
    Sanctions.PolicyTable seen = table.receiveMessage();
    assertThat(seen.inForce().row(ViolationCode.INVALID_BLOCK))
        .isEqualTo(new Sanction.Disconnect());
    assertThat(seen.configured().row(ViolationCode.INVALID_BLOCK)).isEqualTo(new Sanction.Reject());
  }
}
