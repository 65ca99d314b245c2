package kaspeer.script;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds the shared conformance data: by the system property {@code kaspeer.conformance}, the
 * environment variable {@code KASPEER_CONFORMANCE}, or a folder {@code shared/conformance} above
 * the working directory.
 */
final class ConformanceData {
  private ConformanceData() {}

  /** The text of a file; the test is skipped if the data is not here. */
  static String read(String file) throws IOException {
    return Files.readString(folder().resolve(file));
  }

  private static Path folder() {
    String stated = System.getProperty("kaspeer.conformance", System.getenv("KASPEER_CONFORMANCE"));
    if (stated != null) {
      return Path.of(stated);
    }
    for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
      Path candidate = p.resolve("shared").resolve("conformance");
      if (Files.isDirectory(candidate)) {
        return candidate;
      }
    }
    return abort("no folder shared/conformance here: set KASPEER_CONFORMANCE to enable this test");
  }
}
