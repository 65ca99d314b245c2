package kaspeer.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the documents show is what is compiled and tested here. */
final class DocumentsTest {
  @ParameterizedTest
  @CsvSource({
    "adding-a-flow.md, SonarFlow",
    "adding-a-flow.md, SonarFlowTest",
    "testkit.md, ScriptedPeerExampleTest"
  })
  void aDocumentShowsTheSourceWordForWord(String document, String source) throws IOException {
    String text = Files.readString(Path.of("../../docs").resolve(document));
    String code = Files.readString(Path.of("src/test/java/kaspeer/example", source + ".java"));
    assertThat(text).contains("```java\n" + code + "```\n");
  }
}
