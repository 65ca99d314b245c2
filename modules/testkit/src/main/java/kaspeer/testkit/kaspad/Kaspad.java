package kaspeer.testkit.kaspad;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running kaspad on simnet. Its ports are free ones, its data is where the caller says. */
public final class Kaspad implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  private final Process process;
  private final Path log;
  private final int p2pPort;
  private final KaspadRpc rpc;

  private Kaspad(Process process, Path log, int p2pPort, KaspadRpc rpc) {
    this.process = process;
    this.log = log;
    this.p2pPort = p2pPort;
    this.rpc = rpc;
  }

  /**
   * Starts it and waits until its RPC answers.
   *
   * @param appDir where it keeps its data and the log {@code kaspad.log}
   * @param connect addresses to dial, and to dial only, when there are any
   */
  public static Kaspad start(
      Path binary, Path appDir, List<InetSocketAddress> connect, String... more) {
    List<String> options = new ArrayList<>(List.of(more));
    options.add("--utxoindex"); // wallets of tests look their coins up by address
    return startPlain(binary, appDir, connect, options.toArray(new String[0]));
  }

  /** Like {@link #start}, without the index of coins by address: for measurements. */
  public static Kaspad startPlain(
      Path binary, Path appDir, List<InetSocketAddress> connect, String... more) {
    int p2p = freePort();
    int json = freePort();
    List<String> command =
        new ArrayList<>(
            List.of(
                binary.toString(),
                "--simnet",
                "--appdir=" + appDir,
                "--rpclisten=127.0.0.1:" + freePort(),
                "--rpclisten-json=127.0.0.1:" + json,
                "--listen=127.0.0.1:" + p2p,
                "--disable-upnp",
                "--nodnsseed",
                "--nologfiles",
                "--yes",
                "--unsaferpc",
                "--enable-unsynced-mining"));
    for (InetSocketAddress address : connect) {
      command.add("--connect=" + address.getHostString() + ":" + address.getPort());
    }
    command.addAll(List.of(more));
    try {
      Files.createDirectories(appDir);
      Path log = appDir.resolve("kaspad.log");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      try {
        return new Kaspad(process, log, p2p, KaspadRpc.await(json, START_LIMIT, process));
      } catch (RuntimeException e) {
        process.destroyForcibly();
        throw new IllegalStateException("kaspad did not start, see " + log, e);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A port that nothing listens on now. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public KaspadRpc rpc() {
    return rpc;
  }

  /** Where it listens for peers (nothing does when it was told to connect only). */
  public InetSocketAddress p2pAddress() {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), p2pPort);
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** All it has logged. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How long its log is, in bytes: where to go on reading with {@link #logFrom}. */
  public long logSize() {
    return log.toFile().length();
  }

  /** What it has logged after the first {@code offset} bytes. */
  public String logFrom(long offset) {
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
      ByteBuffer rest = ByteBuffer.allocate(Math.toIntExact(channel.size() - offset));
      channel.position(offset);
      while (rest.hasRemaining() && channel.read(rest) >= 0) {}
      return StandardCharsets.UTF_8.decode(rest.flip()).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops it as Ctrl-C does, and waits. */
  @Override
  public void close() {
    rpc.close();
    process.destroy();
    try {
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
