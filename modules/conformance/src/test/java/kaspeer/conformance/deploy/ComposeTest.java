package kaspeer.conformance.deploy;

import static kaspeer.conformance.deploy.DeployFiles.at;
import static kaspeer.conformance.deploy.DeployFiles.map;
import static kaspeer.conformance.deploy.DeployFiles.maps;
import static kaspeer.conformance.deploy.DeployFiles.strings;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kaspeer.node.config.Option;
import org.junit.jupiter.api.Test;

/** The compose file holds a cluster whose members can find and trust each other. */
final class ComposeTest {
  private static final Set<String> MEMBERS = Set.of("core-1", "core-2", "edge-1");

  private final Map<String, Object> compose = DeployFiles.yaml("compose.yaml");

  private Map<String, Object> service(String name) {
    return map(at(compose, "services", name));
  }

  /** Options by name, from the command and from variables. */
  private Map<String, String> options(String member) {
    List<String> command = strings(at(service(member), "command"));
    assertThat(command.getFirst()).isEqualTo("run");
    Map<String, String> options = new HashMap<>();
    for (int i = 1; i + 1 < command.size(); i += 2) {
      assertThat(options.put(command.get(i), command.get(i + 1))).isNull();
    }
    map(at(service(member), "environment"))
        .forEach(
            (variable, value) ->
                assertThat(options.put(flag(variable), value.toString())).as(variable).isNull());
    return options;
  }

  private static String flag(String variable) {
    return Arrays.stream(Option.values())
        .filter(option -> option.variable().equals(variable))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no option has the variable " + variable))
        .flag();
  }

  /** Without one nothing starts, and a line says what to set. */
  @Test
  void theNetworkIsTheOperatorsChoice() {
    for (String member : MEMBERS) {
      assertThat(options(member).get("--network"))
          .isEqualTo(
              "${KASPEER_NETWORK:?set it to simnet or devnet: this version cannot join mainnet or"
                  + " testnet-10}");
    }
  }

  @Test
  void itsMembersAreTwoCoresAndAnEdge() {
    assertThat(options("core-1").get("--roles")).isEqualTo("core");
    assertThat(options("core-2").get("--roles")).isEqualTo("core");
    assertThat(options("edge-1").get("--roles")).isEqualTo("edge");
    assertThat(map(at(compose, "services")).keySet())
        .containsAll(MEMBERS)
        .contains("prometheus", "grafana");
  }

  @Test
  void everyOptionIsOneOfRun() {
    Set<String> known =
        Arrays.stream(Option.values()).map(Option::flag).collect(Collectors.toSet());
    for (String member : MEMBERS) {
      assertThat(known).containsAll(options(member).keySet());
      assertThat(options(member)).containsKeys("--roles", "--admin", "--cluster-tls");
    }
  }

  @Test
  void membersListenUnderTheNameThatOthersKnowThemByAndJoinTheCores() {
    for (String member : MEMBERS) {
      assertThat(at(service(member), "hostname")).isEqualTo(member);
      assertThat(options(member).get("--cluster-listen")).isEqualTo(member + ":25520");
      assertThat(options(member).get("--cluster-join")).isEqualTo("core-1:25520,core-2:25520");
      assertThat(strings(at(service(member), "volumes")))
          .contains(member + ":/data", "./run/" + member + ":/run/kaspeer-tls:ro");
      assertThat(options(member).get("--cluster-tls")).isEqualTo("/run/kaspeer-tls");
    }
  }

  @Test
  void onlyTheEdgeIsOpenToTheWorld() {
    for (String name : map(at(compose, "services")).keySet()) {
      List<String> ports =
          service(name).containsKey("ports") ? strings(at(service(name), "ports")) : List.of();
      List<String> open = ports.stream().filter(port -> !port.startsWith("127.0.0.1:")).toList();
      assertThat(open)
          .as(name)
          .isEqualTo(name.equals("edge-1") ? List.of("16111:16111") : List.of());
    }
    assertThat(options("edge-1").get("--listen")).isEqualTo("0.0.0.0:16111");
    assertThat(options("edge-1")).containsKey("--external-address");
    assertThat(options("core-1")).doesNotContainKey("--external-address");
  }

  @Test
  void aMemberHasLongerToStopThanANodeTakes() {
    for (String member : MEMBERS) {
      String grace = at(service(member), "stop_grace_period").toString();
      assertThat(Integer.parseInt(grace.replace("s", ""))).isGreaterThan(10);
    }
  }

  @Test
  void whatIsMountedIsThereOrDeclared() {
    Set<String> volumes = map(at(compose, "volumes")).keySet();
    for (String name : map(at(compose, "services")).keySet()) {
      for (String mount : strings(at(service(name), "volumes"))) {
        String source = Stream.of(mount.split(":")).findFirst().orElseThrow();
        if (!source.startsWith("./")) {
          assertThat(volumes).contains(source);
        } else if (!source.startsWith("./run/")) {
          assertThat(Files.exists(DeployFiles.FOLDER.resolve(source))).as(source).isTrue();
        }
      }
    }
  }

  @Test
  void prometheusScrapesEveryMemberWithTheToken() {
    Map<String, Object> job =
        maps(at(DeployFiles.yaml("prometheus/prometheus.yaml"), "scrape_configs")).getFirst();
    Map<String, Object> targets = maps(at(job, "static_configs")).getFirst();
    assertThat(strings(at(targets, "targets")))
        .containsExactlyInAnyOrderElementsOf(
            MEMBERS.stream().map(member -> member + ":17111").toList());
    assertThat(strings(at(service("prometheus"), "volumes")))
        .contains("./run/admin-token:" + at(job, "authorization", "credentials_file") + ":ro");
  }
}
