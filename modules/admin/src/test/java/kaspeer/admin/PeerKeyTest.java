package kaspeer.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerKeyTest {
  @Test
  void aPeerIsNamedByNumberOrId() {
    assertThat(PeerKey.parse("7")).contains(new PeerKey.ByNumber(7));
    assertThat(PeerKey.parse(FakeEngine.PEER_ID.toString()))
        .contains(new PeerKey.ById(FakeEngine.PEER_ID));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1234567890123456789012", "1-1-1-1-1", "x"})
  void anythingElseNamesNobody(String text) {
    assertThat(PeerKey.parse(text)).isEmpty();
  }
}
