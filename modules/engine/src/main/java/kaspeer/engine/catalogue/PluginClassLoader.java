package kaspeer.engine.catalogue;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import kaspeer.flow.FlowFactory;

/**
 * The classes of one jar. Of the node's own it sees the interface of flows, what that is made of,
 * and nothing else; other plug-ins not at all. So what a plug-in brings along meets nobody else's.
 */
final class PluginClassLoader extends URLClassLoader {
  /** Packages of the node and its libraries that a plug-in may use. */
  private static final List<String> SHARED =
      List.of(
          "kaspeer.flow.",
          "kaspeer.wire.",
          "kaspeer.primitives.",
          "com.google.protobuf.",
          "com.typesafe.config.",
          "org.apache.pekko.",
          "org.jspecify.",
          "org.slf4j.",
          "scala.");

  static {
    registerAsParallelCapable();
  }

  PluginClassLoader(String name, URL jar) {
    super(name, new URL[] {jar}, new Shared());
  }

  /** The JDK, and what is shared. */
  private static final class Shared extends ClassLoader {
    private static final ClassLoader NODE = FlowFactory.class.getClassLoader();

    static {
      registerAsParallelCapable();
    }

    Shared() {
      super("shared with plug-ins", ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (SHARED.stream().anyMatch(name::startsWith)) {
        return NODE.loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }
  }
}
