package kaspeer.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import kaspeer.engine.EngineConfig;
import kaspeer.node.config.ConfigException;
import kaspeer.node.config.NodeConfig;
import kaspeer.node.config.Option;
import kaspeer.primitives.Params;
import kaspeer.wire.NetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineSettingsTest {
  private static EngineConfig engine(String network, String external) throws StartException {
    Map<Option, List<String>> given = new EnumMap<>(Option.class);
    given.put(Option.NETWORK, List.of(network));
    given.put(Option.LISTEN, List.of("127.0.0.1:4321"));
    given.put(Option.EXTERNAL_ADDRESS, List.of(external));
    NodeConfig config = NodeConfig.load(given, null, Map.of());
    return EngineSettings.of(config, Params.of(config.network()), null);
  }

  @ParameterizedTest
  @CsvSource({"20.1.1.1:99,20.1.1.1,99", "20.1.1.1,20.1.1.1,4321", "[2a00::1]:7,2a00::1,7"})
  void anAddressThatIsNamedIsWhatPeersAreTold(String named, String ip, int port)
      throws StartException {
    assertThat(engine("mainnet", named).local().advertised())
        .isEqualTo(new NetAddress(InetAddress.ofLiteral(ip), port));
  }

  @Test
  void anAddressThatNoPeerWouldDialIsRefused() throws StartException {
    assertThatThrownBy(() -> engine("mainnet", "10.0.0.1:16111"))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "--external-address 10.0.0.1:16111 has no effect: no peer on mainnet would dial"
                + " 10.0.0.1");
    assertThatThrownBy(() -> engine("simnet", "127.0.0.1:16511"))
        .isInstanceOf(ConfigException.class);
    // A network for trials is one house.
    assertThat(engine("simnet", "10.0.0.1:16511").local().advertised())
        .isEqualTo(new NetAddress(InetAddress.ofLiteral("10.0.0.1"), 16511));
  }
}
