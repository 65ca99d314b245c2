package kaspeer.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import kaspeer.cluster.members.NetworkCheck;
import kaspeer.cluster.wire.ClusterSerializer;

/** The settings of a member's actor system. */
final class ClusterSettings {
  static final String SYSTEM = "kaspeer-cluster";

  private ClusterSettings() {}

  /**
   * @param base what does not concern the cluster
   */
  static Config of(ClusterOptions options, Config base) {
    Map<String, Object> values = new HashMap<>();
    String host = ClusterOptions.host(options.listen().getAddress());
    values.put("pekko.remote.artery.canonical.hostname", host);
    values.put("pekko.remote.artery.canonical.port", options.listen().getPort());
    values.put(
        "pekko.cluster.roles",
        options.roles().stream().map(role -> role.name().toLowerCase(Locale.ROOT)).toList());
    values.put(NetworkCheck.NETWORK, options.network().optionName());
    values.put(
        "pekko.cluster.configuration-compatibility-check.checkers.kaspeer",
        NetworkCheck.class.getName());
    values.put("pekko.actor.serializers.kaspeer-cluster", ClusterSerializer.class.getName());
    Map<String, String> bindings = new HashMap<>();
    List<String> types = ClusterSerializer.types();
    types.forEach(type -> bindings.put("\"" + type + "\"", "kaspeer-cluster"));
    values.put("pekko.actor.serialization-bindings", bindings);
    options.tls().ifPresent(directory -> values.putAll(tls(directory.toString())));
    ClassLoader loader = ClusterSettings.class.getClassLoader();
    Config own = ConfigFactory.parseMap(values);
    Config fixed = ConfigFactory.parseResources(loader, "kaspeer/cluster/cluster.conf");
    return ConfigFactory.load(loader, own.withFallback(fixed).withFallback(base));
  }

  private static Map<String, Object> tls(String directory) {
    String engine = "pekko.remote.artery.ssl.rotating-keys-engine.";
    return Map.of(
        "pekko.remote.artery.transport",
        "tls-tcp",
        "pekko.remote.artery.ssl.ssl-engine-provider",
        "org.apache.pekko.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider",
        engine + "secret-mount-point",
        directory,
        engine + "key-file",
        directory + "/tls.key",
        engine + "cert-file",
        directory + "/tls.crt",
        engine + "ca-cert-file",
        directory + "/ca.crt");
  }

  /** What is missing in a directory with keys and certificates, if anything is. */
  static Optional<String> missing(Path directory) {
    return List.of("tls.key", "tls.crt", "ca.crt").stream()
        .filter(file -> !Files.isReadable(directory.resolve(file)))
        .findFirst();
  }
}
