package kaspeer.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import kaspeer.cluster.proto.Facts;
import kaspeer.cluster.wire.MalformedMessageException;
import org.junit.jupiter.api.Test;

final class RosterTest {
  private static final ByteString SHORT = ByteString.copyFrom(new byte[15]);

  private final Roster roster = new Roster("127.0.0.1:1");

  private void refuses(Facts facts) {
    assertThatThrownBy(() -> roster.heard(facts)).isInstanceOf(MalformedMessageException.class);
    assertThat(roster.facts()).isEmpty();
    assertThat(roster.memberIds()).isEmpty();
  }

  @Test
  void whoseIdMakesNoSenseSaidNothing() {
    Facts.Builder other = Facts.newBuilder().setAddress("127.0.0.1:2");
    refuses(other.clone().setMemberId(SHORT).build());
    refuses(other.clone().setIdentity(SHORT).build());
    roster.heard(other.build());
    assertThat(roster.facts()).as("one that has none yet").hasSize(1);
  }
}
