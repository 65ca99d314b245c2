package kaspeer.conformance.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.ContainerNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import kaspeer.conformance.deploy.TestImage;
import kaspeer.testkit.node.Await;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.MountableFile;

/**
 * A member of a cluster in a container of its own. It speaks to the others on one network, and to
 * peers and operators on another: it can be cut off from the others alone.
 */
final class Member extends GenericContainer<Member> {
  private static final int P2P = 16511;
  private static final int ADMIN = 17511;
  private static final int CLUSTER = 25520;
  private static final String TLS = "/run/kaspeer-tls";

  /** Five JVMs share a small machine for some minutes: a better compiler would not pay. */
  private static final String JAVA_OPTIONS = "-Xmx256m -XX:TieredStopAtLevel=1";

  private static final Duration ANSWER_LIMIT = Duration.ofMinutes(1);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  /**
   * @param name of the host
   * @param inside address among the members
   * @param outside address for peers and operators
   */
  record Place(String name, String role, String inside, String outside) {
    /** By which members know each other. */
    String contact() {
      return inside + ":" + CLUSTER;
    }
  }

  private final Place place;
  private final Network members;
  private final Network others;
  private final String token;

  /**
   * @param secrets what {@code deploy/secrets} has made
   * @param join contacts of the members to join through
   */
  Member(
      Place place, Network members, Network others, Path secrets, String token, List<String> join) {
    super(TestImage.NAME);
    this.place = place;
    this.members = members;
    this.others = others;
    this.token = token;
    withImagePullPolicy(_ -> false);
    withNetwork(members);
    withCreateContainerCmdModifier(
        create -> create.withHostName(place.name).withIpv4Address(place.inside));
    withEnv("JDK_JAVA_OPTIONS", JAVA_OPTIONS);
    // Binding them would take an image that only a registry has.
    withCopyFileToContainer(
        MountableFile.forHostPath(secrets.resolve("admin-token")), "/data/admin-token");
    withCopyFileToContainer(MountableFile.forHostPath(secrets.resolve(place.name)), TLS);
    withCommand(
        "run",
        "--network=simnet",
        "--roles=" + place.role,
        "--listen=0.0.0.0:" + P2P,
        "--admin=0.0.0.0:" + ADMIN,
        "--cluster-listen=" + place.contact(),
        "--cluster-join=" + String.join(",", join),
        "--cluster-tls=" + TLS,
        "--no-dns-seed",
        "--out-peers=0");
    waitingFor(
        new AbstractWaitStrategy() {
          @Override
          protected void waitUntilReady() {}
        });
  }

  @Override
  protected void containerIsCreated(String containerId) {
    getDockerClient()
        .connectToNetworkCmd()
        .withContainerId(containerId)
        .withNetworkId(others.getId())
        .withContainerNetwork(at(place.outside))
        .exec();
  }

  private static ContainerNetwork at(String address) {
    return new ContainerNetwork()
        .withIpamConfig(new ContainerNetwork.Ipam().withIpv4Address(address));
  }

  Place place() {
    return place;
  }

  boolean isCore() {
    return place.role.equals("core");
  }

  /** Where it accepts peers. */
  InetSocketAddress door() {
    return new InetSocketAddress(InetAddress.ofLiteral(place.outside), P2P);
  }

  /** Ends it without warning, as {@code kill -9} does. */
  void kill() {
    getDockerClient().killContainerCmd(getContainerId()).withSignal("KILL").exec();
  }

  /** Stops all its threads where they are. */
  void freeze() {
    getDockerClient().pauseContainerCmd(getContainerId()).exec();
  }

  /** Lets its threads go on. */
  void thaw() {
    getDockerClient().unpauseContainerCmd(getContainerId()).exec();
  }

  /** Takes it off the members' network; nobody is told. */
  void cutOff() {
    getDockerClient()
        .disconnectFromNetworkCmd()
        .withContainerId(getContainerId())
        .withNetworkId(members.getId())
        .exec();
  }

  /** Puts it back where it was. */
  void mend() {
    getDockerClient()
        .connectToNetworkCmd()
        .withContainerId(getContainerId())
        .withNetworkId(members.getId())
        .withContainerNetwork(at(place.inside))
        .exec();
  }

  /** Stops it as an orchestrator does. Returns its exit code. */
  long end(Duration limit) {
    getDockerClient()
        .stopContainerCmd(getContainerId())
        .withTimeout(Math.toIntExact(limit.toSeconds()))
        .exec();
    InspectContainerResponse.ContainerState state =
        getDockerClient().inspectContainerCmd(getContainerId()).exec().getState();
    Long code = state.getExitCodeLong();
    return code == null ? -1 : code;
  }

  /** Starts it again on the data that it has. */
  void startAgain() {
    getDockerClient().startContainerCmd(getContainerId()).exec();
  }

  /** The answer to a GET below {@code /api/v1/}; missing if there is none. */
  JsonNode get(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://" + place.outside + ":" + ADMIN + "/api/v1/" + path))
            .header("Authorization", "Bearer " + token)
            .timeout(Duration.ofSeconds(5))
            .build();
    try {
      HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200 ? JSON.readTree(answer.body()) : JSON.missingNode();
    } catch (IOException notNow) {
      return JSON.missingNode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException(e));
    }
  }

  /** The answer to a GET below {@code /api/v1/} of a member that is there. */
  JsonNode ask(String path) {
    List<JsonNode> answers = new ArrayList<>();
    Await.until(
        place.name + " answers " + path,
        ANSWER_LIMIT,
        () -> {
          answers.add(get(path));
          return !answers.getLast().isMissingNode();
        },
        this::getLogs);
    return answers.getLast();
  }

  /** How it sees itself in the cluster; missing if it does not answer. */
  JsonNode own() {
    for (JsonNode member : get("cluster").path("members")) {
      if (member.path("isSelf").asBoolean()) {
        return member;
      }
    }
    return JSON.missingNode();
  }

  /** Whether it is a member among so many, all up and within reach, and has a DAG to use. */
  boolean isWithin(int count) {
    JsonNode all = get("cluster").path("members");
    for (JsonNode member : all) {
      if (!member.path("status").asText().equals("up") || !member.path("reachable").asBoolean()) {
        return false;
      }
    }
    return all.size() == count && !own().path("dag").asText().isEmpty();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Member member && member.place.equals(place);
  }

  @Override
  public int hashCode() {
    return place.hashCode();
  }

  @Override
  public String toString() {
    return place.name;
  }
}
