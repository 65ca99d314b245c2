package kaspeer.engine;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import kaspeer.engine.EngineStartException.Reason;
import kaspeer.engine.addresses.StoredAddresses;
import kaspeer.engine.catalogue.CatalogueException;
import kaspeer.engine.catalogue.FlowCatalogue;
import kaspeer.engine.catalogue.PluginLoader;
import kaspeer.engine.peers.Anchors;
import kaspeer.engine.sanctions.BanTable;
import kaspeer.engine.sanctions.StoredBans;
import kaspeer.transport.PeerTransport;
import org.jspecify.annotations.Nullable;

/** What an engine reads and opens before its actors start. */
record EngineStart(
    FlowCatalogue catalogue,
    @Nullable PluginLoader plugins,
    BanTable bans,
    List<StoredAddresses.Stored> addresses,
    long addressSecret,
    List<InetSocketAddress> anchors,
    PeerTransport transport) {

  /**
   * Reads and opens it all. Blocks.
   *
   * @throws EngineStartException naming what is wrong
   */
  static EngineStart prepare(EngineConfig config, EngineResources resources) {
    PluginLoader plugins = null;
    try {
      plugins =
          config.plugins().map(path -> PluginLoader.load(path, config.allowedFlows())).orElse(null);
      FlowCatalogue catalogue = catalogue(config, resources, plugins);
      BanTable bans = StoredBans.load(resources.persistence(), resources.clock().instant());
      List<StoredAddresses.Stored> addresses = StoredAddresses.load(resources.persistence());
      long secret = StoredAddresses.secret(resources.persistence(), resources.random());
      List<InetSocketAddress> anchors = Anchors.load(resources.persistence());
      PeerTransport transport = PeerTransport.start(config.transport());
      return new EngineStart(catalogue, plugins, bans, addresses, secret, anchors, transport);
    } catch (CatalogueException unfit) {
      close(plugins);
      throw new EngineStartException(Reason.BAD_FLOWS, String.valueOf(unfit.getMessage()), unfit);
    } catch (RuntimeException unreadable) {
      close(plugins);
      throw new EngineStartException(
          Reason.BAD_STORE, "what was stored cannot be read: " + unreadable, unreadable);
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

  private static void close(@Nullable PluginLoader plugins) {
    if (plugins != null) {
      plugins.close();
    }
  }

  /** Gives back what is open. Blocks. */
  void close() {
    transport.close();
    close(plugins);
  }
}
