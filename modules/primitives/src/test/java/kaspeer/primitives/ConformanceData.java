package kaspeer.primitives;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Finds the shared conformance data: by the system property {@code kaspeer.conformance}, the
 * environment variable {@code KASPEER_CONFORMANCE}, or a folder {@code shared/conformance} above
 * the working directory.
 */
final class ConformanceData {
  private ConformanceData() {}

  /** The lines of a gzipped file; the test is skipped if the data is not here. */
  static BufferedReader lines(String file) throws IOException {
    Path path = folder().resolve(file);
    return new BufferedReader(
        new InputStreamReader(
            new GZIPInputStream(Files.newInputStream(path)), StandardCharsets.UTF_8));
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
