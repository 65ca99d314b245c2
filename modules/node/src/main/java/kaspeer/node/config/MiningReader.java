package kaspeer.node.config;

import java.util.Optional;
import kaspeer.node.config.NodeConfig.Mining;
import kaspeer.node.config.Settings.Setting;
import kaspeer.primitives.Address;
import kaspeer.primitives.AddressException;
import kaspeer.primitives.Network;
import org.jspecify.annotations.Nullable;

/** Reads whether the node mines, which it may where coins are worth nothing. */
final class MiningReader {
  private static final double MIN_RATE = 0.1;
  private static final double MAX_RATE = 100;

  private final Settings settings;
  private final Network network;

  MiningReader(Settings settings, Network network) {
    this.settings = settings;
    this.network = network;
  }

  @Nullable Mining read() {
    Optional<Setting> rate = settings.get(Option.MINE);
    Optional<Setting> payTo = settings.get(Option.MINE_TO);
    if (rate.isEmpty()) {
      settings.refuse(Option.MINE_TO, "has no effect without --mine");
      return null;
    }
    if (network != Network.SIMNET && network != Network.DEVNET) {
      throw new ConfigException(
          rate.get().source() + " is for simnet and devnet, not for " + network.optionName());
    }
    return new Mining(rate(rate.get()), payTo.map(this::address).orElse(null));
  }

  private static double rate(Setting setting) {
    String text = setting.single();
    if (text.matches("[0-9]{1,3}(\\.[0-9]{1,6})?")) {
      double rate = Double.parseDouble(text);
      if (rate >= MIN_RATE && rate <= MAX_RATE) {
        return rate;
      }
    }
    throw setting.wrong(text, "a number from 0.1 to 100");
  }

  private Address address(Setting setting) {
    String text = setting.single();
    try {
      Address address = Address.parse(text);
      if (address.network() != network) {
        throw setting.wrong(text, "an address of " + network.optionName());
      }
      return address;
    } catch (AddressException e) {
      throw new ConfigException(setting.source() + ": " + e.getMessage(), e);
    }
  }
}
