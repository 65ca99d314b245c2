package kaspeer.conformance.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.KaspadBinary;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerListener;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.testkit.peer.ScriptedPeer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Records {@code src/test/resources/golden-frames} anew: the first frames that a kaspad sends to
 * whom it dials, compressed as it compresses them, when the other side speaks protocol 10 or 11. A
 * line for each, as hex. Run by name only, as {@link GoldenRecorder}.
 */
final class FrameRecorder {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Path TARGET = Path.of("src/test/resources/golden-frames");

  @ParameterizedTest
  @ValueSource(ints = {10, 11})
  void recordsAHandshake(int version, @TempDir Path folder) throws IOException {
    Path binary = KaspadBinary.require();
    try (PeerLab lab = new PeerLab();
        PeerListener listener = lab.listen(PeerOptions.DEFAULT.withoutReading());
        FrameTap tap = new FrameTap(listener.address());
        Kaspad kaspad = Kaspad.start(binary, folder, List.of(tap.address()))) {
      ScriptedPeer peer = listener.accept(SOON);
      peer.reading(true);
      peer.handshake(lab.identity(version).toWire());
      peer.expectPong(SOON);
      assertThat(kaspad.rpc().sink()).isNotEmpty();
      List<String> lines = tap.frames().stream().limit(3).map(HexFormat.of()::formatHex).toList();
      Files.createDirectories(TARGET);
      Files.write(TARGET.resolve(version + "-handshake.hex"), lines);
    }
  }
}
