package kaspeer.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kaspeer.admin.HostPort;
import kaspeer.cluster.ClusterOptions.Role;
import org.junit.jupiter.api.Test;

/** What a node is told of a cluster. */
final class ClusterSettingsTest {
  private static NodeConfig load(Object... optionsAndValues) {
    Map<Option, List<String>> given = new EnumMap<>(Option.class);
    for (int i = 0; i < optionsAndValues.length; i += 2) {
      given.put((Option) optionsAndValues[i], List.of((String) optionsAndValues[i + 1]));
    }
    return NodeConfig.load(given, null, Map.of());
  }

  @Test
  void withoutAPlaceToListenThereIsNoClusterAndNothingElseOfItHasAnEffect() {
    assertThat(load().cluster()).isNull();
    assertThatThrownBy(() -> load(Option.ROLES, "edge"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("--roles has no effect without --cluster-listen");
    assertThatThrownBy(() -> load(Option.CLUSTER_JOIN, "127.0.0.1:7"))
        .hasMessageContaining("no effect");
    assertThatThrownBy(() -> load(Option.CLUSTER_TLS, "/keys")).hasMessageContaining("no effect");
  }

  @Test
  void bothRolesAreTheDefaultAndManyMembersMayBeNamed() {
    NodeConfig.Membership cluster =
        Objects.requireNonNull(
            load(
                    Option.CLUSTER_LISTEN,
                    "127.0.0.1:7401",
                    Option.CLUSTER_JOIN,
                    "127.0.0.1:7401, members.example:7402")
                .cluster());
    assertThat(cluster.roles()).containsExactlyInAnyOrder(Role.CORE, Role.EDGE);
    assertThat(cluster.isCore()).isTrue();
    assertThat(cluster.join())
        .containsExactly(new HostPort("127.0.0.1", 7401), new HostPort("members.example", 7402));
  }

  @Test
  void anEdgeHasNoDagToMineOnAndNoMempoolToBound() {
    assertThatThrownBy(
            () ->
                load(
                    Option.NETWORK,
                    "simnet",
                    Option.CLUSTER_LISTEN,
                    "127.0.0.1:7401",
                    Option.ROLES,
                    "edge",
                    Option.MINE,
                    "1"))
        .hasMessageContaining("--mine has no effect on an edge");
    assertThatThrownBy(
            () -> load(Option.CLUSTER_LISTEN, "127.0.0.1:7401", Option.ROLES, "core,front"))
        .hasMessageContaining("'front' is not core, edge or both with a comma");
  }

  @Test
  void outsideLoopbackMembersProveWhoTheyAre() {
    assertThatThrownBy(() -> load(Option.CLUSTER_LISTEN, "192.0.2.1:7401"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("need --cluster-tls");
    assertThat(load(Option.CLUSTER_LISTEN, "192.0.2.1:7401", Option.CLUSTER_TLS, "/keys").cluster())
        .isNotNull();
    assertThatThrownBy(() -> load(Option.CLUSTER_LISTEN, "0.0.0.0:7401"))
        .hasMessageContaining("by which other members reach this one");
    assertThatThrownBy(() -> load(Option.CLUSTER_LISTEN, "127.0.0.1:0"))
        .hasMessageContaining("a port from 1 on");
  }
}
