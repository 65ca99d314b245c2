package kaspeer.node.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import kaspeer.admin.HostPort;
import org.jspecify.annotations.Nullable;

/**
 * Where a node is that runs with these settings, as far as that was told: for those who ask it
 * things. The other settings are not looked at.
 *
 * @param admin its admin endpoint; port 0 if that cannot be told
 * @param isNamed whether somebody named the endpoint; else it follows from the network
 */
public record NodePlace(Path dataDir, HostPort admin, boolean isNamed) {
  /**
   * What the places where a node takes its settings from say together.
   *
   * @param commandLine values by option, for those given
   * @param file configuration file given on the command line, or null
   * @param environment all variables
   * @throws ConfigException if it makes no sense
   */
  public static NodePlace find(
      Map<Option, List<String>> commandLine, @Nullable Path file, Map<String, String> environment) {
    return new ConfigReader(Settings.gather(commandLine, file, environment)).place();
  }
}
