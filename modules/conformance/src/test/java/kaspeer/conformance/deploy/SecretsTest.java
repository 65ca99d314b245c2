package kaspeer.conformance.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import kaspeer.admin.http.AdminToken;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code deploy/secrets} makes for the members of a cluster. */
final class SecretsTest {
  @TempDir private Path folder = Path.of("");

  @BeforeAll
  static void findOpenssl() throws InterruptedException {
    boolean there;
    try {
      there = new ProcessBuilder("openssl", "version").start().waitFor() == 0;
    } catch (IOException none) {
      there = false;
    }
    Assumptions.assumeTrue(there, "no openssl here; to run this test: apt-get install -y openssl");
  }

  private Path make(String... hosts) throws IOException, InterruptedException {
    Path dir = folder.resolve("run");
    List<String> command =
        new java.util.ArrayList<>(
            List.of(DeployFiles.FOLDER.resolve("secrets").toString(), dir.toString()));
    command.addAll(List.of(hosts));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(out).isZero();
    return dir;
  }

  private static X509Certificate certificate(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  @Test
  void eachMemberHasACertificateOfItsNameByTheSameAuthorityForBothEndsOfAConnection()
      throws IOException, InterruptedException, GeneralSecurityException {
    Path dir = make("core-1", "edge-1");
    X509Certificate authority = certificate(dir.resolve("ca.crt"));
    for (String host : List.of("core-1", "edge-1")) {
      X509Certificate member = certificate(dir.resolve(host).resolve("tls.crt"));
      member.verify(authority.getPublicKey());
      assertThat(member.getSubjectAlternativeNames()).containsExactly(List.of(2, host));
      // Server and client.
      assertThat(member.getExtendedKeyUsage())
          .containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
      assertThat(certificate(dir.resolve(host).resolve("ca.crt"))).isEqualTo(authority);
      assertThat(Files.readString(dir.resolve(host).resolve("tls.key")))
          .startsWith("-----BEGIN PRIVATE KEY-----");
      assertThat(dir.resolve(host).resolve("ca.key")).doesNotExist();
    }
    assertThat(AdminToken.read(dir.resolve("admin-token"))).hasSize(64);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir)))
        .isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("ca.key"))))
        .isEqualTo("rw-------");
  }

  @Test
  void aCertificateMayBeForSeveralNames()
      throws IOException, InterruptedException, GeneralSecurityException {
    Path dir = make("members=*.k-core.default.svc,*.k-edge.default.svc");
    assertThat(certificate(dir.resolve("members/tls.crt")).getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(
            List.of(2, "*.k-core.default.svc"), List.of(2, "*.k-edge.default.svc"));
  }

  @Test
  void aMemberMoreChangesNothingForTheOthers()
      throws IOException, InterruptedException, GeneralSecurityException {
    Path dir = make("core-1");
    X509Certificate before = certificate(dir.resolve("core-1/tls.crt"));
    String token = Files.readString(dir.resolve("admin-token"));
    make("core-1", "edge-9");
    assertThat(certificate(dir.resolve("core-1/tls.crt"))).isEqualTo(before);
    assertThat(Files.readString(dir.resolve("admin-token"))).isEqualTo(token);
    certificate(dir.resolve("edge-9/tls.crt"))
        .verify(certificate(dir.resolve("ca.crt")).getPublicKey());
  }
}
