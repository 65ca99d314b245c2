package kaspeer.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import kaspeer.node.config.ConfigException;
import kaspeer.node.config.NodeConfig;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.jspecify.annotations.Nullable;

/** The actor system of a node, started beside what takes as long. */
final class StartingActors {
  private final CompletableFuture<ActorSystem<SpawnProtocol.Command>> system;

  private StartingActors(CompletableFuture<ActorSystem<SpawnProtocol.Command>> system) {
    this.system = system;
  }

  /**
   * Reads the libraries' own settings on a thread beside, for a start that is sure to need them: it
   * takes as long as finding out what the node shall do.
   */
  static void readAhead() {
    Thread.ofPlatform()
        .daemon()
        .name("kaspeer-settings")
        .start(() -> ConfigFactory.defaultReference(Node.class.getClassLoader()));
  }

  static StartingActors begin(NodeConfig config) {
    return new StartingActors(
        CompletableFuture.supplyAsync(
            () -> start(config), task -> Thread.ofPlatform().name("kaspeer-actors").start(task)));
  }

  /** The actor system throws what it likes at settings it does not understand. */
  private static ActorSystem<SpawnProtocol.Command> start(NodeConfig config) {
    try {
      return ActorSystem.create(SpawnProtocol.create(), "kaspeer", settings(config));
    } catch (Exception e) {
      if (config.pekko().isEmpty()) {
        throw e;
      }
      throw new ConfigException("'pekko' in the configuration file: " + e.getMessage(), e);
    }
  }

  /** The operator's settings, before ours. */
  static Config settings(NodeConfig config) {
    ClassLoader loader = Node.class.getClassLoader();
    return ConfigFactory.load(
        loader,
        config
            .pekko()
            .atPath("pekko")
            .withFallback(ConfigFactory.parseResources(loader, "kaspeer/node/pekko.conf")));
  }

  /**
   * Waits for the system.
   *
   * @throws ConfigException if it refuses the operator's settings
   */
  ActorSystem<SpawnProtocol.Command> await() {
    try {
      return system.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Ends the system; who awaited it heard of it if it could not be started. */
  void terminate() {
    ActorSystem<?> started = system.<@Nullable ActorSystem<?>>handle((it, _) -> it).join();
    if (started != null) {
      started.terminate();
      started.getWhenTerminated().toCompletableFuture().join();
    }
  }
}
