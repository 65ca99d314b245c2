package kaspeer.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The program in a JVM of its own, as the launcher starts it. */
public final class ChildProcess implements AutoCloseable {
  /** A machine that has other things to do may take long. */
  static final Duration LIMIT = Duration.ofMinutes(2);

  private final Process process;
  private final Path out;
  private final Path err;

  private ChildProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * @param dir for what it writes to its standard output and error
   */
  public static ChildProcess start(Path dir, String... arguments) throws IOException {
    return start(dir, List.of(), arguments);
  }

  /**
   * @param dir as above
   * @param jvm more options of the JVM
   */
  static ChildProcess start(Path dir, List<String> jvm, String... arguments) throws IOException {
    Path out = Files.createTempFile(dir, "out", ".txt");
    Path err = Files.createTempFile(dir, "err", ".txt");
    ProcessBuilder builder =
        builder(arguments).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.command().addAll(1, jvm);
    return new ChildProcess(builder.start(), out, err);
  }

  /** Of a process that is yet to be told where its output goes. */
  static ProcessBuilder builder(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseCompactObjectHeaders",
                "-XX:TieredStopAtLevel=1",
                "-Xmx384m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("KASPEER_"));
    return builder;
  }

  String out() throws IOException {
    return Files.readString(out, StandardCharsets.UTF_8);
  }

  List<String> errLines() throws IOException {
    return Files.readString(err, StandardCharsets.UTF_8).lines().toList();
  }

  /** Waits until it is so, or the process has ended. */
  public void await(String what, BooleanSupplier so) throws IOException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!so.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new AssertionError("never " + what + "; it said:\n" + out() + "\n" + errLines());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  /** Waits until this stands in its output. */
  public void awaitOutput(String text) throws IOException {
    await("'" + text + "'", () -> contains(text));
  }

  private boolean contains(String text) {
    try {
      return out().contains(text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The files that it has mapped into its memory, by {@code /proc}. */
  Set<Path> mappedFiles() throws IOException {
    try (Stream<String> maps =
        Files.lines(Path.of("/proc", Long.toString(process.pid()), "maps"))) {
      return maps.filter(line -> line.contains("/"))
          .map(line -> Path.of(line.substring(line.indexOf('/'))))
          .collect(Collectors.toSet());
    }
  }

  /** Its exit code. */
  public int awaitEnd() throws InterruptedException {
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end");
    }
    return process.exitValue();
  }

  /** Sends SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** As {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitEnd();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
