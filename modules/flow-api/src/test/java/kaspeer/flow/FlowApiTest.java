package kaspeer.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What plug-ins are built against changes only when somebody says so: every public name, with its
 * types, stands in {@code api.txt}.
 */
final class FlowApiTest {
  private static final Path FILE = Path.of("api.txt");
  private static final Path CHANGELOG = Path.of("../../CHANGELOG.md");

  /** Set to true, the file is written anew. */
  private static final String UPDATE = "kaspeer.api.update";

  private static final String HOW =
      """
      The interface of flows is not what api.txt says. If that is meant:
        1. If anything was removed or changed (lines with -), or if plug-ins must now do something that they need not
           do before, raise FlowApi.VERSION: jars built for the old one are not loaded any more.
        2. mvn -pl modules/flow-api test -Dtest=FlowApiTest -Dkaspeer.api.update=true
        3. Say so in CHANGELOG.md, under "Flow API <version>".
      """;

  @Test
  void theInterfaceIsWhatWasAnnounced() throws Exception {
    Set<String> now = signatures();
    Set<String> announced = Files.exists(FILE) ? lines() : Set.of();
    Set<String> gone = without(announced, now);
    Set<String> added = without(now, announced);
    if (Boolean.getBoolean(UPDATE)) {
      assertThat(gone.isEmpty() || !announced.contains(version()))
          .as("without another FlowApi.VERSION nothing may go:\n%s", text("-", gone))
          .isTrue();
      Files.write(FILE, now);
      return;
    }
    assertThat(gone.isEmpty() && added.isEmpty())
        .as("%s\n%s%s", HOW, text("-", gone), text("+", added))
        .isTrue();
  }

  @Test
  void theChangelogNamesTheVersion() throws IOException {
    assertThat(Files.readString(CHANGELOG)).contains("Flow API " + FlowApi.VERSION);
  }

  private static String version() {
    return "# Flow API " + FlowApi.VERSION;
  }

  private static Set<String> lines() throws IOException {
    return new LinkedHashSet<>(Files.readAllLines(FILE));
  }

  private static Set<String> without(Collection<String> all, Collection<String> some) {
    Set<String> rest = new LinkedHashSet<>(all);
    rest.removeAll(some);
    return rest;
  }

  private static String text(String sign, Collection<String> lines) {
    return lines.stream().map(line -> sign + " " + line + "\n").collect(Collectors.joining());
  }

  /** The version, and a line for each public type and member, in order. */
  private static Set<String> signatures() throws Exception {
    Set<String> all = new LinkedHashSet<>();
    all.add(version());
    for (Class<?> type : types()) {
      all.add(declaration(type));
      members(type).forEach(member -> all.add("  " + member));
    }
    return all;
  }

  private static List<Class<?>> types() throws Exception {
    Path root = root();
    List<Class<?>> types = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root.resolve("kaspeer/flow"))) {
      for (Path file : files.sorted().toList()) {
        String name = root.relativize(file).toString().replace('/', '.').replace('\\', '.');
        if (name.endsWith(".class") && !name.endsWith("package-info.class")) {
          Class<?> type =
              Class.forName(
                  name.substring(0, name.length() - ".class".length()),
                  false,
                  FlowApiTest.class.getClassLoader());
          if (isPublic(type)) {
            types.add(type);
          }
        }
      }
    }
    return types;
  }

  private static Path root() throws URISyntaxException {
    return Path.of(FlowApi.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static boolean isPublic(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        && !type.isAnonymousClass()
        && (type.getDeclaringClass() == null || isPublic(type.getDeclaringClass()));
  }

  private static String declaration(Class<?> type) {
    String kind =
        type.isRecord()
            ? "record"
            : type.isEnum() ? "enum" : type.isInterface() ? "interface" : "class";
    StringBuilder text = new StringBuilder(type.isSealed() ? "sealed " : "").append(kind);
    text.append(' ').append(type.toGenericString().replaceAll(".* ", ""));
    if (type.isRecord()) {
      text.append(
          Arrays.stream(type.getRecordComponents())
              .map(FlowApiTest::component)
              .collect(Collectors.joining(", ", "(", ")")));
    }
    Type[] above = type.getGenericInterfaces();
    if (above.length > 0) {
      text.append(
          Arrays.stream(above)
              .map(Type::getTypeName)
              .collect(Collectors.joining(", ", type.isInterface() ? " extends " : " : ", "")));
    }
    return text.toString();
  }

  private static String component(RecordComponent component) {
    return component.getGenericType().getTypeName() + " " + component.getName();
  }

  /** What every record and every enum has. */
  private static boolean goesWithoutSaying(Class<?> type, Method method) {
    return type.isRecord() && Set.of("equals", "hashCode", "toString").contains(method.getName())
        || type.isEnum() && Set.of("values", "valueOf").contains(method.getName());
  }

  private static Set<String> members(Class<?> type) {
    Set<String> members = new TreeSet<>();
    for (Field field : type.getDeclaredFields()) {
      if (Modifier.isPublic(field.getModifiers()) && !field.isSynthetic()) {
        members.add(field.toGenericString());
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (Modifier.isPublic(constructor.getModifiers()) && !constructor.isSynthetic()) {
        members.add(constructor.toGenericString());
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers())
          && !method.isSynthetic()
          && !goesWithoutSaying(type, method)) {
        members.add(method.toGenericString());
      }
    }
    return members;
  }
}
