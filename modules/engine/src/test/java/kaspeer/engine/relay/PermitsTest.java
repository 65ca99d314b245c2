package kaspeer.engine.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import kaspeer.primitives.Hash;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PermitsTest {
  private static final Hash X = Hash.ofWords(1, 2, 3, 4);
  private static final Hash Y = Hash.ofWords(5, 6, 7, 8);
  private static final long LIMIT = Permits.LIFETIME.toMillis();
  private final Permits permits = new Permits(Duration.ofSeconds(1), 100, false);
  private final Permits slow = new Permits(Duration.ofSeconds(1), 100, true);

  @BeforeEach
  void connect() {
    LongStream.rangeClosed(1, 20).forEach(peer -> permits.joined(peer, false));
    LongStream.rangeClosed(1, 20).forEach(peer -> slow.joined(peer, false));
  }

  @Test
  void theFirstAnnouncerFetchesAndTheOthersWait() {
    assertThat(permits.announced(List.of(X, Y), 1, 0)).containsExactly(X, Y);
    assertThat(permits.announced(List.of(X), 2, 10)).isEmpty();
    assertThat(permits.expire(999)).isEmpty();
  }

  @Test
  void whenTheHolderIsSlowTheNextAnnouncerFetches() {
    permits.announced(List.of(X), 1, 0);
    permits.announced(List.of(X), 2, 10);
    permits.announced(List.of(X), 3, 20);
    assertThat(permits.nextDeadline().orElseThrow()).isLessThanOrEqualTo(1000);
    assertThat(permits.expire(1000)).isEqualTo(Map.of(2L, List.of(X)));
    assertThat(permits.expire(1999)).isEmpty();
    assertThat(permits.expire(2000)).isEqualTo(Map.of(3L, List.of(X)));
  }

  @Test
  void aLateAnnouncerFetchesAtOnceWhenTheHolderHadItsTime() {
    permits.announced(List.of(X), 1, 0);
    permits.expire(1000);
    assertThat(permits.announced(List.of(X), 2, 1500)).containsExactly(X);
    assertThat(permits.announced(List.of(X), 3, 1501)).isEmpty();
  }

  @Test
  void peersThatWeDialledAreAskedBeforeThoseThatDialledUs() {
    permits.joined(99, true);
    permits.announced(List.of(X), 1, 0);
    permits.announced(List.of(X), 2, 0);
    permits.announced(List.of(X), 99, 0);
    assertThat(permits.expire(1000)).isEqualTo(Map.of(99L, List.of(X)));
  }

  @Test
  void whatIsObtainedIsNotFetchedAgainForSomeSeconds() {
    permits.announced(List.of(X), 1, 0);
    permits.announced(List.of(X), 2, 0);
    permits.obtained(X, 500);
    assertThat(permits.expire(1000)).isEmpty();
    assertThat(permits.announced(List.of(X), 3, 2000)).isEmpty();
    long over = 500 + Permits.TRACE.toMillis();
    assertThat(permits.expire(over)).isEmpty();
    assertThat(permits.announced(List.of(X), 4, over)).containsExactly(X);
  }

  @Test
  void whatTurnsOutSpoiltIsFetchedFromTheNextAnnouncer() {
    permits.announced(List.of(X), 1, 0);
    permits.announced(List.of(X), 2, 0);
    permits.obtained(X, 500);
    assertThat(permits.spoilt(X, 600)).isEqualTo(OptionalLong.of(2));
    assertThat(permits.spoilt(Y, 600)).isEmpty();
  }

  @Test
  void aFailureOfTheHolderPassesThePermitOnAndOfOthersDoesNothing() {
    permits.announced(List.of(X), 1, 0);
    permits.announced(List.of(X), 2, 0);
    assertThat(permits.failed(X, 2, 100)).isEmpty();
    assertThat(permits.failed(X, 1, 100)).isEqualTo(OptionalLong.of(2));
    assertThat(permits.failed(X, 2, 200)).isEmpty();
    assertThat(permits.size()).isZero();
  }

  @Test
  void aPeerThatLeavesGivesItsPermitsBack() {
    permits.announced(List.of(X, Y), 1, 0);
    permits.announced(List.of(X), 2, 0);
    assertThat(permits.left(1, 100)).isEqualTo(Map.of(2L, List.of(X)));
    assertThat(permits.announced(List.of(Y), 3, 200)).containsExactly(Y);
  }

  @Test
  void aPeerThatLeftWhileWaitingIsPassedOver() {
    permits.announced(List.of(X), 1, 0);
    permits.announced(List.of(X), 2, 0);
    permits.announced(List.of(X), 3, 0);
    permits.left(2, 100);
    assertThat(permits.expire(1000)).isEqualTo(Map.of(3L, List.of(X)));
  }

  @Test
  void announcementsOfPeersThatAreGoneAreIgnored() {
    permits.left(1, 0);
    assertThat(permits.announced(List.of(X), 1, 0)).isEmpty();
    assertThat(permits.size()).isZero();
  }

  @Test
  void aPeerStandsInABoundedNumberOfEntries() {
    List<Hash> many = LongStream.range(0, 150).mapToObj(i -> Hash.ofWords(i, i, i, i)).toList();
    assertThat(permits.announced(many, 1, 0)).hasSize(100);
    assertThat(permits.ignored()).isEqualTo(50);
    permits.obtained(many.getFirst(), 1);
    permits.expire(1 + Permits.TRACE.toMillis());
    assertThat(permits.announced(List.of(X), 1, 20_000)).containsExactly(X);
  }

  @Test
  void anEntryListsABoundedNumberOfPeers() {
    permits.announced(List.of(X), 1, 0);
    for (long peer = 2; peer <= 20; peer++) {
      permits.announced(List.of(X), peer, 0);
    }
    int grants = 0;
    for (long now = 1000; now < 20_000; now += 1000) {
      grants += permits.expire(now).size();
    }
    assertThat(grants).isEqualTo(Permits.MAX_WAITING);
  }

  @Test
  void aHolderThatStaysSilentIsForgottenInTheEnd() {
    permits.announced(List.of(X), 1, 0);
    permits.expire(LIMIT + 30_000);
    assertThat(permits.size()).isZero();
    assertThat(permits.expire(LIMIT + 60_000)).isEmpty();
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
    assertThat(slow.expire(500 + Permits.TRACE.toMillis())).isEmpty();
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
    slow.expire(Permits.TRACE.toMillis());
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
}
