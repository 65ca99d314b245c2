package kaspeer.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import kaspeer.admin.AdminActor;
import kaspeer.admin.AdminCommand;
import kaspeer.admin.ClusterPort;
import kaspeer.admin.FakeEngine;
import kaspeer.admin.FakeLog;
import kaspeer.admin.NodeFacts;
import kaspeer.engine.metrics.Metrics;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;

/** The endpoint on a free port, over a fake engine. */
final class Endpoint implements AutoCloseable {
  static final String TOKEN = "0123456789abcdef0123456789abcdef";
  private static final ObjectMapper JSON = new ObjectMapper();

  final ActorTestKit kit = ActorTestKit.create();
  final FakeEngine engine = new FakeEngine(kit);
  final FakeLog log = new FakeLog();
  final ActorRef<AdminCommand> admin;
  final List<Route> routes;
  private final AdminServer server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Endpoint() throws IOException {
    this("127.0.0.1", AdminServer.EXCHANGE_LIMIT);
  }

  Endpoint(String host, Duration exchangeLimit) throws IOException {
    NodeFacts facts =
        new NodeFacts(
            "1.2.3",
            FakeEngine.NOW,
            List.of("core", "edge"),
            "network",
            new InetSocketAddress("0.0.0.0", 16511),
            44);
    admin =
        kit.spawn(
            AdminActor.create(
                engine,
                facts,
                () -> true,
                () -> engine.chain,
                ClusterPort.NONE,
                log,
                InstantSource.fixed(FakeEngine.NOW)));
    Metrics metrics = new Metrics();
    AdminEndpoint.Parts parts =
        new AdminEndpoint.Parts(
            admin, kit.system(), metrics, InstantSource.fixed(FakeEngine.NOW), 16511, "1.2.3");
    routes = AdminEndpoint.routes(parts);
    server =
        AdminEndpoint.start(
            new InetSocketAddress(host, 0), AdminToken.of(TOKEN), parts, exchangeLimit);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.address().getPort());
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address().getPort() + path))
        .timeout(Duration.ofSeconds(60));
  }

  HttpRequest.Builder authorized(String path) {
    return request(path).header("Authorization", "Bearer " + TOKEN);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<byte[]> bytes(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  JsonNode json(String path) throws IOException, InterruptedException {
    return JSON.readTree(get(path).body());
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return send(
        authorized(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> put(String path, String body) throws IOException, InterruptedException {
    return send(
        authorized(path)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> delete(String path) throws IOException, InterruptedException {
    return send(authorized(path).DELETE());
  }

  HttpResponse<String> post(String path, byte[] body) throws IOException, InterruptedException {
    return send(
        authorized(path)
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  static JsonNode parse(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  void closeServer() {
    server.close();
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
    server.close();
    client.shutdownNow();
  }
}
