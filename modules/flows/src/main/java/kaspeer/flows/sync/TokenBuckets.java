package kaspeer.flows.sync;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import kaspeer.flow.FlowContext;
import kaspeer.wire.HostKey;
import org.jspecify.annotations.Nullable;

/**
 * One allowance for each remote host, so that neither several connections nor a new one get a host
 * more than its share; all of an IPv6 /64 is one host. The hosts longest unseen are forgotten; with
 * so many of them a full bucket more is worth little, for the permits of {@link Serving} bound what
 * is served at once. Safe from any thread.
 */
final class TokenBuckets {
  /** Hosts remembered. */
  static final int MAX_HOSTS = 4096;

  private final double perSecond;
  private final int burst;

  @SuppressWarnings("serial") // Never written anywhere.
  private final Map<Long, TokenBucket> byHost =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, TokenBucket> eldest) {
          return size() > MAX_HOSTS;
        }
      };

  /**
   * @param perSecond tokens a second for each host
   * @param burst most tokens of a host at any time; no price may be higher
   */
  TokenBuckets(double perSecond, int burst) {
    this.perSecond = perSecond;
    this.burst = burst;
  }

  /**
   * The bucket of a flow's peer. Peers on this machine are exempt from caps per address, and get
   * one for each connection.
   */
  TokenBucket of(FlowContext flow) {
    InetAddress host = flow.peer().address().getAddress();
    return flow.peer().isLoopback() ? fresh(flow.clock()) : of(host, flow.clock());
  }

  TokenBucket of(@Nullable InetAddress host, InstantSource clock) {
    if (host == null) {
      return fresh(clock);
    }
    synchronized (byHost) {
      return byHost.computeIfAbsent(HostKey.of(host), _ -> fresh(clock));
    }
  }

  private TokenBucket fresh(InstantSource clock) {
    return new TokenBucket(clock, perSecond, burst);
  }
}
