package kaspeer.conformance.deploy;

import static kaspeer.conformance.deploy.DeployFiles.at;
import static kaspeer.conformance.deploy.DeployFiles.map;
import static kaspeer.conformance.deploy.DeployFiles.maps;
import static kaspeer.conformance.deploy.DeployFiles.strings;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kaspeer.node.Version;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The Helm chart, as {@code helm template} renders it. */
final class ChartTest {
  private static final String VERSION = "3.22.0";
  private static final String INSTALL =
      "GOBIN=~/.cache/kaspeer/helm-"
          + VERSION
          + "/bin go install helm.sh/helm/v3/cmd/helm@v"
          + VERSION;

  private static List<Map<String, Object>> rendered = List.of();
  private static Path helm = Path.of("");

  @BeforeAll
  static void render() throws IOException, InterruptedException {
    Optional<Path> found = find();
    Assumptions.assumeTrue(found.isPresent(), "no helm here; to run this test: " + INSTALL);
    helm = found.orElseThrow();
    rendered = DeployFiles.documents(template());
  }

  private static Optional<Path> find() {
    Path cached =
        Path.of(System.getProperty("user.home"), ".cache/kaspeer/helm-" + VERSION + "/bin/helm");
    Stream<Path> onPath =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .map(folder -> Path.of(folder, "helm"));
    return Stream.concat(Stream.of(cached), onPath).filter(Files::isExecutable).findFirst();
  }

  /** What helm said, and whether it was content. */
  private record Outcome(boolean isContent, String out, String error) {}

  /** Rendered with a network, which has no default. */
  private static String template(String... more) throws IOException, InterruptedException {
    List<String> options = new ArrayList<>(List.of("template", "kas", "--set", "network=simnet"));
    options.addAll(List.of(more));
    return succeed(options);
  }

  private static String succeed(List<String> options) throws IOException, InterruptedException {
    Outcome outcome = run(options);
    assertThat(outcome.isContent()).as(outcome.out() + outcome.error()).isTrue();
    return outcome.out();
  }

  private static Outcome run(List<String> options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(helm.toString()));
    command.addAll(options);
    command.add(DeployFiles.FOLDER.resolve("helm/kaspeer").toString());
    // A helm that go built knows of no Kubernetes newer than 1.20 by itself.
    command.addAll(List.of("--kube-version", "1.31.0"));
    Path error = Files.createTempFile("helm", ".txt");
    try {
      Process process = new ProcessBuilder(command).redirectError(error.toFile()).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return new Outcome(process.exitValue() == 0, out, Files.readString(error));
    } finally {
      Files.delete(error);
    }
  }

  private static List<Map<String, Object>> of(String kind) {
    return rendered.stream().filter(document -> at(document, "kind").equals(kind)).toList();
  }

  private static Map<String, Object> named(String kind, String name) {
    return of(kind).stream()
        .filter(document -> at(document, "metadata", "name").equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
  }

  private static Map<String, Object> pod(String role) {
    return map(at(named("StatefulSet", "kas-" + role), "spec", "template", "spec"));
  }

  private static Map<String, Object> container(String role) {
    return maps(at(pod(role), "containers")).getFirst();
  }

  @Test
  void itPassesItsLint() throws IOException, InterruptedException {
    assertThat(succeed(List.of("lint", "--strict", "--set", "network=simnet")))
        .contains("0 chart(s) failed");
  }

  @Test
  void itsVersionIsThatOfTheProgram() {
    Map<String, Object> chart = DeployFiles.yaml("helm/kaspeer/Chart.yaml");
    String release = Version.current().replace("-SNAPSHOT", "");
    assertThat(chart).containsEntry("version", release).containsEntry("appVersion", release);
  }

  /** A cluster on a network that it cannot join would look well, and never be ready. */
  @Test
  void withoutANetworkItSaysInALineWhatToSet() throws IOException, InterruptedException {
    Outcome outcome = run(List.of("template", "kas"));
    assertThat(outcome.isContent()).isFalse();
    assertThat(outcome.error().lines().filter(line -> line.startsWith("Error:")))
        .singleElement()
        .asString()
        .endsWith(
            "set network to simnet or devnet: this version cannot join mainnet or testnet-10");
  }

  @Test
  void probesAreSplit() {
    for (String role : List.of("core", "edge")) {
      Map<String, Object> container = container(role);
      assertThat(at(container, "startupProbe", "httpGet", "path")).isEqualTo("/health/started");
      assertThat(at(container, "livenessProbe", "httpGet", "path")).isEqualTo("/health/live");
    }
    assertThat(at(container("core"), "readinessProbe", "httpGet", "path"))
        .isEqualTo("/health/ready");
    // An edge that waited for the sync would keep out the peers to sync from.
    assertThat(at(container("edge"), "readinessProbe", "httpGet", "path"))
        .isEqualTo("/health/joined");
  }

  /** Else the kubelet would end a core with a long history in the midst of its start, for ever. */
  @Test
  void aCoreMayTakeHoursToStart() {
    assertThat(startSeconds("core")).isGreaterThanOrEqualTo(6 * 3600);
    assertThat(startSeconds("edge")).isLessThanOrEqualTo(600);
    assertThat(at(container("core"), "livenessProbe"))
        .isEqualTo(at(container("edge"), "livenessProbe"));
  }

  private static int startSeconds(String role) {
    Map<String, Object> probe = map(at(container(role), "startupProbe"));
    return (int) at(probe, "periodSeconds") * (int) at(probe, "failureThreshold");
  }

  @Test
  void anEdgeIsToldWherePeersReachItByItsName() throws IOException, InterruptedException {
    assertThat(template()).doesNotContain("--external-address");
    assertThat(template("--set", "edge.externalAddress=$(POD_NAME).edges.example.org"))
        .containsOnlyOnce("- --external-address=$(POD_NAME).edges.example.org");
  }

  @Test
  void everyEdgeHasAnAddressOfItsOwn() {
    for (int i = 0; i < 3; i++) {
      Map<String, Object> service = named("Service", "kas-edge-" + i);
      assertThat(at(service, "spec", "type")).isEqualTo("LoadBalancer");
      assertThat(at(service, "spec", "externalTrafficPolicy")).isEqualTo("Local");
      assertThat(map(at(service, "spec", "selector")))
          .containsEntry("statefulset.kubernetes.io/pod-name", "kas-edge-" + i);
      assertThat(maps(at(service, "spec", "ports")))
          .singleElement()
          .satisfies(port -> assertThat(port).containsEntry("port", 16111));
    }
    assertThat(of("Service")).hasSize(5);
  }

  @Test
  void membersFindEachOtherBeforeTheyAreReady() {
    for (String role : List.of("core", "edge")) {
      Map<String, Object> service = named("Service", "kas-" + role);
      assertThat(at(service, "spec", "publishNotReadyAddresses")).isEqualTo(true);
      assertThat(at(service, "spec", "clusterIP")).isEqualTo("None");
      assertThat(at(named("StatefulSet", "kas-" + role), "spec", "podManagementPolicy"))
          .isEqualTo("Parallel");
      assertThat(strings(at(container(role), "args")))
          .contains(
              "--roles=" + role,
              "--cluster-join=kas-core-0.kas-core.default.svc.cluster.local:25520,"
                  + "kas-core-1.kas-core.default.svc.cluster.local:25520",
              "--cluster-listen=$(POD_NAME).kas-" + role + ".default.svc.cluster.local:25520",
              "--cluster-tls=/run/kaspeer-tls");
    }
    assertThat(strings(at(container("edge"), "args"))).contains("--listen=0.0.0.0:16111");
    assertThat(strings(at(container("core"), "args"))).noneMatch(arg -> arg.startsWith("--listen"));
  }

  @Test
  void aPodDrainsAndThenHasTimeToStop() {
    for (String role : List.of("core", "edge")) {
      int drain = (Integer) at(container(role), "lifecycle", "preStop", "sleep", "seconds");
      int grace = (Integer) at(pod(role), "terminationGracePeriodSeconds");
      // A node stops within ten seconds.
      assertThat(grace).isGreaterThan(drain + 10);
      assertThat(at(named("PodDisruptionBudget", "kas-" + role), "spec", "maxUnavailable"))
          .isEqualTo(1);
    }
  }

  @Test
  void nothingRunsAsRootOrWritesOutsideItsData() {
    for (String role : List.of("core", "edge")) {
      assertThat(at(pod(role), "securityContext", "runAsNonRoot")).isEqualTo(true);
      assertThat(at(container(role), "securityContext", "readOnlyRootFilesystem")).isEqualTo(true);
      assertThat(maps(at(container(role), "volumeMounts")))
          .filteredOn(mount -> !mount.containsKey("readOnly"))
          .extracting(mount -> mount.get("mountPath"))
          .containsExactlyInAnyOrder("/data", "/tmp");
    }
  }

  /** Else each role would be a job of its own, named after the release, and no alert knows it. */
  @Test
  void aReleaseIsOneJobThatTheAlertsKnow() throws IOException, InterruptedException {
    List<Map<String, Object>> documents =
        DeployFiles.documents(template("--set", "serviceMonitor.enabled=true"));
    Map<String, Object> monitor =
        documents.stream()
            .filter(document -> at(document, "kind").equals("ServiceMonitor"))
            .findFirst()
            .orElseThrow();
    String label = at(monitor, "spec", "jobLabel").toString();
    Map<String, Object> wanted = map(at(monitor, "spec", "selector", "matchLabels"));
    List<Object> jobs =
        documents.stream()
            .filter(document -> at(document, "kind").equals("Service"))
            .map(document -> map(at(document, "metadata", "labels")))
            .filter(labels -> labels.entrySet().containsAll(wanted.entrySet()))
            .map(labels -> at(labels, label))
            .toList();
    assertThat(jobs).isNotEmpty().containsOnly("kaspeer");
    assertThat(DeployFiles.text("prometheus/alerts.yaml")).contains("up{job=~\".*kaspeer.*\"}");
  }

  @Test
  void valuesReachWhereTheyBelong() throws IOException, InterruptedException {
    String text =
        template(
            "--set", "edge.replicas=1",
            "--set", "network=testnet-10",
            "--set", "edge.service.type=NodePort",
            "--set", "edge.service.nodePorts={30111}",
            "--set", "serviceMonitor.enabled=true",
            "--set", "core.options={--log-level=debug}",
            "--set", "edge.env[0].name=JAVA_TOOL_OPTIONS",
            "--set", "edge.env[0].value=-Xmx3g");
    List<Map<String, Object>> documents = DeployFiles.documents(text);
    assertThat(documents.stream().map(document -> at(document, "kind")))
        .contains("ServiceMonitor")
        .filteredOn("Service"::equals)
        .hasSize(3);
    assertThat(text).contains("--network=testnet-10", "nodePort: 30111", "--log-level=debug");
    Map<String, Object> edge =
        documents.stream()
            .filter(document -> at(document, "kind").equals("StatefulSet"))
            .filter(document -> at(document, "metadata", "name").equals("kas-edge"))
            .findFirst()
            .orElseThrow();
    Map<String, Object> container =
        maps(at(edge, "spec", "template", "spec", "containers")).getFirst();
    assertThat(maps(at(container, "env")))
        .extracting(variable -> variable.get("name"))
        .containsExactly("POD_NAME", "JAVA_TOOL_OPTIONS");
  }
}
