package kaspeer.node.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import kaspeer.admin.HostPort;
import kaspeer.primitives.Printable;
import org.jspecify.annotations.Nullable;

/**
 * What was set and where: the command line goes before the environment, that before the file, and
 * whatever none of them sets has its default.
 *
 * @param values by option; those that were not set are missing
 * @param pekko settings for the actor system from the file; empty if there are none
 */
record Settings(Map<Option, Setting> values, Config pekko) {
  private static final String ROOT = "kaspeer";
  private static final String PEKKO = "pekko";
  private static final String VARIABLES = "KASPEER_";

  /**
   * @param source how a person calls the place, such as {@code --out-peers}
   */
  record Setting(List<String> values, String source) {
    Setting {
      values = List.copyOf(values);
    }

    String single() {
      if (values.size() != 1) {
        throw new ConfigException(source + " takes one value, not " + values.size());
      }
      return values.getFirst();
    }

    /** What to throw at a value that is something else than it must be. */
    ConfigException wrong(String value, String expected) {
      String shown = value.length() > 80 ? value.substring(0, 80) + "…" : value;
      return new ConfigException(source + ": '" + Printable.line(shown) + "' is not " + expected);
    }

    /**
     * One of the values as an address.
     *
     * @param defaultPort when it names none; negative if it must
     */
    HostPort address(String value, int defaultPort) {
      try {
        return HostPort.parse(value, defaultPort);
      } catch (IllegalArgumentException e) {
        throw new ConfigException(source + ": " + e.getMessage(), e);
      }
    }

    /** Likewise, as an address that can be dialled. */
    HostPort dialable(String value, int defaultPort) {
      HostPort address = address(value, defaultPort);
      if (address.port() == 0) {
        throw wrong(value, "an address with a port from 1 on");
      }
      return address;
    }

    /** The one value as a path; a tilde at its beginning is the user's home. */
    Path path() {
      String text = single();
      try {
        if (text.isBlank()) {
          throw wrong(text, "a path");
        }
        String home =
            text.equals("~") || text.startsWith("~/")
                ? System.getProperty("user.home") + text.substring(1)
                : text;
        return Path.of(home);
      } catch (InvalidPathException e) {
        throw new ConfigException(source + ": " + e.getMessage(), e);
      }
    }
  }

  /**
   * Brings the places together.
   *
   * @param commandLine by option
   * @param file given on the command line, or null
   */
  static Settings gather(
      Map<Option, List<String>> commandLine, @Nullable Path file, Map<String, String> environment) {
    Map<Option, Setting> values = new EnumMap<>(Option.class);
    Config pekko = ConfigFactory.empty();
    Path path = file != null ? file : fromEnvironment(environment);
    if (path != null) {
      Config parsed = parse(path);
      values.putAll(fromFile(parsed));
      pekko = pekko(parsed);
    }
    requireKnown(environment);
    for (Option option : Option.values()) {
      String variable = environment.getOrDefault(option.variable(), "").strip();
      if (!variable.isEmpty()) {
        List<String> parts =
            option.isList() ? List.of(variable.split("\\s*,\\s*", -1)) : List.of(variable);
        values.put(option, new Setting(parts, option.variable()));
      }
      if (commandLine.containsKey(option)) {
        values.put(option, new Setting(commandLine.getOrDefault(option, List.of()), option.flag()));
      }
    }
    return new Settings(values, pekko);
  }

  /**
   * A variable that is meant to be ours is spelt as it should be. Whatever else begins like ours is
   * other people's: Kubernetes makes such variables of a service's name.
   */
  private static void requireKnown(Map<String, String> environment) {
    Map<String, String> byLetters = new HashMap<>();
    for (Option option : Option.values()) {
      byLetters.put(letters(option.variable()), option.variable());
    }
    byLetters.put(letters(Option.CONFIG_VARIABLE), Option.CONFIG_VARIABLE);
    environment.forEach(
        (name, value) -> {
          String meant = name.startsWith(VARIABLES) ? byLetters.get(letters(name)) : null;
          if (meant != null && !meant.equals(name) && !value.isBlank()) {
            throw new ConfigException(
                "unknown environment variable " + name + ": did you mean " + meant + "?");
          }
        });
  }

  private static String letters(String variable) {
    return variable.replace("_", "").toUpperCase(Locale.ROOT);
  }

  private static Config pekko(Config file) {
    ConfigValue value = file.root().get(PEKKO);
    if (value == null) {
      return ConfigFactory.empty();
    }
    if (value instanceof ConfigObject block) {
      return block.toConfig();
    }
    throw new ConfigException("'pekko' in " + value.origin().description() + " is not a block");
  }

  Optional<Setting> get(Option option) {
    return Optional.ofNullable(values.get(option));
  }

  boolean isSet(Option option) {
    return values.containsKey(option);
  }

  /** If the option was set, that is an error, for this reason. */
  void refuse(Option option, String why) {
    Setting setting = values.get(option);
    if (setting != null) {
      throw new ConfigException(setting.source() + " " + why);
    }
  }

  private static @Nullable Path fromEnvironment(Map<String, String> environment) {
    String named = environment.getOrDefault(Option.CONFIG_VARIABLE, "").strip();
    return named.isEmpty() ? null : new Setting(List.of(named), Option.CONFIG_VARIABLE).path();
  }

  private static Config parse(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new ConfigException("configuration file " + file + " cannot be read");
    }
    try {
      return ConfigFactory.parseFile(
              file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
          .resolve();
    } catch (com.typesafe.config.ConfigException e) {
      throw new ConfigException("configuration file " + e.getMessage(), e);
    }
  }

  /** The options of a file, which stand under {@code kaspeer} or at the top. */
  private static Map<Option, Setting> fromFile(Config file) {
    Map<Option, Setting> values = new EnumMap<>(Option.class);
    for (Map.Entry<String, ConfigValue> entry : file.root().entrySet()) {
      if (entry.getKey().equals(ROOT) && entry.getValue() instanceof ConfigObject block) {
        block.forEach((key, value) -> add(values, key, value));
      } else if (!entry.getKey().equals(PEKKO)) {
        add(values, entry.getKey(), entry.getValue());
      }
    }
    return values;
  }

  private static void add(Map<Option, Setting> values, String key, ConfigValue value) {
    String place = "'" + key + "' in " + value.origin().description();
    Option option =
        Option.ofKey(key)
            .orElseThrow(() -> new ConfigException("unknown key " + place + closest(key)));
    Setting setting = new Setting(strings(option, value, place), place);
    if (values.put(option, setting) != null) {
      throw new ConfigException(place + " is there twice: under " + ROOT + " and outside of it");
    }
  }

  private static List<String> strings(Option option, ConfigValue value, String place) {
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> List.of(value.unwrapped().toString());
      case LIST -> {
        if (!option.isList() || !(value instanceof com.typesafe.config.ConfigList list)) {
          throw new ConfigException(place + " takes one value, not a list");
        }
        List<String> strings = new ArrayList<>();
        for (ConfigValue element : list) {
          if (element.valueType() != ConfigValueType.STRING) {
            throw new ConfigException(place + " is a list of strings");
          }
          strings.add(element.unwrapped().toString());
        }
        yield strings;
      }
      case OBJECT, NULL -> throw new ConfigException(place + " is not a value");
    };
  }

  /** A word of help for a misspelt key. */
  private static String closest(String key) {
    String plain = key.replaceAll("[^a-zA-Z]", "").toLowerCase(Locale.ROOT);
    for (Option option : Option.values()) {
      if (option.key().replace("-", "").equals(plain)) {
        return ": did you mean '" + option.key() + "'?";
      }
    }
    return "";
  }
}
