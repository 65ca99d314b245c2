package kaspeer.node.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void columnsAreAsWideAsTheyNeedToBe() {
    assertThat(print(new TextTable("A", "LONG HEAD", "C").row("wide cell", 7, "x")).lines())
        .containsExactly("A          LONG HEAD  C", "wide cell  7          x");
  }

  @Test
  void whatCouldMoveTheCursorIsTakenOut() {
    assertThat(print(new TextTable("A").row("\u001b[2Jx\r\ny"))).contains("?[2Jx??y");
  }

  @Test
  void soIsWhatOnlySomeTerminalsTakeForACommandAndWhatTurnsTextAround() {
    assertThat(print(new TextTable("A").row("x\u009b2J\u202ey\u2028z"))).contains("x?2J?y?z");
  }

  private static String print(TextTable table) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    table.print(out);
    out.flush();
    return text.toString();
  }
}
