package kaspeer.conformance.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import kaspeer.testkit.kaspad.AnyoneCanSpendWallet;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.KaspadBinary;
import kaspeer.testkit.kaspad.SimnetMiner;
import kaspeer.testkit.node.Await;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * The image that {@code deploy/image} builds without a registry, run in a container: it is live,
 * its token opens it, it follows a kaspad outside, a fresh kaspad syncs from it when that one is
 * gone, and it ends in its time with exit code 0.
 */
@Tag("container")
@Tag("kaspad")
final class ContainerTest {
  private static final int P2P = 16511;
  private static final int ADMIN = 17511;

  /**
   * More than a fresh kaspad would fetch as orphans: of two hundred blocks of a wide DAG it asks
   * for the same roots again and again, of another kaspad too, and has none of them after minutes.
   */
  private static final int BLOCKS = 600;

  /** Nine seconds by a node's own rules; the rest is for a JVM on a machine that is busy. */
  private static final int STOP_SECONDS = 30;

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir private static Path folder;

  @BeforeAll
  static void buildImage() throws IOException, InterruptedException {
    TestImage.build(folder);
  }

  @AfterAll
  static void close() {
    CLIENT.close();
  }

  private static GenericContainer<?> node() {
    return new GenericContainer<>(TestImage.NAME)
        .withImagePullPolicy(name -> false)
        .withCommand(
            "run",
            "--network=simnet",
            "--listen=0.0.0.0:" + P2P,
            "--admin=0.0.0.0:" + ADMIN,
            "--no-dns-seed",
            "--out-peers=0")
        .withExposedPorts(P2P, ADMIN)
        .waitingFor(Wait.forHttp("/health/live").forPort(ADMIN).withStartupTimeout(LIMIT));
  }

  private static HttpResponse<String> get(GenericContainer<?> node, String path, String token)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://" + node.getHost() + ":" + node.getMappedPort(ADMIN) + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode dag(GenericContainer<?> node, String token) {
    try {
      return JSON.readTree(get(node, "/api/v1/dag", token).body());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void awaitSame(GenericContainer<?> node, String token, Kaspad kaspad) {
    Await.until(
        "same sink",
        LIMIT,
        () -> dag(node, token).path("sink").asText().equals(kaspad.rpc().sink()),
        () ->
            dag(node, token)
                + "\n"
                + kaspad.rpc().dag()
                + "\n"
                + node.getLogs()
                + "\n"
                + kaspad.log());
  }

  @Test
  void aNodeInAContainerIsLiveSyncsWithAKaspadOutsideAndEndsInItsTime()
      throws IOException, InterruptedException {
    Path kaspad =
        KaspadBinary.find()
            .orElseGet(
                () ->
                    Assumptions.abort("no kaspad here; to run this test: " + KaspadBinary.INSTALL));
    try (GenericContainer<?> node = node()) {
      node.start();
      assertThat(get(node, "/health/started", "").statusCode()).isEqualTo(200);
      assertThat(get(node, "/api/v1/node", "").statusCode()).isEqualTo(401);
      assertThat(get(node, "/metrics", "").statusCode()).isEqualTo(401);
      String token =
          node.copyFileFromContainer(
              "/data/admin-token",
              in -> new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
      assertThat(JSON.readTree(get(node, "/api/v1/node", token).body()).path("network").asText())
          .isEqualTo("simnet");

      InetSocketAddress door =
          new InetSocketAddress(InetAddress.getByName(node.getHost()), node.getMappedPort(P2P));
      InetSocketAddress literal =
          new InetSocketAddress(
              InetAddress.ofLiteral(door.getAddress().getHostAddress()), door.getPort());
      try (Kaspad miner = Kaspad.start(kaspad, folder.resolve("miner"), List.of(literal))) {
        new SimnetMiner(miner.rpc(), AnyoneCanSpendWallet.ADDRESS, new SplittableRandom(1))
            .mine(BLOCKS, 1, 3);
        awaitSame(node, token, miner);
        assertThat(dag(node, token).path("blockCount").asLong()).isGreaterThanOrEqualTo(BLOCKS);
      }
      try (Kaspad fresh = Kaspad.start(kaspad, folder.resolve("fresh"), List.of(literal))) {
        awaitSame(node, token, fresh);
      }
      assertThat(stop(node)).isZero();
    }
  }

  /** As an orchestrator stops it, which kills it when its time is over. Returns its exit code. */
  private static long stop(GenericContainer<?> node) {
    var docker = node.getDockerClient();
    docker.stopContainerCmd(node.getContainerId()).withTimeout(STOP_SECONDS).exec();
    Long code =
        docker.inspectContainerCmd(node.getContainerId()).exec().getState().getExitCodeLong();
    return code == null ? -1 : code;
  }
}
