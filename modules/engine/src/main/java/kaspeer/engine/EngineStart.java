package kaspeer.engine;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import kaspeer.engine.Engine.RegisteredFlow;
import kaspeer.engine.EngineStartException.Reason;
import kaspeer.engine.addresses.StoredAddresses;
import kaspeer.engine.catalogue.CatalogueException;
import kaspeer.engine.catalogue.FlowCatalogue;
import kaspeer.engine.catalogue.PluginLoader;
import kaspeer.engine.dial.Anchors;
import kaspeer.engine.extension.Extensions;
import kaspeer.engine.sanctions.BanTable;
import kaspeer.engine.sanctions.StoredBans;
import kaspeer.flow.LocalNode;
import kaspeer.transport.PeerTransport;
import org.jspecify.annotations.Nullable;

/**
 * What an engine reads and opens before its actors start.
 *
 * @param config with what plug-ins add to it: types of messages, and tags of the user agent
 * @param extensions flows of plug-ins, started; null if there are none
 */
record EngineStart(
    EngineConfig config,
    FlowCatalogue catalogue,
    @Nullable PluginLoader plugins,
    @Nullable Extensions extensions,
    BanTable bans,
    List<StoredAddresses.Stored> addresses,
    long addressSecret,
    List<InetSocketAddress> anchors,
    PeerTransport transport) {

  /**
   * Reads and opens it all. Blocks.
   *
   * @param events takes what plug-ins publish
   * @throws EngineStartException naming what is wrong with the flows or with what was stored
   */
  static EngineStart prepare(
      EngineConfig config, EngineResources resources, Consumer<NodeEvent> events) {
    PluginLoader plugins = null;
    Extensions extensions = null;
    try {
      plugins =
          config
              .plugins()
              .map(path -> PluginLoader.load(path, config.allowedPlugins()))
              .orElse(null);
      FlowCatalogue catalogue = catalogue(config, resources, plugins);
      EngineConfig extended = extended(config, catalogue);
      Memory memory = Memory.load(resources);
      if (!catalogue.extensions().isEmpty()) {
        Path directory = config.plugins().orElseThrow();
        extensions =
            Extensions.start(
                catalogue.extensions(), directory, resources.metrics(), resources.clock(), events);
      }
      Extensions.measure(extensions, resources.metrics());
      PeerTransport transport = PeerTransport.start(extended.transport());
      return new EngineStart(
          extended,
          catalogue,
          plugins,
          extensions,
          memory.bans,
          memory.addresses,
          memory.addressSecret,
          memory.anchors,
          transport);
    } catch (CatalogueException unfit) {
      close(plugins, extensions);
      throw new EngineStartException(Reason.BAD_FLOWS, String.valueOf(unfit.getMessage()), unfit);
    } catch (RuntimeException failed) {
      close(plugins, extensions);
      throw failed;
    }
  }

  /** What is left of the last run. */
  private record Memory(
      BanTable bans,
      List<StoredAddresses.Stored> addresses,
      long addressSecret,
      List<InetSocketAddress> anchors) {
    static Memory load(EngineResources resources) {
      Persistence store = resources.persistence();
      try {
        return new Memory(
            StoredBans.load(store, resources.clock().instant()),
            StoredAddresses.load(store),
            StoredAddresses.secret(store, resources.random()),
            Anchors.load(store));
      } catch (RuntimeException unreadable) {
        throw new EngineStartException(
            Reason.BAD_STORE, "what was stored cannot be read: " + unreadable, unreadable);
      }
    }
  }

  private static FlowCatalogue catalogue(
      EngineConfig config, EngineResources resources, @Nullable PluginLoader plugins) {
    List<FlowCatalogue.Registration> flows = new ArrayList<>(resources.flows());
    if (plugins != null) {
      flows.addAll(plugins.flows());
    }
    return FlowCatalogue.of(
        flows,
        config.transport().catalogue(),
        config.local().minVersion(),
        config.local().maxVersion());
  }

  /** What links take, and what we call ourselves, with plug-ins. */
  private static EngineConfig extended(EngineConfig config, FlowCatalogue catalogue) {
    if (catalogue.extensions().isEmpty()) {
      return config;
    }
    LocalNode local = config.local();
    return config.toBuilder()
        .local(local.withUserAgent(catalogue.userAgent(local.userAgent())))
        .transport(
            config.transport().toBuilder()
                .catalogue(catalogue.payloads(config.transport().catalogue()))
                .build())
        .build();
  }

  /** Every flow, with how those of plug-ins do. */
  List<RegisteredFlow> flows() {
    List<RegisteredFlow> all = new ArrayList<>(catalogue.flows());
    if (extensions != null) {
      all.addAll(extensions.registered());
    }
    return all;
  }

  private static void close(@Nullable PluginLoader plugins, @Nullable Extensions extensions) {
    if (extensions != null) {
      extensions.stop();
    }
    if (plugins != null) {
      plugins.close();
    }
  }

  /** Gives back what is open. Blocks. */
  void close() {
    transport.close();
    close(plugins, extensions);
  }
}
