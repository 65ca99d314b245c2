package kaspeer.engine.extension;

import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.dispatch.DispatcherConfigurator;
import org.apache.pekko.dispatch.Dispatchers;

/** The threads of a plug-in: few, and its own, so that it can block nobody but itself. */
final class PluginThreads {
  private static final String MODEL = "kaspeer.dispatcher.plugin";

  private PluginThreads() {}

  /** The dispatcher of a jar, made if need be. */
  static String of(ActorSystem<?> system, String jar) {
    String id = MODEL + "." + jar.replaceAll("[^A-Za-z0-9-]", "-");
    Dispatchers dispatchers = system.classicSystem().dispatchers();
    dispatchers.registerConfigurator(
        id,
        new DispatcherConfigurator(
            dispatchers.config(id, system.settings().config().getConfig(MODEL)),
            dispatchers.prerequisites()));
    return id;
  }
}
