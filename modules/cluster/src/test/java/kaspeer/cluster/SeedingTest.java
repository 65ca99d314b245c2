package kaspeer.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kaspeer.cluster.ClusterOptions.Contact;
import kaspeer.cluster.ClusterOptions.Role;
import kaspeer.primitives.Network;
import org.junit.jupiter.api.Test;

/** Through whom a member joins. */
final class SeedingTest {
  private static final InetSocketAddress SELF = at("10.0.0.2", 7355);

  private static InetSocketAddress at(String host, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(host), port);
  }

  private static ClusterOptions options(InetSocketAddress listen, Contact... join) {
    return new ClusterOptions(
        Network.SIMNET,
        Set.of(Role.EDGE),
        listen,
        List.of(join),
        Optional.empty(),
        TestMember.TIMES);
  }

  private static List<InetAddress> named(String... addresses) {
    return List.of(addresses).stream().map(InetAddress::ofLiteral).toList();
  }

  @Test
  void allAddressesOfANameAreAskedInAnOrderThatIsTheSameForAll() {
    Map<String, List<InetAddress>> dns =
        Map.of("members.test", named("10.0.0.3", "10.0.0.1", "10.0.0.2"));
    Seeding seeding =
        new Seeding(
            options(SELF, new Contact("members.test", 7355), new Contact("10.0.0.9", 1)),
            host -> dns.getOrDefault(host, List.of()),
            List.of());
    assertThat(seeding.isFirst()).isFalse();
    assertThat(seeding.find())
        .containsExactly(at("10.0.0.1", 7355), SELF, at("10.0.0.3", 7355), at("10.0.0.9", 1));
  }

  @Test
  void aNameThatStandsForNobodyYetIsNoReasonToMakeAClusterOfItsOwn() {
    Seeding seeding =
        new Seeding(options(SELF, new Contact("members.test", 7355)), _ -> List.of(), List.of());
    assertThat(seeding.isFirst()).isFalse();
    assertThat(seeding.find()).isEmpty();
  }

  @Test
  void whoWasAMemberAsksThoseItKnewAndNeverItself() {
    Seeding seeding =
        new Seeding(
            options(SELF, new Contact("members.test", 7355)),
            _ -> named("10.0.0.2"),
            Set.of(at("10.0.0.7", 7355)));
    assertThat(seeding.isFirst()).isFalse();
    assertThat(seeding.find()).containsExactly(at("10.0.0.7", 7355));
  }
}
