package kaspeer.testkit.plugin;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import kaspeer.flow.FlowApi;
import kaspeer.testkit.Folders;

/** A jar of a plug-in, made from source text as a plug-in's build would. */
public final class PluginJar {
  private static final String SERVICES = "META-INF/services/kaspeer.flow.FlowFactory";

  private final String name;
  private final Map<String, String> sources = new LinkedHashMap<>();
  private final List<String> factories = new ArrayList<>();
  private String apiVersion = Integer.toString(FlowApi.VERSION);

  private PluginJar(String name) {
    this.name = name;
  }

  /** A jar of this name, without {@code .jar}. */
  public static PluginJar named(String name) {
    return new PluginJar(name);
  }

  /**
   * A class whose source this is.
   *
   * @param className with its package
   */
  public PluginJar source(String className, String text) {
    sources.put(className, text);
    return this;
  }

  /** A class that is a factory of flows. */
  public PluginJar factory(String className, String text) {
    return source(className, text).service(className);
  }

  /** Names a factory among the services, whether it is there or not. */
  public PluginJar service(String className) {
    factories.add(className);
    return this;
  }

  /** Says that it is for another version of the interface; none if this is empty. */
  public PluginJar apiVersion(String version) {
    apiVersion = version;
    return this;
  }

  /**
   * Compiles, against the class path of this process, and writes the jar.
   *
   * @throws IllegalArgumentException with what the compiler says
   */
  public Path writeTo(Path directory) {
    try {
      Files.createDirectories(directory);
      Path classes = Files.createTempDirectory("plugin");
      compile(classes);
      Path services = Files.createDirectories(classes.resolve("META-INF/services"));
      Files.write(services.resolve(Path.of(SERVICES).getFileName()), factories);
      Path jar = write(classes, directory.resolve(name + ".jar"), apiVersion);
      Folders.delete(classes);
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compile(Path classes) throws IOException {
    if (sources.isEmpty()) {
      return;
    }
    JavaCompiler compiler =
        Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "needs a JDK");
    StringWriter said = new StringWriter();
    List<JavaFileObject> files = new ArrayList<>();
    sources.forEach((className, text) -> files.add(new Source(className, text)));
    List<String> options =
        List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      if (!compiler.getTask(said, manager, null, options, null, files).call()) {
        throw new IllegalArgumentException("the plug-in does not compile:\n" + said);
      }
    }
  }

  /**
   * The jar of a module that this process has on its class path, under the name that it is listed
   * by. Before the module is packaged there is no jar: then one is made of its classes.
   */
  public static Path ofModule(Class<?> factory, String name, Path directory) {
    try {
      Files.createDirectories(directory);
      URI place = factory.getProtectionDomain().getCodeSource().getLocation().toURI();
      Path built = Path.of(place);
      Path jar = directory.resolve(name + ".jar");
      return Files.isDirectory(built)
          ? write(built, jar, Integer.toString(FlowApi.VERSION))
          : Files.copy(built, jar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Path write(Path classes, Path jar, String version) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (!version.isEmpty()) {
      manifest.getMainAttributes().putValue(FlowApi.ATTRIBUTE, version);
    }
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest);
        Stream<Path> all = Files.walk(classes)) {
      for (Path one : all.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(one).toString().replace('\\', '/')));
        Files.copy(one, out);
      }
    }
    return jar;
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String className, String text) {
      super(
          URI.create("string:///" + className.replace('.', '/') + Kind.SOURCE.extension),
          Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
