package kaspeer.conformance.deploy;

import static kaspeer.conformance.deploy.DeployFiles.at;
import static kaspeer.conformance.deploy.DeployFiles.maps;
import static kaspeer.conformance.deploy.DeployFiles.strings;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.node.KaspeerNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dashboards and alert rules ask for nothing that a node does not serve. */
final class MonitoringTest {
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");
  private static final Pattern NAME = Pattern.compile("\\b(kaspeer_[a-z0-9_]+|up)\\b");
  private static final Pattern RATED =
      Pattern.compile("\\b(?:rate|increase|irate)\\((kaspeer_[a-z0-9_]+)");

  /** Kind by name, of what a node serves. */
  private static final Map<String, String> SERVED = new HashMap<>();

  @BeforeAll
  static void scrape(@TempDir Path folder) throws IOException, InterruptedException {
    // A member of a cluster serves all that a node on its own does, and more.
    try (KaspeerNode node =
            KaspeerNode.start(
                folder.resolve("node"),
                "--no-dns-seed",
                "--out-peers",
                "0",
                "--cluster-listen",
                "127.0.0.1:" + Kaspad.freePort());
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(node.adminUri().resolve("/metrics")).build();
      Matcher type =
          TYPE.matcher(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
      while (type.find()) {
        SERVED.put(type.group(1), type.group(2));
      }
    }
    assertThat(SERVED).hasSizeGreaterThan(40);
  }

  private static List<JsonNode> dashboards() throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<Path> files = DeployFiles.files("grafana/dashboards", ".json");
    assertThat(files).hasSizeGreaterThanOrEqualTo(4);
    JsonNode[] boards = new JsonNode[files.size()];
    for (int i = 0; i < boards.length; i++) {
      boards[i] = json.readTree(Files.readString(files.get(i)));
    }
    return List.of(boards);
  }

  private static void assertServed(String where, String expression) {
    String names = QUOTED.matcher(expression).replaceAll("");
    Set<String> found = new HashSet<>();
    Matcher name = NAME.matcher(names);
    while (name.find()) {
      found.add(name.group());
      assertThat(kind(name.group()))
          .as("%s: %s in %s", where, name.group(), expression)
          .isNotEmpty();
    }
    assertThat(found).as(where + ": " + expression).isNotEmpty();
    // The rate of what may fall again says nothing.
    Matcher rated = RATED.matcher(names);
    while (rated.find()) {
      assertThat(kind(rated.group(1)))
          .as(where + ": " + expression)
          .isIn("counter", "histogram", "gauge that only grows");
    }
  }

  private static String kind(String name) {
    String family = name.replaceFirst("_(bucket|sum|count)$", "");
    // Prometheus makes this one itself.
    if (name.equals("up")) {
      return "gauge";
    }
    if (name.equals("kaspeer_ibd_stalls")) {
      return SERVED.containsKey(name) ? "gauge that only grows" : "";
    }
    return SERVED.getOrDefault(family, "").equals("histogram")
        ? family.equals(name) ? "" : "histogram"
        : SERVED.getOrDefault(name, "");
  }

  @Test
  void everyPanelAsksForWhatIsServed() throws IOException {
    Set<String> ids = new HashSet<>();
    for (JsonNode board : dashboards()) {
      String title = board.path("title").asText();
      assertThat(ids.add(board.path("uid").asText())).as(title).isTrue();
      assertThat(board.path("panels")).as(title).isNotEmpty();
      Set<Integer> numbers = new HashSet<>();
      for (JsonNode panel : board.path("panels")) {
        String where = title + ", " + panel.path("title").asText();
        assertThat(numbers.add(panel.path("id").asInt())).as(where).isTrue();
        assertThat(panel.path("targets")).as(where).isNotEmpty();
        for (JsonNode target : panel.path("targets")) {
          String expression = target.path("expr").asText();
          assertServed(where, expression);
          assertThat(expression.contains("$instance") || expression.contains("count("))
              .as(where + " is of the chosen members")
              .isTrue();
        }
      }
    }
  }

  @Test
  void noPanelLiesOnAnother() throws IOException {
    for (JsonNode board : dashboards()) {
      Set<String> cells = new HashSet<>();
      for (JsonNode panel : board.path("panels")) {
        JsonNode place = panel.path("gridPos");
        for (int x = place.path("x").asInt();
            x < place.path("x").asInt() + place.path("w").asInt();
            x++) {
          String cell = board.path("uid").asText() + x + "," + place.path("y").asInt();
          assertThat(x).isLessThan(24);
          assertThat(cells.add(cell)).as(panel.path("title").asText() + " at " + cell).isTrue();
        }
      }
    }
  }

  @Test
  void everyAlertAsksForWhatIsServedAndSaysWhatItMeansAndWhatToDo() {
    Set<String> names = new HashSet<>();
    List<Map<String, Object>> groups =
        maps(at(DeployFiles.yaml("prometheus/alerts.yaml"), "groups"));
    List<Map<String, Object>> rules =
        groups.stream().flatMap(group -> maps(at(group, "rules")).stream()).toList();
    assertThat(rules).hasSizeGreaterThanOrEqualTo(10);
    for (Map<String, Object> rule : rules) {
      String name = at(rule, "alert").toString();
      assertThat(names.add(name)).as(name).isTrue();
      assertServed(name, at(rule, "expr").toString());
      assertThat(at(rule, "labels", "severity")).as(name).isIn("warning", "critical");
      Stream.of("summary", "meaning", "action")
          .forEach(
              part ->
                  assertThat(at(rule, "annotations", part).toString())
                      .as(name + " " + part)
                      .hasSizeGreaterThan(10));
    }
  }

  @Test
  void prometheusReadsTheRulesWhereTheyAreMounted() {
    Map<String, Object> prometheus = DeployFiles.yaml("prometheus/prometheus.yaml");
    assertThat(strings(at(prometheus, "rule_files")))
        .containsExactly("/etc/prometheus/alerts.yaml");
    assertThat(strings(at(DeployFiles.yaml("compose.yaml"), "services", "prometheus", "volumes")))
        .contains("./prometheus:/etc/prometheus:ro");
  }
}
