package kaspeer.engine.dial;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.stream.Stream;
import kaspeer.transport.LinkEnd;
import kaspeer.wire.NetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DialFailuresTest {
  private static final NetAddress PEER = new NetAddress(InetAddress.ofLiteral("127.0.0.1"), 1);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "finishConnect(..) failed with error(-111): Connection refused: /127.0.0.1:1|connection refused by 127.0.0.1:1",
        "connect(..) failed with error(-101): Network is unreachable|the network is unreachable: 127.0.0.1:1",
        "connection timed out after 5000 ms: /127.0.0.1:1|no answer in time: 127.0.0.1:1",
        "something else|no connection to 127.0.0.1:1: something else"
      })
  void whatTheSystemSaysIsPutIntoWords(String detail, String text) {
    assertThat(DialFailures.text(PEER, new LinkEnd.IoError(detail))).isEqualTo(text);
  }

  @Test
  void everyEndHasWordsThatNamePeerOrReasonAndNoTypes() {
    Stream.of(
            new LinkEnd.TimedOut(LinkEnd.Stage.STREAM),
            new LinkEnd.TimedOut(LinkEnd.Stage.HEADERS),
            new LinkEnd.RemoteClosed("GOAWAY"),
            new LinkEnd.Refused("UNIMPLEMENTED"),
            new LinkEnd.Abuse(LinkEnd.HttpAbuse.NOT_HTTP2),
            new LinkEnd.Displaced(),
            new LinkEnd.Congested(7))
        .map(end -> DialFailures.text(PEER, end))
        .forEach(text -> assertThat(text).contains("127.0.0.1:1").doesNotContain("["));
  }
}
