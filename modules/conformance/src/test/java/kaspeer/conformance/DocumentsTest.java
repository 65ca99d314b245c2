package kaspeer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kaspeer.conformance.deploy.DeployFiles;
import kaspeer.node.config.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents name is there, and their lines are short enough to be read as they are. */
final class DocumentsTest {
  private static final Path ROOT = Objects.requireNonNull(DeployFiles.FOLDER.getParent());
  private static final int LONGEST_LINE = 124;

  /** Paths of this tree as documents write them: {@code deploy/image}, {@code docs/testkit.md}. */
  private static final Pattern NAMED =
      Pattern.compile("(?<![\\w/$:.~-])(?:deploy|docs|modules|proto|\\.ci)/[\\w./-]*[\\w/-]");

  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");
  private static final Pattern KEY =
      Pattern.compile("^\\| `([a-z-]+)` \\| .* \\| .* \\|$", Pattern.MULTILINE);

  static List<Path> documents() throws IOException {
    try (Stream<Path> root = Files.list(ROOT);
        Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(root, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  private static List<String> found(Pattern pattern, int group, String text) {
    return pattern.matcher(text).results().map((MatchResult found) -> found.group(group)).toList();
  }

  @Test
  void thereAreDocuments() throws IOException {
    assertThat(documents()).hasSizeGreaterThanOrEqualTo(7);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void noLineIsTooLong(Path document) throws IOException {
    assertThat(Files.readAllLines(document)).allMatch(line -> line.length() <= LONGEST_LINE);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyLinkLeadsSomewhere(Path document) throws IOException {
    assertThat(found(LINK, 1, Files.readString(document)))
        .allSatisfy(link -> assertThat(document.resolveSibling(link)).exists());
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyFileOfThisTreeThatIsNamedIsThere(Path document) throws IOException {
    assertThat(found(NAMED, 0, Files.readString(document)))
        // Of what is made there, and of names with a part to be filled in.
        .filteredOn(name -> !name.startsWith("deploy/run") && !name.endsWith("/X"))
        .filteredOn(name -> !name.endsWith("-") && !name.contains("/target/"))
        .allSatisfy(name -> assertThat(ROOT.resolve(name)).exists());
  }

  /** One row for each key that there is. */
  @Test
  void readmeHasEveryKeyOfTheConfigurationFile() throws IOException {
    assertThat(found(KEY, 1, Files.readString(ROOT.resolve("README.md"))))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Option.values()).map(Option::key).toList());
  }
}
