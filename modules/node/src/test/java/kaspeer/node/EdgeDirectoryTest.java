package kaspeer.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kaspeer.node.config.NodeConfig;
import kaspeer.node.config.Option;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.storage.StoreDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An edge has no store, but one data directory is for one process and one network all the same. */
@Timeout(60)
class EdgeDirectoryTest {
  @TempDir private Path data;

  private NodeConfig edge() {
    Map<Option, List<String>> given = new EnumMap<>(Option.class);
    given.put(Option.NETWORK, List.of("simnet"));
    given.put(Option.DATA_DIR, List.of(data.toString()));
    given.put(Option.LISTEN, List.of("127.0.0.1:0"));
    given.put(Option.ADMIN, List.of("127.0.0.1:0"));
    given.put(Option.ROLES, List.of("edge"));
    // Nobody is there: what is to fail must fail before the edge looks for others.
    given.put(Option.CLUSTER_LISTEN, List.of("127.0.0.1:1"));
    given.put(Option.CLUSTER_JOIN, List.of("127.0.0.1:2"));
    return NodeConfig.load(given, null, Map.of());
  }

  @Test
  void aDirectoryInUseIsRefused() {
    try (StoreDirectory held = StoreDirectory.open(data, Params.of(Network.SIMNET), Set.of())) {
      assertThatThrownBy(() -> Node.start(edge()))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("in use by process " + ProcessHandle.current().pid());
      assertThat(data.resolve("admin-token")).doesNotExist();
      assertThat(held).isNotNull();
    }
  }

  @Test
  void aDirectoryOfAnotherNetworkIsRefusedAndNotHeldAfterwards() {
    StoreDirectory.open(data, Params.of(Network.DEVNET), Set.of()).close();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> Node.start(edge()))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("was made for devnet, not for simnet");
    }
  }
}
