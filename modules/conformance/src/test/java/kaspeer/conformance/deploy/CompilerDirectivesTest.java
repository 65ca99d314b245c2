package kaspeer.conformance.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code deploy/jvm/compiler.json} names classes by their names, which nothing else would miss: a
 * class that moves has to move there too.
 */
final class CompilerDirectivesTest {
  private static final Path MODULES = DeployFiles.FOLDER.resolveSibling("modules");

  static List<String> patterns() {
    return Pattern.compile("\"([\\w/]+\\*?)\\.\\*\"")
        .matcher(DeployFiles.text("jvm/compiler.json"))
        .results()
        .map(result -> result.group(1))
        .toList();
  }

  @Test
  void itHasPatterns() {
    assertThat(patterns()).hasSizeGreaterThan(10);
  }

  @ParameterizedTest
  @MethodSource("patterns")
  void everyPatternIsThatOfAClass(String pattern) throws IOException {
    if (pattern.startsWith("kaspeer/")) {
      String source = pattern.endsWith("/*") ? pattern.substring(0, pattern.length() - 2) : pattern;
      try (Stream<Path> modules = Files.list(MODULES)) {
        assertThat(modules)
            .anyMatch(
                module ->
                    Files.exists(module.resolve("src/main/java/" + source))
                        || Files.exists(module.resolve("src/main/java/" + source + ".java")));
      }
    } else {
      String name = pattern.endsWith("/*") ? pattern.replace("*", "Message") : pattern;
      assertThat(ClassLoader.getSystemResource(name.replace("*", "") + ".class")).isNotNull();
    }
  }
}
