package kaspeer.node;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import kaspeer.node.config.NodeConfig;
import kaspeer.primitives.InvalidParamsException;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParamsOverride;
import kaspeer.primitives.json.JsonException;

/** The consensus parameters a node runs with. */
final class Parameters {
  /** The whole of kaspad's parameters takes a few kilobytes. */
  private static final long MAX_FILE = 1 << 20;

  private Parameters() {}

  /**
   * Those of the network, with what the override file changes.
   *
   * @throws StartException if the file cannot be read or makes no sense
   */
  static Params of(NodeConfig config) throws StartException {
    Params params = Params.of(config.network());
    Path file = config.overrideParams();
    return file == null ? params : override(params, file);
  }

  private static Params override(Params params, Path file) throws StartException {
    try {
      if (Files.size(file) > MAX_FILE) {
        throw new StartException(
            "override parameters: " + file + " has more than " + MAX_FILE + " bytes", null);
      }
      return ParamsOverride.parse(Files.readString(file)).apply(params);
    } catch (NoSuchFileException e) {
      throw new StartException("override parameters: there is no file " + file, e);
    } catch (CharacterCodingException e) {
      throw new StartException("override parameters: " + file + " is not UTF-8", e);
    } catch (IOException e) {
      throw new StartException(
          "override parameters: " + file + " cannot be read: " + e.getMessage(), e);
    } catch (InvalidParamsException | JsonException e) {
      throw new StartException("override parameters: " + file + ": " + e.getMessage(), e);
    }
  }
}
