package kaspeer.engine.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import kaspeer.primitives.Hash;
import kaspeer.wire.WireLimits;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class RequestTrackerTest {
  private static final Hash X = Hash.ofWords(1, 2, 3, 4);
  private static final Hash Y = Hash.ofWords(5, 6, 7, 8);
  private static final long LIMIT = RequestTracker.LIFETIME.toMillis();

  /** A hundred for each, ten whatever the others do, a thousand in all. */
  private static final RequestTracker.Bounds BOUNDS =
      new RequestTracker.Bounds(
          100 * RequestTracker.ENTRY_BYTES,
          10 * RequestTracker.ENTRY_BYTES,
          1000 * RequestTracker.ENTRY_BYTES);

  private final RequestTracker tracker = new RequestTracker(Duration.ofSeconds(1), BOUNDS, false);
  private final RequestTracker slow = new RequestTracker(Duration.ofSeconds(1), BOUNDS, true);

  @BeforeEach
  void connect() {
    LongStream.rangeClosed(1, 20).forEach(peer -> tracker.joined(peer, false));
    LongStream.rangeClosed(1, 20).forEach(peer -> slow.joined(peer, false));
  }

  @Test
  void theFirstAnnouncerFetchesAndTheOthersWait() {
    assertThat(tracker.announced(List.of(X, Y), 1, 0)).containsExactly(X, Y);
    assertThat(tracker.announced(List.of(X), 2, 10)).isEmpty();
    assertThat(tracker.expire(999)).isEmpty();
  }

  @Test
  void whenTheHolderIsSlowTheNextAnnouncerFetches() {
    tracker.announced(List.of(X), 1, 0);
    tracker.announced(List.of(X), 2, 10);
    tracker.announced(List.of(X), 3, 20);
    assertThat(tracker.nextDeadline().orElseThrow()).isLessThanOrEqualTo(1000);
    assertThat(tracker.expire(1000)).isEqualTo(Map.of(2L, List.of(X)));
    assertThat(tracker.expire(1999)).isEmpty();
    assertThat(tracker.expire(2000)).isEqualTo(Map.of(3L, List.of(X)));
  }

  @Test
  void aLateAnnouncerFetchesAtOnceWhenTheHolderHadItsTime() {
    tracker.announced(List.of(X), 1, 0);
    tracker.expire(1000);
    assertThat(tracker.announced(List.of(X), 2, 1500)).containsExactly(X);
    assertThat(tracker.announced(List.of(X), 3, 1501)).isEmpty();
  }

  @Test
  void peersThatWeDialledAreAskedBeforeThoseThatDialledUs() {
    tracker.joined(99, true);
    tracker.announced(List.of(X), 1, 0);
    tracker.announced(List.of(X), 2, 0);
    tracker.announced(List.of(X), 99, 0);
    assertThat(tracker.expire(1000)).isEqualTo(Map.of(99L, List.of(X)));
  }

  @Test
  void whatIsObtainedIsNotFetchedAgainForSomeSeconds() {
    tracker.announced(List.of(X), 1, 0);
    tracker.announced(List.of(X), 2, 0);
    tracker.obtained(X, 500);
    assertThat(tracker.expire(1000)).isEmpty();
    assertThat(tracker.announced(List.of(X), 3, 2000)).isEmpty();
    long over = 500 + RequestTracker.TRACE.toMillis();
    assertThat(tracker.expire(over)).isEmpty();
    assertThat(tracker.announced(List.of(X), 4, over)).containsExactly(X);
  }

  @Test
  void whatTurnsOutSpoiltIsFetchedFromTheNextAnnouncer() {
    tracker.announced(List.of(X), 1, 0);
    tracker.announced(List.of(X), 2, 0);
    tracker.obtained(X, 500);
    assertThat(tracker.spoilt(X, 600)).isEqualTo(OptionalLong.of(2));
    assertThat(tracker.spoilt(Y, 600)).isEmpty();
  }

  @Test
  void aFailureOfTheHolderPassesThePermitOnAndOfOthersDoesNothing() {
    tracker.announced(List.of(X), 1, 0);
    tracker.announced(List.of(X), 2, 0);
    assertThat(tracker.failed(X, 2, 100)).isEmpty();
    assertThat(tracker.failed(X, 1, 100)).isEqualTo(OptionalLong.of(2));
    assertThat(tracker.failed(X, 2, 200)).isEmpty();
    assertThat(tracker.size()).isZero();
  }

  @Test
  void aPeerThatLeavesGivesItsPermitsBack() {
    tracker.announced(List.of(X, Y), 1, 0);
    tracker.announced(List.of(X), 2, 0);
    assertThat(tracker.left(1, 100)).isEqualTo(Map.of(2L, List.of(X)));
    assertThat(tracker.announced(List.of(Y), 3, 200)).containsExactly(Y);
  }

  @Test
  void aPeerThatLeftWhileWaitingIsPassedOver() {
    tracker.announced(List.of(X), 1, 0);
    tracker.announced(List.of(X), 2, 0);
    tracker.announced(List.of(X), 3, 0);
    tracker.left(2, 100);
    assertThat(tracker.expire(1000)).isEqualTo(Map.of(3L, List.of(X)));
  }

  @Test
  void announcementsOfPeersThatAreGoneAreIgnored() {
    tracker.left(1, 0);
    assertThat(tracker.announced(List.of(X), 1, 0)).isEmpty();
    assertThat(tracker.size()).isZero();
  }

  private static List<Hash> hashes(long from, long count) {
    return LongStream.range(from, from + count).mapToObj(i -> Hash.ofWords(i, i, i, i)).toList();
  }

  @Test
  void whatIsTakenDownOfAPeerIsBoundedInBytes() {
    List<Hash> many = hashes(0, 150);
    assertThat(tracker.announced(many, 1, 0)).hasSize(100);
    assertThat(tracker.ignored()).isEqualTo(50);
    assertThat(tracker.bytes()).isEqualTo(BOUNDS.perPeer());
    // To wait takes less.
    tracker.announced(many.subList(0, 100), 2, 0);
    assertThat(tracker.bytes()).isEqualTo(BOUNDS.perPeer() + 100 * RequestTracker.WAITING_BYTES);
    tracker.left(1, 10);
    assertThat(tracker.bytes()).isEqualTo(BOUNDS.perPeer());
    tracker.left(2, 20);
    assertThat(tracker.bytes()).isZero();
    assertThat(tracker.size()).isZero();
  }

  @Test
  void whenAllTogetherHaveReachedTheBoundEverybodyStillHasAFew() {
    for (int peer = 1; peer <= 10; peer++) {
      assertThat(tracker.announced(hashes(1000L * peer, 100), peer, 0)).hasSize(100);
    }
    assertThat(tracker.bytes()).isEqualTo(BOUNDS.total());
    assertThat(tracker.announced(hashes(20_000, 100), 11, 0)).hasSize(10);
    assertThat(tracker.announced(hashes(30_000, 100), 12, 0)).hasSize(10);
    assertThat(tracker.ignored()).isEqualTo(180);
    for (int peer = 1; peer <= 3; peer++) {
      tracker.left(peer, 10);
    }
    assertThat(tracker.announced(hashes(30_000, 100), 12, 20)).hasSize(90);
  }

  /** Whatever happens in whatever order, what is counted is what there is. */
  @RepeatedTest(100)
  void bytesAreThoseOfWhatIsTakenDown(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    RequestTracker some = new RequestTracker(Duration.ofMillis(50), BOUNDS, random.nextBoolean());
    long now = 0;
    for (int i = 0; i < 400; i++) {
      Hash hash = hashes(random.nextInt(40), 1).getFirst();
      int peer = random.nextInt(12);
      switch (random.nextInt(8)) {
        case 0 -> some.joined(peer, random.nextBoolean());
        case 1 -> some.left(peer, now);
        case 2 -> some.obtained(hash, now);
        case 3 -> some.decided(hash);
        case 4 -> some.spoilt(hash, now);
        case 5 -> some.failed(hash, peer, now);
        default -> some.announced(List.of(hash), peer, now);
      }
      some.expire(now += random.nextInt(2_000));
      assertThat(some.bytes())
          .isBetween(
              (long) some.size() * RequestTracker.ENTRY_BYTES,
              (long) some.size()
                  * (RequestTracker.ENTRY_BYTES
                      + RequestTracker.MAX_WAITING * RequestTracker.WAITING_BYTES));
    }
    for (int peer = 0; peer < 12; peer++) {
      some.left(peer, now);
    }
    some.expire(now + 2 * LIMIT);
    assertThat(some.size()).isZero();
    assertThat(some.bytes()).isZero();
  }

  /** Whoever leaves gives back all that it held, and nothing else. */
  @RepeatedTest(50)
  void whatALeavingPeerHeldIsFetchedElsewhereOrForgotten(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    RequestTracker some = new RequestTracker(Duration.ofSeconds(1), BOUNDS, true);
    Map<Hash, Long> holders = new HashMap<>();
    some.joined(100, false);
    long now = 0;
    for (int i = 0; i < 400; i++) {
      Hash hash = hashes(random.nextInt(30), 1).getFirst();
      long peer = random.nextInt(6);
      switch (random.nextInt(8)) {
        case 0 -> some.joined(peer, random.nextBoolean());
        case 1 -> {
          Map<Long, List<Hash>> granted = some.left(peer, now);
          List<Hash> held =
              holders.entrySet().stream()
                  .filter(entry -> entry.getValue() == peer)
                  .map(Map.Entry::getKey)
                  .toList();
          holders.keySet().removeAll(held);
          granted.forEach((to, list) -> list.forEach(h -> holders.put(h, to)));
          List<Hash> passedOn = granted.values().stream().flatMap(List::stream).toList();
          assertThat(held).containsAll(passedOn);
          for (Hash free : held) {
            boolean isGranted = !some.announced(List.of(free), 100, now).isEmpty();
            assertThat(isGranted).isNotEqualTo(passedOn.contains(free));
            holders.putIfAbsent(free, 100L);
          }
        }
        case 2 -> some.obtained(hash, now);
        case 3 -> some.spoilt(hash, now).ifPresentOrElse(to -> holders.put(hash, to), () -> {});
        default ->
            some.announced(List.of(hash), peer, now).forEach(free -> holders.put(free, peer));
      }
      now += random.nextInt(300);
      some.expire(now).forEach((to, list) -> list.forEach(h -> holders.put(h, to)));
    }
  }

  @Test
  @Timeout(20)
  void leavingCostsWhatThePeerHadAndNotWhatAllHave() {
    RequestTracker real =
        new RequestTracker(Duration.ofSeconds(1), RelayActor.transactions(512L << 20), false);
    real.joined(1, false);
    real.announced(hashes(0, 2 * WireLimits.MAX_TRANSACTION_IDS), 1, 0);
    for (int peer = 2; peer < 20_000; peer++) {
      real.joined(peer, false);
      real.announced(hashes(1_000_000 + peer, 1), peer, 0);
      real.left(peer, 0);
    }
    assertThat(real.size()).isEqualTo(2 * WireLimits.MAX_TRANSACTION_IDS);
  }

  /** An honest kaspad announces a hundred thousand at once, and some more before they are here. */
  @Test
  void twoAnnouncementsOfOnePeerAsLongAsTheyMayBeAreTakenDown() {
    RequestTracker real =
        new RequestTracker(Duration.ofSeconds(1), RelayActor.transactions(512L << 20), false);
    real.joined(1, false);
    real.joined(2, false);
    int most = WireLimits.MAX_TRANSACTION_IDS;
    assertThat(real.announced(hashes(0, most), 1, 0)).hasSize(most);
    assertThat(real.announced(hashes(most, most), 1, 0)).hasSize(most);
    assertThat(real.ignored()).isZero();
    assertThat(real.announced(hashes(2L * most, 1_000), 2, 0)).hasSize(1_000);
    assertThat(real.bytes()).isLessThanOrEqualTo(48L << 20);
  }

  @Test
  void whatWasTakenDownMakesRoomAgain() {
    List<Hash> many = hashes(0, 100);
    tracker.announced(many, 1, 0);
    tracker.obtained(many.getFirst(), 1);
    tracker.expire(1 + RequestTracker.TRACE.toMillis());
    assertThat(tracker.announced(List.of(X), 1, 20_000)).containsExactly(X);
  }

  @Test
  void anEntryListsABoundedNumberOfPeers() {
    tracker.announced(List.of(X), 1, 0);
    for (long peer = 2; peer <= 20; peer++) {
      tracker.announced(List.of(X), peer, 0);
    }
    int grants = 0;
    for (long now = 1000; now < 20_000; now += 1000) {
      grants += tracker.expire(now).size();
    }
    assertThat(grants).isEqualTo(RequestTracker.MAX_WAITING);
  }

  @Test
  void aHolderThatStaysSilentIsForgottenInTheEnd() {
    tracker.announced(List.of(X), 1, 0);
    tracker.expire(LIMIT + 30_000);
    assertThat(tracker.size()).isZero();
    assertThat(tracker.expire(LIMIT + 60_000)).isEmpty();
  }

  // --- verdicts that take long
  // --------------------------------------------------------------------

  @Test
  void whoWaitsIsRememberedUntilTheVerdictHoweverLateThatIs() {
    slow.announced(List.of(X), 1, 0);
    slow.announced(List.of(X), 2, 0);
    slow.obtained(X, 500);
    for (long now = 1000; now < 60_000; now += 1000) {
      assertThat(slow.expire(now)).isEmpty();
      assertThat(slow.announced(List.of(X), 3, now)).isEmpty();
    }
    assertThat(slow.spoilt(X, 60_000)).isEqualTo(OptionalLong.of(2));
  }

  @Test
  void aVerdictSetsFreeWhoWaitsAndLeavesTheTrace() {
    slow.announced(List.of(X), 1, 0);
    slow.announced(List.of(X), 2, 0);
    slow.obtained(X, 500);
    slow.decided(X);
    assertThat(slow.announced(List.of(X), 3, 600)).isEmpty();
    assertThat(slow.expire(500 + RequestTracker.TRACE.toMillis())).isEmpty();
    assertThat(slow.size()).isZero();
    List<Hash> many = LongStream.range(0, 100).mapToObj(i -> Hash.ofWords(i, i, i, i)).toList();
    assertThat(slow.announced(many, 2, 20_000)).hasSize(100);
  }

  @Test
  void withoutVerdictTheTraceEndsIfNobodyWaitsAndInAnyCaseAfterAWhile() {
    slow.announced(List.of(X, Y), 1, 0);
    slow.announced(List.of(Y), 2, 0);
    slow.obtained(X, 0);
    slow.obtained(Y, 0);
    slow.expire(RequestTracker.TRACE.toMillis());
    assertThat(slow.size()).isEqualTo(1);
    for (long now = 20_000; now <= LIMIT + 10_000; now += 10_000) {
      slow.expire(now);
    }
    assertThat(slow.size()).isZero();
  }

  @Test
  void whatAPeerBroughtAndNobodyHasDecidedOnIsFetchedElsewhereWhenItLeaves() {
    slow.announced(List.of(X, Y), 1, 0);
    slow.announced(List.of(X, Y), 2, 0);
    slow.obtained(X, 10);
    slow.obtained(Y, 10);
    slow.decided(Y);
    assertThat(slow.left(1, 20)).isEqualTo(Map.of(2L, List.of(X)));
  }

  @Test
  void whatWasDecidedByOneThatIsGoneIsFetchedAgainAtOnce() {
    slow.announced(List.of(X, Y), 1, 0);
    slow.obtained(X, 10);
    slow.decided(X);
    slow.obtained(Y, 10);
    assertThat(slow.announced(List.of(X, Y), 1, 20)).isEmpty();
    slow.forgetDecided();
    assertThat(slow.announced(List.of(X, Y), 1, 30)).as("Y is still looked at").containsExactly(X);
  }
}
