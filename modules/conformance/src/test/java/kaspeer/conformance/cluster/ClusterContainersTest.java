package kaspeer.conformance.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import kaspeer.primitives.Hash;
import kaspeer.testkit.kaspad.AnyoneCanSpendWallet;
import kaspeer.testkit.kaspad.KaspadBinary;
import kaspeer.testkit.kaspad.KaspadRpc;
import kaspeer.testkit.node.Await;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two cores and three edges in containers, a kaspad outside at each edge, and blocks and payments
 * that never cease. Whatever becomes of one member, nothing is lost: no kaspad is sent away but
 * those of an edge that is gone itself, every block comes to all kaspads and cores, and nobody is
 * blamed.
 */
@Tag("container")
@EnabledIfSystemProperty(
    named = "kaspeer.cluster.containers",
    matches = "true",
    disabledReason =
        "eight nodes want a machine for themselves; to run it: -Dkaspeer.cluster.containers=true")
@Tag("kaspad")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ClusterContainersTest {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterContainersTest.class);
  private static final int CORES = 2;
  private static final int EDGES = 3;

  /** So that there are rewards old enough to be spent. */
  private static final int ROUNDS = 14;

  private static final int BLOCKS_PER_ROUND = 100;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /**
   * From one kaspad to all others, through edges whose core is gone. It takes 1.1 to 1.6 s, most of
   * which is the silence after which an edge looks for another core. If it waited for an answer to
   * be late, it would take longer than this.
   */
  private static final Duration BY_SILENCE = Duration.ofSeconds(5);

  /** At worst, on a machine that has other things to do: the core is not put out yet then. */
  private static final Duration RELAY_LIMIT = Duration.ofSeconds(10);

  /** A member that is away for so many blocks is not put out yet: five seconds. */
  private static final int SHORT = 5 * Load.BLOCKS_PER_SECOND;

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  @TempDir private static Path folder = Path.of("");

  private final List<Visitor> visitors = new ArrayList<>();
  private ContainerCluster cluster;
  private Load load;
  private int turn;

  @BeforeAll
  void start() throws IOException, InterruptedException {
    Path binary =
        KaspadBinary.find()
            .orElseGet(
                () ->
                    Assumptions.abort("no kaspad here; to run this test: " + KaspadBinary.INSTALL));
    cluster = ContainerCluster.start(folder, CORES, EDGES);
    for (Member edge : cluster.edges()) {
      visitors.add(Visitor.start(binary, folder.resolve("at-" + edge), edge));
    }
    load = new Load(visitors.stream().map(Visitor::kaspad).toList());
    for (int round = 0; round < ROUNDS; round++) {
      load.mine(BLOCKS_PER_ROUND);
      awaitNew("a block everywhere", block -> visitors.stream().allMatch(v -> v.has(block)));
    }
    load.start();
    say("the load begins");
  }

  @AfterAll
  void stop() {
    if (load != null) {
      load.close();
    }
    visitors.forEach(Visitor::close);
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  @Order(1)
  void everyMemberIsKilledInTurn() {
    Member used = cluster.coreOf(cluster.edges().getFirst());
    List<Member> cores = new ArrayList<>(cluster.cores());
    cores.remove(used);
    cores.addFirst(used);
    List<Duration> afterDeath = new ArrayList<>();
    for (Member core : cores) {
      harm(
          "killed",
          core,
          () -> {
            core.kill();
            Duration next = relay(core);
            say(core + " killed: the next block is everywhere after " + next.toMillis() + " ms");
            assertThat(next).as("relay after the death of %s", core).isLessThan(RELAY_LIMIT);
            afterDeath.add(next);
            core.startAgain();
          });
    }
    assertThat(Collections.min(afterDeath)).isLessThan(BY_SILENCE);
    for (Member edge : cluster.edges()) {
      harm(
          "killed",
          edge,
          () -> {
            edge.kill();
            relay(edge);
            edge.startAgain();
          });
    }
  }

  @Test
  @Order(2)
  void everyMemberIsPausedInTurn() {
    for (Member member : cluster.all()) {
      boolean isLong =
          member.equals(cluster.cores().getFirst()) || member.equals(cluster.edges().getFirst());
      harm("paused", member, () -> away(member, isLong, member::freeze, member::thaw));
    }
  }

  /**
   * An edge that is cut off until it is put out comes close to the half minute after which it sends
   * its peers away: so it is back before.
   */
  @Test
  @Order(3)
  void everyMemberIsCutOffInTurn() {
    for (Member member : cluster.all()) {
      boolean isLong = member.equals(cluster.cores().getFirst());
      harm("cut off", member, () -> away(member, isLong, member::cutOff, member::mend));
    }
  }

  @Test
  @Order(4)
  void aRollingRestartOfAllKeepsBlocksFlowing() {
    List<Member> order = new ArrayList<>(cluster.edges());
    order.addAll(cluster.cores());
    for (Member member : order) {
      harm(
          "restarted",
          member,
          () -> {
            assertThat(member.end(LIMIT)).as("exit code of %s", member).isZero();
            member.startAgain();
            Duration slowest = relay(member);
            while (!member.isWithin(CORES + EDGES)) {
              slowest = longer(slowest, relay(member));
            }
            say(member + " restarts: blocks took at most " + slowest.toMillis() + " ms");
            assertThat(slowest).as("relay while %s restarts", member).isLessThan(RELAY_LIMIT);
          });
    }
  }

  @Test
  @Order(5)
  void allBlocksAndPaymentsAreEverywhereInTheEnd() {
    load.close();
    List<Hash> blocks = load.mined();
    List<String> payments = load.paid();
    say(blocks.size() + " blocks, " + payments.size() + " payments");
    awaitNew(
        "all payments are accepted",
        _ -> visitors.stream().allMatch(visitor -> accepted(visitor).containsAll(payments)));
    awaitNew("one sink", this::isSink);
    awaitEverywhere(blocks);
  }

  private boolean isSink(Hash block) {
    String sink = block.toString();
    return visitors.stream().allMatch(visitor -> visitor.kaspad().rpc().sink().equals(sink))
        && cluster.cores().stream()
            .allMatch(core -> core.get("dag").path("sink").asText().equals(sink));
  }

  /**
   * Mines a block and looks for a while whether something holds then, again and again: kaspad may
   * keep a block as an orphan whose parent has come at the same time, until the next one comes. All
   * take turns: of a payment that came while its edge was gone a kaspad told nobody.
   */
  private void awaitNew(String what, Predicate<Hash> holds) {
    Await.until(
        what,
        LIMIT,
        () -> {
          load.mineAt(visitors.get(turn++ % visitors.size()).kaspad());
          load.mine(1);
          Hash block = load.mined().getLast();
          long end = System.nanoTime() + PATIENCE.toNanos();
          boolean does = holds.test(block);
          while (!does && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            does = holds.test(block);
          }
          return does;
        },
        cluster::standing);
  }

  /** Transactions of which the payee has the coin. */
  private static Set<String> accepted(Visitor visitor) {
    var params = KaspadRpc.params();
    params.putArray("addresses").add(AnyoneCanSpendWallet.ADDRESS);
    Set<String> ids = new HashSet<>();
    for (JsonNode entry :
        visitor.kaspad().rpc().call("getUtxosByAddresses", params).get("entries")) {
      ids.add(entry.path("outpoint").path("transactionId").asText());
    }
    return ids;
  }

  /**
   * A member is away for a while.
   *
   * @param isLong until the others have put it out; if not, it is back before
   */
  private void away(Member member, boolean isLong, Runnable leave, Runnable comeBack) {
    leave.run();
    if (isLong) {
      cluster.awaitWithout(member);
    } else {
      load.awaitMore(SHORT);
    }
    if (!visitors.getFirst().door().equals(member)) {
      relay(member);
    }
    comeBack.run();
  }

  /** Does something to a member: afterwards all is as before, and nothing was lost meanwhile. */
  private void harm(String what, Member member, Runnable deed) {
    long began = System.nanoTime();
    int first = load.mined().size();
    Map<Visitor, List<Long>> before = new LinkedHashMap<>();
    visitors.forEach(visitor -> before.put(visitor, visitor.connections()));
    boolean ends = what.equals("killed") || what.equals("restarted");
    Visitor miner = visitors.getFirst();
    load.mineAt((ends && miner.door().equals(member) ? visitors.getLast() : miner).kaspad());
    deed.run();
    cluster.awaitWhole();
    for (Visitor visitor : visitors) {
      if (ends && visitor.door().equals(member)) {
        visitor.dial();
      } else {
        assertThat(visitor.connections()).as("%s", visitor).isEqualTo(before.get(visitor));
      }
    }
    List<Hash> blocks = load.mined();
    awaitEverywhere(blocks.subList(first, blocks.size()));
    for (Visitor visitor : visitors) {
      assertThat(visitor.score()).as("points against %s", visitor).isZero();
    }
    for (Member each : cluster.all()) {
      assertThat(each.ask("bans")).as("bans of %s", each).isEmpty();
    }
    say(
        member
            + " was "
            + what
            + ": "
            + (blocks.size() - first)
            + " blocks, "
            + (System.nanoTime() - began) / 1_000_000
            + " ms");
  }

  private void awaitEverywhere(List<Hash> blocks) {
    Map<Visitor, List<Hash>> outside = new LinkedHashMap<>();
    visitors.forEach(visitor -> outside.put(visitor, blocks));
    Map<Member, List<Hash>> inside = new LinkedHashMap<>();
    cluster.cores().forEach(core -> inside.put(core, blocks));
    Await.until(
        "all blocks everywhere",
        LIMIT,
        () -> {
          outside.replaceAll(Visitor::missing);
          inside.replaceAll(ClusterContainersTest::missing);
          return outside.values().stream().allMatch(List::isEmpty)
              && inside.values().stream().allMatch(List::isEmpty);
        },
        () -> outside + "\n" + inside + cluster.standing());
  }

  private static List<Hash> missing(Member core, List<Hash> blocks) {
    return blocks.stream().filter(block -> core.get("blocks/" + block).isMissingNode()).toList();
  }

  /** Returns how long the next block takes to all kaspads but one whose edge is not there. */
  private Duration relay(Member gone) {
    long began = System.nanoTime();
    awaitRelayed(
        load.next(), visitors.stream().filter(visitor -> !visitor.door().equals(gone)).toList());
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private void awaitRelayed(Hash block, List<Visitor> to) {
    Await.until(
        "a block at the other edges",
        LIMIT,
        () -> to.stream().allMatch(visitor -> visitor.has(block)),
        cluster::standing);
  }

  /** What was measured is to be read in the log of a run that has passed, too. */
  private static void say(String text) {
    LOG.info(text);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
