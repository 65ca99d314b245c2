package kaspeer.primitives;

import java.util.Arrays;
import java.util.Optional;
import kaspeer.primitives.AddressException.Reason;
import kaspeer.primitives.Transaction.ScriptPublicKey;

/**
 * Whom an output pays, as wallets write it: {@code
 * kaspa:qp0l70zd5x85ttwd6jv7g3s3a8llzj96d8dncn4z...}. The prefix names the network (consensus
 * reference 2.2), the version the standard script.
 *
 * <p>An address has one text: what {@link #parse} takes, {@link #toString} gives back.
 */
public final class Address {
  private static final int OP_DATA_32 = 0x20;
  private static final int OP_DATA_33 = 0x21;
  private static final int OP_EQUAL = 0x87;
  private static final int OP_BLAKE2B = 0xaa;
  private static final int OP_CHECK_SIG_ECDSA = 0xab;
  private static final int OP_CHECK_SIG = 0xac;

  /** Version byte and the longest payload in base 32, and the checksum. */
  private static final int MAX_TEXT_LENGTH = 55 + 8;

  /** The standard scripts that have addresses. */
  public enum Version {
    /** Pays to a Schnorr key: the payload is its x. */
    PUB_KEY(0, 32),
    /** Pays to an ECDSA key: the payload is the compressed key. */
    PUB_KEY_ECDSA(1, 33),
    /** Pays to whoever knows a script: the payload is its BLAKE2b-256 hash. */
    SCRIPT_HASH(8, 32);

    private final int code;
    private final int payloadSize;

    Version(int code, int payloadSize) {
      this.code = code;
      this.payloadSize = payloadSize;
    }

    /** Bytes in a payload. */
    public int payloadSize() {
      return payloadSize;
    }
  }

  private final Network network;
  private final Version version;
  private final byte[] payload;

  /**
   * @throws IllegalArgumentException if the payload has not the length of its version
   */
  public Address(Network network, Version version, byte[] payload) {
    if (payload.length != version.payloadSize) {
      throw new IllegalArgumentException(
          version + " has " + version.payloadSize + " bytes, not " + payload.length);
    }
    this.network = network;
    this.version = version;
    this.payload = payload.clone();
  }

  /**
   * The address of a text.
   *
   * @throws AddressException if it is none
   */
  public static Address parse(String text) throws AddressException {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new AddressException(
          Reason.MISSING_PREFIX, "an address begins with its network, such as 'kaspa:'");
    }
    Network network = networkOf(text.substring(0, colon));
    byte[] data =
        AddressText.decode(network.addressPrefix(), text.substring(colon + 1), MAX_TEXT_LENGTH);
    if (data.length == 0) {
      throw new AddressException(Reason.BAD_LENGTH, "the address has no version");
    }
    Version version = versionOf(data[0] & 0xFF);
    if (data.length != 1 + version.payloadSize) {
      throw new AddressException(
          Reason.BAD_LENGTH,
          version + " has " + version.payloadSize + " bytes, not " + (data.length - 1));
    }
    return new Address(network, version, Arrays.copyOfRange(data, 1, data.length));
  }

  private static Network networkOf(String prefix) throws AddressException {
    for (Network network : Network.values()) {
      if (network.addressPrefix().equals(prefix)) {
        return network;
      }
    }
    throw new AddressException(Reason.UNKNOWN_PREFIX, "the address's prefix names no network");
  }

  private static Version versionOf(int code) throws AddressException {
    for (Version version : Version.values()) {
      if (version.code == code) {
        return version;
      }
    }
    throw new AddressException(Reason.UNKNOWN_VERSION, "there is no address version " + code);
  }

  /** The address that a script pays to; empty if it is not a standard one. */
  public static Optional<Address> ofScriptPublicKey(
      Network network, ScriptPublicKey scriptPublicKey) {
    if (scriptPublicKey.version() != 0) {
      return Optional.empty();
    }
    byte[] script = scriptPublicKey.script();
    for (Version version : Version.values()) {
      int start = version == Version.SCRIPT_HASH ? 2 : 1;
      int end = start + version.payloadSize;
      if (script.length == end + 1) {
        Address candidate = new Address(network, version, Arrays.copyOfRange(script, start, end));
        if (Arrays.equals(candidate.script(), script)) {
          return Optional.of(candidate);
        }
      }
    }
    return Optional.empty();
  }

  /** The script that an output paying to this address has. */
  public ScriptPublicKey toScriptPublicKey() {
    return new ScriptPublicKey(0, script());
  }

  private byte[] script() {
    return switch (version) {
      case PUB_KEY -> around(OP_CHECK_SIG, OP_DATA_32);
      case PUB_KEY_ECDSA -> around(OP_CHECK_SIG_ECDSA, OP_DATA_33);
      case SCRIPT_HASH -> around(OP_EQUAL, OP_BLAKE2B, OP_DATA_32);
    };
  }

  private byte[] around(int last, int... first) {
    byte[] script = new byte[first.length + payload.length + 1];
    for (int i = 0; i < first.length; i++) {
      script[i] = (byte) first[i];
    }
    System.arraycopy(payload, 0, script, first.length, payload.length);
    script[script.length - 1] = (byte) last;
    return script;
  }

  public Network network() {
    return network;
  }

  public Version version() {
    return version;
  }

  /** The key or hash. */
  public byte[] payload() {
    return payload.clone();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Address other
        && network == other.network
        && version == other.version
        && Arrays.equals(payload, other.payload);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * network.hashCode() + version.hashCode()) + Arrays.hashCode(payload);
  }

  @Override
  public String toString() {
    byte[] data = new byte[1 + payload.length];
    data[0] = (byte) version.code;
    System.arraycopy(payload, 0, data, 1, payload.length);
    return AddressText.encode(network.addressPrefix(), data);
  }
}
