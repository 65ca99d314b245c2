package kaspeer.engine.catalogue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import kaspeer.engine.catalogue.FlowCatalogue.Registration;
import kaspeer.flow.FlowFactory;

/**
 * Loads flows of third parties: each jar of a directory in a class loader of its own, below that of
 * the flow API, so that what one brings along is not seen by others. Only flows on the list of
 * allowed names are taken.
 */
public final class PluginLoader implements AutoCloseable {
  /** On the list of allowed names: any. */
  public static final String ANY = "*";

  private final List<URLClassLoader> loaders = new ArrayList<>();
  private final List<Registration> flows = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();

  private PluginLoader() {}

  /**
   * Loads the plug-ins of a directory; none if there is no such directory. Blocks.
   *
   * @param allowed names of flows to take, or {@link #ANY}
   * @throws CatalogueException if a jar cannot be read or its factories cannot be made
   */
  public static PluginLoader load(Path directory, Set<String> allowed) {
    PluginLoader plugins = new PluginLoader();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, "*.jar")) {
        List<Path> sorted = new ArrayList<>();
        jars.forEach(sorted::add);
        sorted.sort(null);
        sorted.forEach(jar -> plugins.loadJar(jar, allowed));
      } catch (IOException unreadable) {
        plugins.close();
        throw new CatalogueException(
            List.of("cannot read " + directory + ": " + unreadable.getMessage()));
      } catch (CatalogueException broken) {
        plugins.close();
        throw broken;
      }
    }
    return plugins;
  }

  private void loadJar(Path jar, Set<String> allowed) {
    try {
      URL[] urls = {jar.toUri().toURL()};
      URLClassLoader loader =
          new URLClassLoader(
              jar.getFileName().toString(), urls, FlowFactory.class.getClassLoader());
      loaders.add(loader);
      for (FlowFactory<?> factory : ServiceLoader.load(FlowFactory.class, loader)) {
        if (!loader.equals(factory.getClass().getClassLoader())) {
          continue;
        }
        String name = factory.descriptor().name();
        if (allowed.contains(name) || allowed.contains(ANY)) {
          flows.add(new Registration(factory, jar.getFileName().toString()));
        } else {
          refused.add(name + " of " + jar.getFileName());
        }
      }
    } catch (IOException | ServiceConfigurationError | LinkageError broken) {
      throw new CatalogueException(List.of("cannot load the plug-in " + jar + ": " + broken));
    }
  }

  /** The flows taken. */
  public List<Registration> flows() {
    return List.copyOf(flows);
  }

  /** The flows left out because they are not on the list. */
  public List<String> refused() {
    return List.copyOf(refused);
  }

  /** Closes the jars; flows taken from them must have ended. */
  @Override
  public void close() {
    for (URLClassLoader loader : loaders) {
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
