package kaspeer.node.log;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Standard output with one line at its end that changes in place, if it is a terminal. Whatever
 * else is written goes above that line.
 */
public final class Console extends OutputStream {
  private static final String CLEAR = "\r\u001b[2K";

  /** A line that is wider than the terminal is cut: one that wrapped could not be cleared. */
  private static final String NO_WRAP = "\u001b[?7l";

  private static final String WRAP = "\u001b[?7h";

  private final PrintStream out;
  private final boolean terminal;
  private String status = "";

  /**
   * @param terminal whether a person looks at it, on something that can clear a line
   */
  Console(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** This process's standard output. */
  public static Console standard() {
    boolean dumb = "dumb".equals(System.getenv("TERM"));
    return new Console(
        System.out,
        System.console() instanceof java.io.Console console && console.isTerminal() && !dumb);
  }

  /** Standard output without a line that changes. */
  public static Console plain() {
    return new Console(System.out, false);
  }

  public boolean isTerminal() {
    return terminal;
  }

  /** Shows this at the end from now on; nothing if it is empty. Does nothing where nobody looks. */
  public synchronized void status(String text) {
    if (terminal && !text.equals(status)) {
      status = text;
      print(CLEAR + shown());
      out.flush();
    }
  }

  /** Writes a line above the status. */
  public void println(String line) {
    byte[] bytes = (line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8);
    write(bytes, 0, bytes.length);
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    if (!status.isEmpty()) {
      print(CLEAR);
    }
    out.write(bytes, offset, length);
    print(shown());
    out.flush();
  }

  private String shown() {
    return status.isEmpty() ? "" : NO_WRAP + status + WRAP;
  }

  @Override
  public void flush() {
    out.flush();
  }

  private void print(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
  }
}
