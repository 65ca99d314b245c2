package kaspeer.plugin.firewall;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules in a file, read anew when it changes. Safe from any thread. */
final class RuleFile {
  private static final int MAX_RULES = 256;

  /** Its state by which a change is seen. */
  private record Stamp(FileTime modified, long size) {}

  private final Path file;
  private @Nullable Stamp stamp;
  private List<Rule> rules = List.of();

  RuleFile(Path file) {
    this.file = file;
  }

  /** The rules that were read last. */
  synchronized List<Rule> rules() {
    return rules;
  }

  /**
   * Reads the file if it has changed, or is new. A file that is wrong changes no rule.
   *
   * @return whether it was read
   * @throws IllegalArgumentException saying what is wrong; once for each change
   */
  synchronized boolean refresh() {
    Stamp now = stamp();
    if (now.equals(stamp)) {
      return false;
    }
    stamp = now;
    rules = parse(file);
    return true;
  }

  private Stamp stamp() {
    try {
      return new Stamp(Files.getLastModifiedTime(file), Files.size(file));
    } catch (IOException e) {
      return new Stamp(FileTime.fromMillis(0), -1);
    }
  }

  private static List<Rule> parse(Path file) {
    try {
      Config written =
          ConfigFactory.parseFile(
              file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
      for (String key : written.root().keySet()) {
        if (!key.equals("rules") && !key.equals("dry-run")) {
          throw new IllegalArgumentException(file + " has an unknown key " + key);
        }
      }
      boolean dryRun = written.hasPath("dry-run") && written.getBoolean("dry-run");
      List<Rule> rules =
          written.getConfigList("rules").stream().map(rule -> Rule.of(rule, dryRun)).toList();
      Set<String> names = new HashSet<>();
      for (Rule rule : rules) {
        if (!names.add(rule.name())) {
          throw new IllegalArgumentException("two rules are called " + rule.name());
        }
      }
      if (rules.size() > MAX_RULES) {
        throw new IllegalArgumentException("more than " + MAX_RULES + " rules");
      }
      return rules;
    } catch (ConfigException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }
}
