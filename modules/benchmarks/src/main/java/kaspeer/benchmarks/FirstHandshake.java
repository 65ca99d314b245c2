package kaspeer.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.KaspadBinary;
import kaspeer.testkit.node.KaspeerNode;
import kaspeer.testkit.peer.PeerLab;

/** From the start of the process, on an empty data folder, to the end of the first handshake. */
public final class FirstHandshake {
  private static final int TURNS = 5;

  private FirstHandshake() {}

  public static void main(String[] args) throws IOException {
    Path binary = KaspadBinary.require();
    Path folder = Files.createTempDirectory("kaspeer-start");
    for (int turn = 0; turn < TURNS; turn++) {
      Path data = folder.resolve("kaspad-" + turn);
      int port = Kaspad.freePort();
      double theirs =
          time(
              port,
              List.of(
                  binary.toString(),
                  "--simnet",
                  "--appdir=" + data,
                  "--listen=127.0.0.1:" + port,
                  "--rpclisten=127.0.0.1:" + Kaspad.freePort(),
                  "--disable-upnp",
                  "--nodnsseed",
                  "--nologfiles",
                  "--yes"));
      port = Kaspad.freePort();
      double ours =
          time(
              port,
              List.of(
                  KaspeerNode.launcher().toString(),
                  "run",
                  "--network",
                  "simnet",
                  "--data-dir",
                  folder.resolve("kaspeer-" + turn).toString(),
                  "--listen",
                  "127.0.0.1:" + port,
                  "--admin",
                  "127.0.0.1:" + Kaspad.freePort()));
      System.out.printf(
          Locale.ROOT,
          "start to first handshake: kaspad %.2f s, kaspeer %.2f s, ratio %.1f%n",
          theirs,
          ours,
          ours / theirs);
    }
  }

  private static double time(int port, List<String> command) throws IOException {
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(new ArrayList<>(command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (PeerLab lab = new PeerLab()) {
      while (true) {
        try {
          lab.join(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
          return (System.nanoTime() - start) / 1e9;
        } catch (UncheckedIOException e) {
          if (!process.isAlive()) {
            throw e;
          }
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
      }
    } finally {
      process.destroy();
      process.onExit().join();
    }
  }
}
