package kaspeer.testkit.kaspad;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the kaspad to test against is. */
public final class KaspadBinary {
  /** The version this project is measured against. */
  public static final String VERSION = "2.1.0";

  /** The one command that makes it available. */
  public static final String INSTALL =
      "cargo install kaspad --version "
          + VERSION
          + " --locked --root ~/.cache/kaspeer/kaspad-"
          + VERSION;

  private KaspadBinary() {}

  /**
   * Looks at the system property {@code kaspeer.kaspad}, the environment variable {@code
   * KASPEER_KASPAD}, the cache folder {@code ~/.cache/kaspeer/kaspad-<version>/bin}, and the search
   * path, in this order.
   */
  public static Optional<Path> find() {
    Stream<@Nullable String> named =
        Stream.of(
            System.getProperty("kaspeer.kaspad"),
            System.getenv("KASPEER_KASPAD"),
            System.getProperty("user.home") + "/.cache/kaspeer/kaspad-" + VERSION + "/bin/kaspad");
    String searchPath = System.getenv("PATH");
    Stream<String> onPath =
        searchPath == null
            ? Stream.of()
            : Stream.of(searchPath.split(File.pathSeparator)).map(folder -> folder + "/kaspad");
    return Stream.concat(named.flatMap(Stream::ofNullable), onPath)
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Likewise, for who cannot do without.
   *
   * @throws IllegalStateException with the command that makes it available, if there is none
   */
  public static Path require() {
    return find().orElseThrow(() -> new IllegalStateException(INSTALL));
  }
}
