package kaspeer.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class KnownMembersTest {
  private final KnownMembers known = new KnownMembers();

  private static InetSocketAddress member(int last) {
    return new InetSocketAddress(InetAddress.ofLiteral("10.0.0." + last), 7355);
  }

  private void saw(int last, Duration at) {
    known.saw(member(last), at.toNanos());
  }

  @Test
  void whoWasNotSeenForADayIsForgottenOnceAnotherIsSeen() {
    saw(1, Duration.ZERO);
    saw(2, Duration.ofHours(20));
    assertThat(known.all()).containsExactlyInAnyOrder(member(1), member(2));
    saw(3, Duration.ofHours(25));
    assertThat(known.all()).containsExactlyInAnyOrder(member(2), member(3));
    saw(3, Duration.ofDays(9));
    assertThat(known.all()).as("the last one stays, whatever the time").containsExactly(member(3));
  }

  @Test
  void theLatestAreKeptIfThereAreMany() {
    for (int i = 0; i <= KnownMembers.MAX; i++) {
      saw(i, Duration.ofSeconds(i));
    }
    assertThat(known.all())
        .hasSize(KnownMembers.MAX)
        .contains(member(KnownMembers.MAX))
        .doesNotContain(member(0));
  }
}
