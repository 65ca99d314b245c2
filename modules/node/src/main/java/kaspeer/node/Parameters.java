package kaspeer.node;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import kaspeer.node.config.ConfigException;
import kaspeer.node.config.NodeConfig;
import kaspeer.primitives.InvalidParamsException;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParamsOverride;
import kaspeer.primitives.json.JsonException;

/** The consensus parameters a node runs with. */
final class Parameters {
  /** The whole of kaspad's parameters takes a few kilobytes. */
  private static final long MAX_FILE = 1 << 20;

  private static final String OPTION = "--override-params: ";

  private Parameters() {}

  /**
   * Those of the network, with what the override file changes.
   *
   * @throws ConfigException if the file cannot be read or makes no sense
   */
  static Params of(NodeConfig config) {
    Params params = Params.of(config.network());
    Path file = config.overrideParams();
    return file == null ? params : override(params, file);
  }

  private static Params override(Params params, Path file) {
    try {
      if (Files.size(file) > MAX_FILE) {
        throw new ConfigException(OPTION + file + " has more than " + MAX_FILE + " bytes");
      }
      return ParamsOverride.parse(Files.readString(file)).apply(params);
    } catch (NoSuchFileException e) {
      throw new ConfigException(OPTION + "there is no file " + file, e);
    } catch (CharacterCodingException e) {
      throw new ConfigException(OPTION + file + " is not UTF-8", e);
    } catch (AccessDeniedException e) {
      throw new ConfigException(OPTION + "no permission to read " + file, e);
    } catch (IOException e) {
      throw new ConfigException(OPTION + file + " cannot be read: " + e.getMessage(), e);
    } catch (InvalidParamsException | JsonException e) {
      throw new ConfigException(OPTION + file + ": " + e.getMessage(), e);
    }
  }
}
