package kaspeer.flows.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class TokenBucketsTest {
  private static final InstantSource CLOCK = () -> Instant.EPOCH;

  private final TokenBuckets buckets = new TokenBuckets(1, 5);

  private static InetAddress host(int number) {
    return InetAddress.ofLiteral("10.0." + number / 256 + "." + number % 256);
  }

  @Test
  void two_connections_of_a_host_share_its_tokens() {
    buckets.of(host(1), CLOCK).take(5);

    assertThat(buckets.of(host(1), CLOCK).take(1)).isPositive();
    assertThat(buckets.of(host(2), CLOCK).take(5)).isEqualTo(Duration.ZERO);
  }

  @Test
  void all_addresses_of_an_ipv6_host_share_its_tokens() {
    buckets.of(InetAddress.ofLiteral("2001:db8:1:1::1"), CLOCK).take(5);

    assertThat(buckets.of(InetAddress.ofLiteral("2001:db8:1:1:f::2"), CLOCK).take(1)).isPositive();
    assertThat(buckets.of(InetAddress.ofLiteral("2001:db8:1:2::1"), CLOCK).take(5))
        .isEqualTo(Duration.ZERO);
  }

  @Test
  void the_host_longest_unseen_is_forgotten_first() {
    buckets.of(host(0), CLOCK).take(5);
    buckets.of(host(1), CLOCK).take(5);
    for (int i = 2; i < TokenBuckets.MAX_HOSTS; i++) {
      buckets.of(host(i), CLOCK);
    }
    buckets.of(host(0), CLOCK);
    buckets.of(host(TokenBuckets.MAX_HOSTS), CLOCK);

    assertThat(buckets.of(host(0), CLOCK).take(1)).isPositive();
    assertThat(buckets.of(host(1), CLOCK).take(1)).isEqualTo(Duration.ZERO);
  }
}
