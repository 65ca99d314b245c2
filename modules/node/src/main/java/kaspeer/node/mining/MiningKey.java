package kaspeer.node.mining;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import kaspeer.crypto.signature.Secp256k1;
import kaspeer.primitives.Address;
import kaspeer.primitives.Network;
import kaspeer.primitives.files.SecretFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The secret that mined coins are paid to unless somebody else is named. Kept as hex in a file that
 * only its owner can read.
 */
public final class MiningKey {
  /** Its name in the data directory. */
  public static final String FILE = "mining-key";

  private static final Logger LOG = LoggerFactory.getLogger(MiningKey.class);

  private final byte[] secret;

  private MiningKey(byte[] secret) {
    this.secret = secret;
  }

  /** A key that is kept nowhere. */
  public static MiningKey random() {
    SecureRandom random = new SecureRandom();
    while (true) {
      byte[] candidate = new byte[Secp256k1.SECRET_KEY_SIZE];
      random.nextBytes(candidate);
      if (isSecret(candidate)) {
        return new MiningKey(candidate);
      }
    }
  }

  /**
   * The key of a data directory; makes one at the first call.
   *
   * @throws IOException if the file can neither be read nor made, or holds no key; the message is
   *     one line
   */
  public static MiningKey load(Path dataDir) throws IOException {
    Path file = dataDir.resolve(FILE);
    SecretFile.makeIfAbsent(file, () -> HexFormat.of().formatHex(random().secret) + "\n");
    return read(file);
  }

  private static MiningKey read(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8).strip();
    if (text.matches("[0-9a-fA-F]{64}")) {
      byte[] secret = HexFormat.of().parseHex(text);
      if (isSecret(secret)) {
        return new MiningKey(secret);
      }
    }
    throw new IOException(
        file + " holds no secret key of 64 hex digits; remove it to get a new one");
  }

  /** Almost every number of 32 bytes is one. */
  private static boolean isSecret(byte[] candidate) {
    try {
      Secp256k1.xOnlyPublicKey(candidate);
      return true;
    } catch (IllegalArgumentException notInRange) {
      LOG.debug("not a secret key", notInRange);
      return false;
    }
  }

  /** The secret, 32 bytes. */
  public byte[] secret() {
    return secret.clone();
  }

  /** Whom coins of this key are paid to. */
  public Address address(Network network) {
    return new Address(network, Address.Version.PUB_KEY, Secp256k1.xOnlyPublicKey(secret));
  }
}
