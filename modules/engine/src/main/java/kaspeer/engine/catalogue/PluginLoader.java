package kaspeer.engine.catalogue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import kaspeer.engine.catalogue.FlowCatalogue.Registration;
import kaspeer.flow.FlowApi;
import kaspeer.flow.FlowFactory;

/**
 * Loads flows of third parties from the jars of a directory: those that are listed, and each of
 * them must be there and fit. Of a jar that is not listed nothing is read but its name.
 */
public final class PluginLoader implements AutoCloseable {
  private static final String JAR = ".jar";

  private final List<PluginClassLoader> loaders = new ArrayList<>();
  private final List<Registration> flows = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();

  private PluginLoader() {}

  /**
   * Loads plug-ins. Blocks.
   *
   * @param directory need not exist if none is listed
   * @param listed names of jars without {@code .jar}
   * @throws CatalogueException if a listed jar is not there, cannot be read, is for another version
   *     of the interface, or has no flow that can be made
   */
  public static PluginLoader load(Path directory, Set<String> listed) {
    PluginLoader plugins = new PluginLoader();
    try {
      plugins.loadAll(directory, listed);
      return plugins;
    } catch (CatalogueException broken) {
      plugins.close();
      throw broken;
    }
  }

  private void loadAll(Path directory, Set<String> listed) {
    Set<String> missing = new TreeSet<>(listed);
    for (Path jar : jars(directory)) {
      String file = jar.getFileName().toString();
      if (missing.remove(file.substring(0, file.length() - JAR.length()))) {
        loadJar(jar, file);
      } else {
        refused.add(file);
      }
    }
    if (!missing.isEmpty()) {
      throw fault("there is no plug-in " + String.join(", ", missing) + " in " + directory);
    }
  }

  private static Set<Path> jars(Path directory) {
    Set<Path> sorted = new TreeSet<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, "*" + JAR)) {
        jars.forEach(sorted::add);
      } catch (IOException unreadable) {
        throw fault("cannot read " + directory + ": " + unreadable.getMessage());
      }
    }
    return sorted;
  }

  private void loadJar(Path jar, String file) {
    requireVersion(jar, file);
    int before = flows.size();
    try {
      PluginClassLoader loader = new PluginClassLoader(file, jar.toUri().toURL());
      loaders.add(loader);
      for (FlowFactory<?> factory : ServiceLoader.load(FlowFactory.class, loader)) {
        Registration flow = new Registration(factory, file);
        Objects.requireNonNull(flow.descriptor().extension(), "a descriptor without extension");
        flows.add(flow);
      }
    } catch (Throwable broken) {
      throw fault("cannot load the plug-in " + file + ": " + broken);
    }
    if (flows.size() == before) {
      throw fault("the plug-in " + file + " names no flow in META-INF/services");
    }
  }

  private static void requireVersion(Path jar, String file) {
    String version;
    try (JarFile opened = new JarFile(jar.toFile())) {
      version =
          Optional.ofNullable(opened.getManifest())
              .map(Manifest::getMainAttributes)
              .map(attributes -> attributes.getValue(FlowApi.ATTRIBUTE))
              .orElse("none");
    } catch (IOException unreadable) {
      throw fault("cannot read the plug-in " + file + ": " + unreadable.getMessage());
    }
    if (!version.strip().equals(Integer.toString(FlowApi.VERSION))) {
      throw fault(
          "the plug-in "
              + file
              + " is for version "
              + version
              + " of the flow API ("
              + FlowApi.ATTRIBUTE
              + " in its manifest), this node has version "
              + FlowApi.VERSION);
    }
  }

  private static CatalogueException fault(String text) {
    return new CatalogueException(text);
  }

  /** The flows taken. */
  public List<Registration> flows() {
    return List.copyOf(flows);
  }

  /** The jars left out because they are not listed. */
  public List<String> refused() {
    return List.copyOf(refused);
  }

  /** Closes the jars; flows taken from them must have ended. */
  @Override
  public void close() {
    for (PluginClassLoader loader : loaders) {
      try {
        loader.close();
      } catch (IOException harmless) {
        // Only a file handle: the process goes on without it.
        refused.add("not closed: " + loader.getName());
      }
    }
    loaders.clear();
  }
}
