package kaspeer.conformance.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Network.Ipam;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kaspeer.conformance.deploy.DeployFiles;
import kaspeer.conformance.deploy.TestImage;
import kaspeer.testkit.node.Await;
import org.testcontainers.containers.Network;
import org.testcontainers.lifecycle.Startables;

/** Cores and edges, each in a container of its own, with mutual TLS between them. */
final class ContainerCluster implements AutoCloseable {
  private static final String INSIDE = "172.29.8.";
  private static final String OUTSIDE = "172.29.9.";

  /** Hosts below this have other uses: the first is the bridge. */
  private static final int FIRST_HOST = 11;

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Network inside;
  private final Network outside;
  private final List<Member> cores = new ArrayList<>();
  private final List<Member> edges = new ArrayList<>();

  private ContainerCluster() {
    inside = network(INSIDE);
    outside = network(OUTSIDE);
  }

  /**
   * Starts all members at once, and waits until each knows the others.
   *
   * @param folder for keys and logs
   */
  static ContainerCluster start(Path folder, int cores, int edges)
      throws IOException, InterruptedException {
    TestImage.build(folder);
    List<Member.Place> places = new ArrayList<>();
    for (int i = 0; i < cores + edges; i++) {
      String role = i < cores ? "core" : "edge";
      int number = i < cores ? i + 1 : i - cores + 1;
      int host = FIRST_HOST + i;
      places.add(new Member.Place(role + "-" + number, role, INSIDE + host, OUTSIDE + host));
    }
    Path secrets = secrets(folder, places.stream().map(Member.Place::name).toList());
    String token = Files.readString(secrets.resolve("admin-token")).strip();
    List<String> join = places.subList(0, cores).stream().map(Member.Place::contact).toList();
    ContainerCluster cluster = new ContainerCluster();
    for (Member.Place place : places) {
      Member member = new Member(place, cluster.inside, cluster.outside, secrets, token, join);
      (member.isCore() ? cluster.cores : cluster.edges).add(member);
    }
    try {
      Startables.deepStart(cluster.all()).join();
      cluster.awaitWhole();
    } catch (RuntimeException | Error failed) {
      cluster.close();
      throw failed;
    }
    return cluster;
  }

  /** Without a way out: whoever is taken off a network must not reach it through the host. */
  private static Network network(String prefix) {
    return Network.builder()
        .createNetworkCmdModifier(
            create ->
                create
                    .withInternal(true)
                    .withIpam(new Ipam().withConfig(new Ipam.Config().withSubnet(prefix + "0/24"))))
        .build();
  }

  private static Path secrets(Path folder, List<String> hosts)
      throws IOException, InterruptedException {
    Path secrets = folder.resolve("secrets");
    List<String> command = new ArrayList<>();
    command.add(DeployFiles.FOLDER.resolve("secrets").toString());
    command.add(secrets.toString());
    command.addAll(hosts);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(out).isZero();
    return secrets;
  }

  List<Member> cores() {
    return cores;
  }

  List<Member> edges() {
    return edges;
  }

  List<Member> all() {
    return Stream.concat(cores.stream(), edges.stream()).toList();
  }

  /** The core whose DAG an edge uses. */
  Member coreOf(Member edge) {
    String dag = edge.own().path("dag").asText();
    return cores.stream()
        .filter(core -> core.place().contact().equals(dag))
        .findFirst()
        .orElseThrow(() -> new AssertionError(edge + " uses no core: " + edge.get("cluster")));
  }

  /** Waits until every member knows all the others and has a DAG to use. */
  void awaitWhole() {
    int count = all().size();
    await("a whole cluster", () -> all().stream().allMatch(member -> member.isWithin(count)));
  }

  /** Waits until the others have put a member out. */
  void awaitWithout(Member gone) {
    await(
        gone + " is put out",
        () ->
            all().stream()
                .filter(member -> !member.equals(gone))
                .allMatch(
                    member -> member.get("cluster").path("members").size() == all().size() - 1));
  }

  private void await(String what, java.util.function.BooleanSupplier holds) {
    Await.until(what, LIMIT, holds, this::standing);
  }

  /** How each member sees the cluster, and the last of what it has logged. */
  String standing() {
    StringBuilder text = new StringBuilder();
    for (Member member : all()) {
      String log = member.getLogs();
      text.append('\n')
          .append(member)
          .append(": ")
          .append(member.get("cluster"))
          .append('\n')
          .append(log, Math.max(0, log.length() - 3_000), log.length());
    }
    return text.toString();
  }

  @Override
  public void close() {
    all().parallelStream().forEach(Member::stop);
    inside.close();
    outside.close();
  }
}
