package kaspeer.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import kaspeer.engine.MutableClock;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.policy.ViolationCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Peers must not fill the disk with what the log says of them. */
final class PeerLogTest {
  private static final FlowOutcome BREACH =
      new FlowOutcome.Violation(ViolationCode.MALFORMED_MESSAGE, "noise");

  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
  private final Logger log = (Logger) LoggerFactory.getLogger(PeerLog.class);
  private final MutableClock clock = new MutableClock();
  private final PeerLog lines = new PeerLog(clock);

  @BeforeEach
  void listen() {
    appender.start();
    log.addAppender(appender);
    log.setLevel(Level.INFO);
  }

  @AfterEach
  void leave() {
    log.detachAppender(appender);
    log.setLevel(null);
  }

  private List<String> written() {
    return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private PeerInfo stranger(PeerInfo.Direction direction) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("20.1.1.1"), 4000);
    return PeerInfo.connecting(1, address, direction, false, clock.instant());
  }

  private PeerInfo introduced() {
    PeerInfo info = stranger(PeerInfo.Direction.INBOUND);
    return new PeerInfo(
        info.number(),
        new UUID(1, 2),
        info.address(),
        info.direction(),
        "/agent/",
        11,
        11,
        Duration.ZERO,
        true,
        false,
        info.connectedAt());
  }

  @Test
  void aStrangerThatBreaksItsHandshakeIsNoLineAtTheUsualLevel() {
    lines.ending(stranger(PeerInfo.Direction.INBOUND), "version", BREACH);
    assertThat(written()).isEmpty();
    lines.ending(stranger(PeerInfo.Direction.OUTBOUND), "version", BREACH);
    assertThat(written())
        .containsExactly("Ending 20.1.1.1:4000: violation.MALFORMED_MESSAGE in version: noise");
  }

  @Test
  void peersThatComeAndGoFillNoMoreThanSoManyLinesAMinute() {
    for (int i = 0; i < 1_000; i++) {
      lines.connected(introduced());
      lines.ending(introduced(), "ping", BREACH);
      lines.ending(introduced(), "link", new FlowOutcome.Refused("go away"));
      lines.ending(introduced(), "ping", new FlowOutcome.LocalFault("oops"));
    }
    assertThat(written()).hasSize(4 * PeerLog.LINES);
    clock.advance(Duration.ofMinutes(1));
    lines.ending(introduced(), "ping", BREACH);
    assertThat(written().getLast())
        .isEqualTo(
            "Ending 20.1.1.1:4000: violation.MALFORMED_MESSAGE in ping: noise (980 more like this"
                + " before)");
  }
}
