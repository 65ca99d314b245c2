package kaspeer.conformance.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/**
 * One message as kaspad wrote it.
 *
 * <p>As a file: a line for each hash that kaspad used for something in it, in the order of those
 * things, then the bytes, as hex.
 *
 * @param name payload type and a number
 * @param hashes of the blocks or transactions in it, by which kaspad asked for, announced or listed
 *     them; empty if there are none
 * @param bytes the envelope in protobuf
 */
record GoldenMessage(String name, List<String> hashes, byte[] bytes) {
  private static final String FOLDER = "/golden";
  private static final String HASH = "hash ";
  private static final int LINE = 128;

  static List<GoldenMessage> all() {
    try {
      URL url = Objects.requireNonNull(GoldenMessage.class.getResource(FOLDER), FOLDER);
      try (Stream<Path> files = Files.list(Path.of(url.toURI()))) {
        return files.sorted().map(GoldenMessage::read).toList();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static GoldenMessage read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      List<String> hashes =
          lines.stream()
              .filter(line -> line.startsWith(HASH))
              .map(line -> line.substring(HASH.length()))
              .toList();
      String hex = String.join("", lines.subList(hashes.size(), lines.size()));
      String name = file.getFileName().toString().replace(".hex", "");
      return new GoldenMessage(name, hashes, HexFormat.of().parseHex(hex));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(Path folder) throws IOException {
    StringBuilder text = new StringBuilder();
    hashes.forEach(hash -> text.append(HASH).append(hash).append('\n'));
    String hex = HexFormat.of().formatHex(bytes);
    for (int at = 0; at < hex.length(); at += LINE) {
      text.append(hex, at, Math.min(hex.length(), at + LINE)).append('\n');
    }
    Files.writeString(folder.resolve(name + ".hex"), text);
  }

  static String name(PayloadCase payload, int number) {
    return "%02d-%s-%d"
        .formatted(payload.getNumber(), payload.name().toLowerCase(Locale.ROOT), number);
  }

  @Override
  public String toString() {
    return name;
  }
}
