package kaspeer.node.config;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import kaspeer.admin.HostPort;
import kaspeer.cluster.ClusterOptions.Role;
import kaspeer.node.config.NodeConfig.Membership;
import kaspeer.node.config.Settings.Setting;
import org.jspecify.annotations.Nullable;

/** Turns settings into a part in a cluster. */
final class ClusterReader {
  private static final int MAX_CONTACTS = 64;

  private final Settings settings;

  ClusterReader(Settings settings) {
    this.settings = settings;
  }

  /** Null: the node is on its own. */
  @Nullable Membership read() {
    Optional<Setting> listen = settings.get(Option.CLUSTER_LISTEN);
    if (listen.isEmpty()) {
      for (Option option : List.of(Option.ROLES, Option.CLUSTER_JOIN, Option.CLUSTER_TLS)) {
        settings.refuse(option, "has no effect without --cluster-listen");
      }
      return null;
    }
    Set<Role> roles = roles();
    if (!roles.contains(Role.CORE)) {
      for (Option option : List.of(Option.MINE, Option.MEMPOOL_BYTES, Option.MINIMUM_RELAY_FEE)) {
        settings.refuse(
            option, "has no effect on an edge, which has no DAG and no mempool of its own");
      }
    }
    HostPort address = listen.get().dialable(listen.get().single(), -1);
    Path tls = settings.get(Option.CLUSTER_TLS).map(Setting::path).orElse(null);
    if (tls == null && !isLoopback(listen.get(), address.host())) {
      throw new ConfigException(
          listen.get().source()
              + ": outside loopback members need --cluster-tls, a directory with tls.key, tls.crt"
              + " and ca.crt");
    }
    return new Membership(roles, address, contacts(), tls);
  }

  private Set<Role> roles() {
    Optional<Setting> setting = settings.get(Option.ROLES);
    if (setting.isEmpty()) {
      return Set.of(Role.values());
    }
    Set<Role> roles = new LinkedHashSet<>();
    for (String word : setting.get().single().strip().split("\\s*,\\s*", -1)) {
      switch (word) {
        case "core" -> roles.add(Role.CORE);
        case "edge" -> roles.add(Role.EDGE);
        default -> throw setting.get().wrong(word, "core, edge or both with a comma");
      }
    }
    return roles;
  }

  private List<HostPort> contacts() {
    Optional<Setting> setting = settings.get(Option.CLUSTER_JOIN);
    List<HostPort> contacts = new ArrayList<>();
    if (setting.isPresent()) {
      for (String value : setting.get().values()) {
        for (String contact : value.strip().split("\\s*,\\s*", -1)) {
          contacts.add(setting.get().dialable(contact, -1));
        }
      }
      if (contacts.isEmpty() || contacts.size() > MAX_CONTACTS) {
        throw new ConfigException(
            setting.get().source() + " takes 1 to " + MAX_CONTACTS + " addresses");
      }
    }
    return contacts;
  }

  private static boolean isLoopback(Setting setting, String host) {
    try {
      InetAddress address = InetAddress.ofLiteral(host);
      if (address.isAnyLocalAddress()) {
        throw setting.wrong(host, "an address by which other members reach this one");
      }
      return address.isLoopbackAddress();
    } catch (IllegalArgumentException name) {
      return host.toLowerCase(Locale.ROOT).equals("localhost");
    }
  }
}
