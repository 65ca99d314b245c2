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
import kaspeer.plugin.propagation.PropagationProbe;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.node.KaspeerNode;
import kaspeer.testkit.plugin.PluginJar;
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

  /** A metric and what is asked of its labels. */
  private static final Pattern SELECTOR = Pattern.compile("\\b(kaspeer_[a-z0-9_]+)\\{([^}]*)}");

  private static final Pattern LABEL = Pattern.compile("([a-z_]+)(=~|!~|!=|=)\"([^\"]*)\"");
  private static final Pattern SERIES =
      Pattern.compile("^(kaspeer_[a-z0-9_]+)\\{(.*)} \\S+$", Pattern.MULTILINE);
  private static final Pattern USED = Pattern.compile("\\$labels\\.([a-z_]+)");
  private static final Pattern BY = Pattern.compile("\\bby \\(([^)]*)\\)");

  /** Those that Prometheus sets itself; a namespace only in Kubernetes. */
  private static final Set<String> OF_TARGETS = Set.of("instance", "job", "namespace", "le");

  private static final String PLUGIN = "propagation-probe";

  /** {@code label="value"} by name of the metric, of what a node serves from its start on. */
  private static final Map<String, Set<String>> LABELS = new HashMap<>();

  /** Kind by name, of what a node serves. */
  private static final Map<String, String> SERVED = new HashMap<>();

  @BeforeAll
  static void scrape(@TempDir Path folder) throws IOException, InterruptedException {
    // A member of a cluster serves all that a node on its own does, and more; so does one with a
    // plug-in.
    PluginJar.ofModule(
        PropagationProbe.class,
        PLUGIN,
        Files.createDirectories(folder.resolve("node").resolve("plugins")));
    try (KaspeerNode node =
            KaspeerNode.start(
                folder.resolve("node"),
                "--no-dns-seed",
                "--out-peers",
                "0",
                "--plugin",
                PLUGIN,
                "--cluster-listen",
                "127.0.0.1:" + Kaspad.freePort());
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(node.adminUri().resolve("/metrics")).build();
      String served = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
      Matcher type = TYPE.matcher(served);
      while (type.find()) {
        SERVED.put(type.group(1), type.group(2));
      }
      Matcher series = SERIES.matcher(served);
      while (series.find()) {
        Matcher label = LABEL.matcher(series.group(2));
        while (label.find()) {
          LABELS.computeIfAbsent(series.group(1), _ -> new HashSet<>()).add(label.group());
        }
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

  /** One member that sees no trouble must not hide the trouble that others see. */
  @Test
  void onlyOfMembersThatAreUpTheFewestAreShown() throws IOException {
    int looked = 0;
    for (JsonNode board : dashboards()) {
      for (JsonNode target :
          board.findValues("targets").stream().flatMap(JsonNode::valueStream).toList()) {
        String expression = target.path("expr").asText();
        if (expression.contains("by (status)")) {
          looked++;
          assertThat(expression)
              .matches(
                  "min\\([^()]*,status=\"up\"}\\) by \\(status\\) or max\\([^()]*,status!=\"up\"}\\) by \\(status\\)");
        }
      }
    }
    assertThat(looked).isEqualTo(2);
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

  private static List<Map<String, Object>> rules() {
    return maps(at(DeployFiles.yaml("prometheus/alerts.yaml"), "groups")).stream()
        .flatMap(group -> maps(at(group, "rules")).stream())
        .toList();
  }

  @Test
  void everyAlertAsksForWhatIsServedAndSaysWhatItMeansAndWhatToDo() {
    Set<String> names = new HashSet<>();
    assertThat(rules()).hasSizeGreaterThanOrEqualTo(10);
    for (Map<String, Object> rule : rules()) {
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

  /**
   * What increases from nothing to 1 has not increased for Prometheus. So each series that a rule
   * names by its labels is there before anything happened.
   */
  @Test
  void whatAnAlertNamesByItsLabelsIsServedFromTheStartOn() {
    int named = 0;
    for (Map<String, Object> rule : rules()) {
      Matcher selector = SELECTOR.matcher(at(rule, "expr").toString());
      while (selector.find()) {
        Matcher label = LABEL.matcher(selector.group(2));
        while (label.find()) {
          if (label.group(2).equals("=")) {
            named++;
            assertThat(LABELS.getOrDefault(selector.group(1), Set.of()))
                .as(at(rule, "alert") + ": " + selector.group())
                .contains(label.group());
          }
        }
      }
    }
    assertThat(named).isGreaterThanOrEqualTo(6);
  }

  @Test
  void whatAnAlertIsSummedByAreLabelsOfItsMetricsAndItsWordsUseNoOthers() {
    for (Map<String, Object> rule : rules()) {
      String expression = at(rule, "expr").toString();
      Set<String> known = new HashSet<>(OF_TARGETS);
      Matcher name = NAME.matcher(QUOTED.matcher(expression).replaceAll(""));
      while (name.find()) {
        LABELS
            .getOrDefault(name.group(), Set.of())
            .forEach(label -> known.add(label.substring(0, label.indexOf('='))));
      }
      Matcher by = BY.matcher(expression);
      Set<String> kept = new HashSet<>();
      while (by.find()) {
        kept.addAll(List.of(by.group(1).split(", ")));
      }
      // Series that begin later, with what peers do, are not known here.
      if (!expression.contains("overflow") && !expression.contains("_bucket")) {
        assertThat(known).as(at(rule, "alert").toString()).containsAll(kept);
      }
      Matcher used = USED.matcher(at(rule, "annotations", "summary").toString());
      while (used.find()) {
        assertThat(kept.isEmpty() ? known : kept)
            .as(at(rule, "alert").toString())
            .contains(used.group(1));
      }
    }
  }

  /** {@code increase} is extrapolated: 3 restarts may be 3.1579. */
  @Test
  void aNumberInWordsIsRounded() {
    for (Map<String, Object> rule : rules()) {
      assertThat(at(rule, "annotations", "summary").toString())
          .as(at(rule, "alert").toString())
          .doesNotContain("$value }}");
    }
  }

  @Test
  void aJobIsWhatTheAlertsTakeForOne() {
    Matcher job =
        Pattern.compile("up\\{job=~\"([^\"]*)\"}")
            .matcher(
                rules().stream()
                    .filter(rule -> at(rule, "alert").equals("KaspeerDown"))
                    .map(rule -> at(rule, "expr").toString())
                    .findFirst()
                    .orElseThrow());
    assertThat(job.find()).isTrue();
    for (Map<String, Object> scrape :
        maps(at(DeployFiles.yaml("prometheus/prometheus.yaml"), "scrape_configs"))) {
      assertThat(at(scrape, "job_name").toString()).matches(job.group(1));
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
