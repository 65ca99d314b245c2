package kaspeer.consensus;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import kaspeer.primitives.Block;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParamsOverride;
import kaspeer.primitives.json.JsonNode;
import kaspeer.primitives.json.RpcBlockJson;
import org.jspecify.annotations.Nullable;

/**
 * A file of blocks in the form of the conformance data (consensus reference 10.3).
 *
 * @param params devnet's, changed by the file's first line, with the file's genesis
 */
public record DagFile(Params params, List<Entry> entries) {
  /**
   * A block.
   *
   * @param rule the rule it breaks, null if it is valid
   * @param stage where it breaks it: {@code header}, {@code body}, {@code chain}
   * @param fate what becomes of it: {@code refused}, {@code invalid}, {@code disqualified}
   */
  public record Entry(
      Block block, @Nullable String rule, @Nullable String stage, @Nullable String fate) {}

  public List<Header> headers() {
    return entries.stream().map(entry -> entry.block.header()).toList();
  }

  /** Reads a file of the conformance data; the test is skipped if that is not here. */
  public static DagFile conformance(String relative) {
    return read(conformancePath(relative));
  }

  public static DagFile read(Path file) {
    try (BufferedReader lines = open(file)) {
      Params params =
          ParamsOverride.parse(Objects.requireNonNull(lines.readLine()))
              .apply(Params.of(Network.DEVNET));
      Block genesis = RpcBlockJson.parse(Objects.requireNonNull(lines.readLine()));
      List<Entry> entries = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode node = JsonNode.parse(line);
        entries.add(
            new Entry(
                RpcBlockJson.block(node),
                text(node, "rule"),
                text(node, "stage"),
                text(node, "fate")));
      }
      return new DagFile(TestParams.withGenesis(params, genesis), entries);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static @Nullable String text(JsonNode node, String name) {
    JsonNode value = node.find(name);
    return value == null ? null : value.asString();
  }

  /** Opens a text file, zipped or not. */
  public static BufferedReader open(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    return new BufferedReader(
        new InputStreamReader(
            file.toString().endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in,
            StandardCharsets.UTF_8));
  }

  /**
   * A path in the conformance data: from the system property, the environment, or a folder beside
   * one of those above.
   */
  public static Path conformancePath(String relative) {
    Path found = find(relative);
    assumeTrue(found != null, "no conformance data: set KASPEER_CONFORMANCE to its folder");
    return Objects.requireNonNull(found);
  }

  private static @Nullable Path find(String relative) {
    String set = System.getProperty("kaspeer.conformance", System.getenv("KASPEER_CONFORMANCE"));
    if (set != null) {
      return existing(Path.of(set, relative));
    }
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path found = existing(folder.resolve("shared/conformance").resolve(relative));
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable Path existing(Path file) {
    return Files.exists(file) ? file : null;
  }
}
