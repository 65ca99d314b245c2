package kaspeer.primitives;

import java.util.Locale;

/** The networks that exist. */
public enum Network {
  MAINNET("kaspa-mainnet", "kaspa", 16111),
  TESTNET_10("kaspa-testnet-10", "kaspatest", 16211),
  SIMNET("kaspa-simnet", "kaspasim", 16511),
  DEVNET("kaspa-devnet", "kaspadev", 16611);

  private final String wireName;
  private final String addressPrefix;
  private final int p2pPort;

  Network(String wireName, String addressPrefix, int p2pPort) {
    this.wireName = wireName;
    this.addressPrefix = addressPrefix;
    this.p2pPort = p2pPort;
  }

  /** Its name in a version message. */
  public String wireName() {
    return wireName;
  }

  /** What its addresses begin with, before the colon. */
  public String addressPrefix() {
    return addressPrefix;
  }

  /**
   * Its name on the command line: {@code mainnet}, {@code testnet-10}, {@code simnet}, {@code
   * devnet}.
   */
  public String optionName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The port nodes listen on unless told otherwise. */
  public int p2pPort() {
    return p2pPort;
  }
}
