package kaspeer.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kaspeer.cluster.ClusterOptions.Role;
import kaspeer.engine.metrics.Metrics;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that prove themselves by certificates of one authority. */
final class ClusterTlsTest {
  private static final String PASSWORD = "not-secret";

  @TempDir private Path dir;

  private final List<InetSocketAddress> all = TestMember.addresses(2);

  private void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(Arrays.asList(arguments));
    command.addAll(List.of("-storepass", PASSWORD));
    Process process =
        new ProcessBuilder(command)
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("keytool.log").toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(dir.resolve("keytool.log"))).isZero();
  }

  private void authority(String name) throws IOException, InterruptedException {
    keytool(
        "-genkeypair",
        "-alias",
        "ca",
        "-dname",
        "CN=" + name,
        "-ext",
        "bc=ca:true",
        "-keyalg",
        "RSA",
        "-keystore",
        name + ".p12");
    keytool(
        "-exportcert", "-rfc", "-alias", "ca", "-keystore", name + ".p12", "-file", name + ".crt");
  }

  /** A directory with what a member needs, certified by this authority. */
  private Path member(String name, String authority)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path directory = Files.createDirectory(dir.resolve(name));
    keytool(
        "-genkeypair",
        "-alias",
        "m",
        "-dname",
        "CN=kaspeer",
        "-keyalg",
        "RSA",
        "-keystore",
        name + ".p12");
    keytool("-certreq", "-alias", "m", "-keystore", name + ".p12", "-file", name + ".csr");
    keytool(
        "-gencert",
        "-rfc",
        "-alias",
        "ca",
        "-keystore",
        authority + ".p12",
        "-infile",
        name + ".csr",
        "-outfile",
        name + "/tls.crt",
        "-ext",
        "san=ip:127.0.0.1");
    Files.copy(dir.resolve(authority + ".crt"), directory.resolve("ca.crt"));
    KeyStore store =
        KeyStore.getInstance(dir.resolve(name + ".p12").toFile(), PASSWORD.toCharArray());
    Key key = store.getKey("m", PASSWORD.toCharArray());
    Files.writeString(
        directory.resolve("tls.key"),
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(key.getEncoded())
            + "\n-----END PRIVATE KEY-----\n");
    return directory;
  }

  private ClusterOptions options(int member, Path tls) {
    return TestMember.options(
        Set.of(member == 0 ? Role.CORE : Role.EDGE),
        all.get(member),
        all,
        TestMember.TIMES,
        Optional.of(tls));
  }

  @Test
  void membersOfOneAuthorityFormACluster()
      throws IOException, InterruptedException, GeneralSecurityException {
    authority("ours");
    try (TestMember core = new TestMember(options(0, member("one", "ours")));
        TestMember edge = new TestMember(options(1, member("two", "ours")))) {
      edge.await("the edge uses the core", () -> edge.dag().equals(core.address()));
    }
  }

  @Test
  void whatIsMissingIsNamed() {
    ActorTestKit kit = ActorTestKit.create();
    try {
      assertThatThrownBy(
              () ->
                  ClusterNode.start(
                      options(0, dir),
                      ConfigFactory.empty(),
                      _ -> List.of(),
                      TestMember.genesis(),
                      new Metrics(),
                      kit.system()))
          .isInstanceOf(ClusterStartException.class)
          .hasMessageContaining("has no tls.key");
    } finally {
      kit.shutdownTestKit();
    }
  }
}
