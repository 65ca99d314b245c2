package kaspeer.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  private static final String CLEAR = "\r\u001b[2K";

  /** Cut, not wrapped, where the terminal is narrow. */
  private static final String HALF = "\u001b[?7l50 %\u001b[?7h";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void onATerminalLinesGoAboveTheStatus() {
    Console console = new Console(out, true);
    console.status("50 %");
    console.println("an event");
    console.status("");
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo(CLEAR + HALF + CLEAR + "an event" + System.lineSeparator() + HALF + CLEAR);
  }

  @Test
  void theSameStatusIsNotWrittenAgain() {
    Console console = new Console(out, true);
    console.status("50 %");
    int before = bytes.size();
    console.status("50 %");
    assertThat(bytes.size()).isEqualTo(before);
  }

  @Test
  void elsewhereThereIsNoStatus() {
    Console console = new Console(out, false);
    console.status("50 %");
    console.println("an event");
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo("an event" + System.lineSeparator());
  }
}
