package kaspeer.conformance.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import kaspeer.testkit.node.KaspeerNode;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files below {@code deploy/}, and YAML as plain maps and lists. */
public final class DeployFiles {
  /** The folder {@code deploy}. */
  public static final Path FOLDER = Objects.requireNonNull(KaspeerNode.launcher().getParent());

  private DeployFiles() {}

  static String text(String name) {
    try {
      return Files.readString(FOLDER.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<String, Object> yaml(String name) {
    return map(parser().load(text(name)));
  }

  /** Every document of a text. */
  static List<Map<String, Object>> documents(String text) {
    List<Map<String, Object>> documents = new ArrayList<>();
    for (Object document : parser().loadAll(text)) {
      if (document != null) {
        documents.add(map(document));
      }
    }
    return documents;
  }

  private static Yaml parser() {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    return new Yaml(new SafeConstructor(options));
  }

  /** What is at the end of a path of names; an error if something on the way is missing. */
  static Object at(Map<String, Object> map, String... path) {
    Object here = map;
    for (String name : path) {
      here = map(here).get(name);
      if (here == null) {
        throw new AssertionError(String.join(".", path) + ": no " + name);
      }
    }
    return here;
  }

  @SuppressWarnings("unchecked") // Keys of YAML maps are strings here; if not, the test fails.
  static Map<String, Object> map(@Nullable Object value) {
    return (Map<String, Object>) Objects.requireNonNull(value);
  }

  static List<Object> list(Object value) {
    return List.copyOf((List<?>) value);
  }

  static List<Map<String, Object>> maps(Object value) {
    return list(value).stream().map(DeployFiles::map).toList();
  }

  static List<String> strings(Object value) {
    return list(value).stream().map(String::valueOf).toList();
  }

  static List<Path> files(String folder, String ending) {
    try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
