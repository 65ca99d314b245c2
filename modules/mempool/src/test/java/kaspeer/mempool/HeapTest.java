package kaspeer.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes that a pool counts are bytes of heap: never less than there are, nor many more. */
class HeapTest {
  /** Of transactions that stand alone, and of families. */
  @ParameterizedTest(name = "building on others: {0}")
  @ValueSource(booleans = {false, true})
  void theHeapIsEstimatedWell(boolean chained) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                HeapProcess.class.getName(),
                Boolean.toString(chained))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(Double.parseDouble(printed.strip())).isBetween(1.0, 1.7);
  }
}
