package kaspeer.node.config;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import kaspeer.node.config.NodeConfig.Plugins;
import kaspeer.node.config.Settings.Setting;

/** Reads which plug-ins to load. */
final class PluginReader {
  private static final int MAX_PLUGINS = 64;

  private final Settings settings;
  private final Path dataDir;

  PluginReader(Settings settings, Path dataDir) {
    this.settings = settings;
    this.dataDir = dataDir;
  }

  Plugins read() {
    Optional<Setting> directory = settings.get(Option.PLUGIN_DIR);
    Set<String> names = settings.get(Option.PLUGIN).map(PluginReader::names).orElse(Set.of());
    if (directory.isPresent() && names.isEmpty()) {
      throw new ConfigException(
          directory.get().source()
              + " has no effect without "
              + Option.PLUGIN.flag()
              + ", which names the plug-ins to load from there");
    }
    return new Plugins(
        directory.map(Setting::path).orElseGet(() -> dataDir.resolve(Plugins.FOLDER)), names);
  }

  private static Set<String> names(Setting setting) {
    Set<String> names = new LinkedHashSet<>();
    for (String name : setting.values()) {
      if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}") || name.endsWith(".jar")) {
        throw setting.wrong(name, "the name of a jar without .jar");
      }
      if (!names.add(name)) {
        throw new ConfigException(setting.source() + " names " + name + " twice");
      }
    }
    if (names.isEmpty() || names.size() > MAX_PLUGINS) {
      throw new ConfigException(setting.source() + " takes 1 to " + MAX_PLUGINS + " names");
    }
    return names;
  }
}
