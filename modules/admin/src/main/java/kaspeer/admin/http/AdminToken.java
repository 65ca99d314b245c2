package kaspeer.admin.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import kaspeer.primitives.files.SecretFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The secret that whoever changes something must know. Kept in a file that only its owner can read.
 */
public final class AdminToken {
  /** Its name in the data directory. */
  public static final String FILE = "admin-token";

  private static final Logger LOG = LoggerFactory.getLogger(AdminToken.class);
  private static final int BYTES = 32;
  private static final int MAX_FILE = 1024;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rwx------");

  /** Only its hash: comparing hashes takes the same time whatever was given. */
  private final byte[] hash;

  private AdminToken(byte[] hash) {
    this.hash = hash;
  }

  /** A token that is kept nowhere. */
  public static AdminToken of(String token) {
    return new AdminToken(sha256(token));
  }

  /**
   * The token of a data directory; makes one at the first start.
   *
   * @throws IOException if the file can neither be read nor made, or holds no token; the message is
   *     one line
   */
  public static AdminToken load(Path dataDir) throws IOException {
    Path file = dataDir.resolve(FILE);
    SecretFile.makeIfAbsent(file, AdminToken::random);
    String token = read(file);
    if (SecretFile.hasOwners(dataDir) && !OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
      restrict(file);
    }
    return of(token);
  }

  private static String random() {
    byte[] secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    return HexFormat.of().formatHex(secret) + "\n";
  }

  /** A file that an orchestrator put there cannot be changed, and is its business. */
  private static void restrict(Path file) {
    try {
      Files.setPosixFilePermissions(file, OWNER_ONLY);
      LOG.warn("{} could be read by others: made it readable by its owner only", file);
    } catch (IOException e) {
      LOG.warn("{} can be read by others than its owner: {}", file, e.toString());
    }
  }

  /**
   * The token in a file.
   *
   * @throws IOException if it cannot be read or is none
   */
  public static String read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(
          file
              + " is a directory, not a file with a token; Docker makes one where what it is to mount"
              + " there is missing");
    }
    if (Files.size(file) > MAX_FILE) {
      throw new IOException(file + " is too long to be a token");
    }
    String token = Files.readString(file, StandardCharsets.UTF_8).strip();
    if (!token.matches("[\\x21-\\x7e]{16,}")) {
      throw new IOException(
          file + " holds no token: at least 16 printable characters; remove it to get a new one");
    }
    return token;
  }

  /** Whether this is the token. */
  boolean matches(String candidate) {
    return MessageDigest.isEqual(hash, sha256(candidate));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
