package kaspeer.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import kaspeer.node.config.NodeConfig.LogLevel;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LoggingTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void anEventIsOneLineWhateverIsInIt() {
    Logging.setUp(LogLevel.INFO, out);
    LoggerFactory.getLogger("kaspeer.some.Part")
        .warn(
            "peer says {}",
            "a\nb\u001b[31m",
            new IllegalStateException("why\nnot", new RuntimeException("deeper")));
    String text = out.toString(StandardCharsets.UTF_8);
    assertThat(text.lines()).hasSize(1);
    assertThat(text)
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z WARN  kaspeer\\.some\\.Part peer says a \\| b\\?\\[31m .*\\R")
        .contains("IllegalStateException")
        .contains("deeper");
  }

  @Test
  void noControlsOfATerminalReachIt() {
    Logging.setUp(LogLevel.INFO, out);
    LoggerFactory.getLogger("kaspeer.some.Part").warn("peer says {}", "a\u009b2J\u202eb\u2028c");
    assertThat(out.toString(StandardCharsets.UTF_8)).endsWith(" peer says a?2J?b?c" + "\n");
  }

  @Test
  void theLevelIsOursAndLibrariesSpeakUpFromWarningsOn() {
    Logging.setUp(LogLevel.DEBUG, out);
    LoggerFactory.getLogger("kaspeer.x").debug("ours");
    LoggerFactory.getLogger("io.other").info("theirs");
    LoggerFactory.getLogger("io.other").warn("alarm");
    LoggerFactory.getLogger("kaspeer.x").trace("too much");
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("ours")
        .contains("alarm")
        .doesNotContain("theirs")
        .doesNotContain("too much");
  }
}
