package kaspeer.engine.extension;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import kaspeer.engine.Engine.RegisteredFlow;
import kaspeer.engine.TestEngine;
import kaspeer.engine.metrics.MetricFamily;
import kaspeer.engine.peer.PeerReport;
import kaspeer.engine.peers.Departure;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.testkit.plugin.PluginJar;
import kaspeer.wire.VersionInfo;
import org.jspecify.annotations.Nullable;

/** An engine with a plug-in whose code a test writes, and peers that the test plays. */
final class PluginRig implements AutoCloseable {
  static final Duration SOON = TestEngine.SOON;
  static final String NAME = "sonar";

  /** Parts of a plug-in's source, each Java statements or an expression. */
  record Code(String descriptor, String onStart, String onCreate, String onEvent) {
    static Code of(String descriptor) {
      return new Code(descriptor, "", "", "");
    }

    /** When the node starts; {@code host} is there. */
    Code onStart(String statements) {
      return new Code(descriptor, statements, onCreate, onEvent);
    }

    /** When the flow starts with a peer; {@code flow} and {@code actor} are there. */
    Code onCreate(String statements) {
      return new Code(descriptor, onStart, statements, onEvent);
    }

    /** For each {@code event}. */
    Code onEvent(String statements) {
      return new Code(descriptor, onStart, onCreate, statements);
    }

    private String source() {
      return """
          package plug;
          import com.google.protobuf.ByteString;
          import java.nio.file.*;
          import java.time.Duration;
          import java.util.*;
          import kaspeer.flow.*;
          import kaspeer.flow.Extension.*;
          import kaspeer.flow.dag.Dag;
          import kaspeer.flow.policy.ViolationCode;
          import kaspeer.wire.proto.KaspadMessage;
          import kaspeer.wire.proto.KaspadMessage.PayloadCase;
          import org.apache.pekko.actor.typed.Behavior;
          import org.apache.pekko.actor.typed.javadsl.Behaviors;

          public class Sonar implements FlowFactory<Object> {
            private FlowHost host;
            private Telemetry.Counter seen;
            public void start(FlowHost host) throws Exception {
              this.host = host;
              this.seen = host.telemetry().counter("seen", "What came.", "what");
              ON_START
            }
            public FlowDescriptor descriptor() {
              return DESCRIPTOR;
            }
            public Object wrap(FlowEvent event) { return event; }
            public Behavior<Object> create(FlowContext flow) {
              return Behaviors.setup(actor -> {
                ON_CREATE
                return Behaviors.receiveMessage(event -> {
                  seen.add(1, event.getClass().getSimpleName());
                  ON_EVENT
                  return Behaviors.same();
                });
              });
            }
            /** Blocks its thread until the test has had enough. */
            void hang() {
              try {
                while (!Files.exists(host.folder().resolve("enough"))) {
                  Thread.sleep(10);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }
          }
          """
          .replace("ON_START", onStart)
          .replace("DESCRIPTOR", descriptor)
          .replace("ON_CREATE", onCreate)
          .replace("ON_EVENT", onEvent);
    }
  }

  private final Path plugins;
  private final TestEngine engine;
  private final PeerLab lab = new PeerLab();

  private PluginRig(Path plugins, TestEngine engine) {
    this.plugins = plugins;
    this.engine = engine;
  }

  static void write(Path plugins, String jar, Code code) {
    PluginJar.named(jar).factory("plug.Sonar", code.source()).writeTo(plugins);
  }

  static PluginRig start(Path plugins, Code code) {
    write(plugins, NAME, code);
    return start(plugins, Set.of(NAME));
  }

  static PluginRig start(Path plugins, Set<String> jars) {
    return new PluginRig(plugins, TestEngine.start(config -> config.plugins(plugins, jars)));
  }

  TestEngine engine() {
    return engine;
  }

  /** A peer that has said nothing yet. */
  ScriptedPeer dial() {
    return lab.dial(engine.address());
  }

  /** A peer that shook hands. */
  ScriptedPeer join() {
    return lab.join(engine.address());
  }

  /** A peer whose user agent names a tag. */
  ScriptedPeer join(String tag) {
    VersionInfo plain = lab.identity();
    VersionInfo tagged =
        new VersionInfo(
            plain.protocolVersion(),
            plain.services(),
            plain.timestamp(),
            plain.address(),
            plain.id(),
            plain.userAgent() + tag + "/",
            plain.disableRelayTx(),
            plain.subnetworkId(),
            plain.network());
    ScriptedPeer peer = lab.dial(engine.address(), PeerOptions.DEFAULT, tagged);
    peer.handshake();
    return peer;
  }

  /** What a peer hears under this number. */
  static BlockingQueue<ByteString> hearing(ScriptedPeer peer, int number) {
    BlockingQueue<ByteString> heard = new LinkedBlockingQueue<>();
    peer.onBytes(
        bytes -> {
          try {
            heard.addAll(
                UnknownFieldSet.parseFrom(bytes).getField(number).getLengthDelimitedList());
          } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
          }
        });
    return heard;
  }

  static @Nullable String next(BlockingQueue<ByteString> heard) throws InterruptedException {
    ByteString bytes = heard.poll(SOON.toSeconds(), TimeUnit.SECONDS);
    return bytes == null ? null : bytes.toStringUtf8();
  }

  static void say(ScriptedPeer peer, int number, String text) {
    peer.sendBytes(Messages.envelope(number, ByteString.copyFromUtf8(text)));
  }

  /** How often the plug-in was told events of a kind. */
  long seen(String kind) {
    return (long) counted("kaspeer_plugin_sonar_seen_total", kind);
  }

  double counted(String name, String... labels) {
    return engine.engine().metrics().snapshot().stream()
        .filter(family -> family.name().equals(name))
        .flatMap(family -> family.samples().stream())
        .filter(sample -> List.copyOf(sample.labels().values()).equals(List.of(labels)))
        .mapToDouble(sample -> sample instanceof MetricFamily.Value value ? value.value() : 0)
        .sum();
  }

  FlowHealth.Report health() {
    return engine.engine().flows().stream()
        .filter(flow -> flow.descriptor().name().equals(NAME))
        .map(RegisteredFlow::health)
        .findFirst()
        .orElseThrow();
  }

  /** How often this happened to the flow, as the admin endpoint shows it. */
  long happened(FlowHealth.Event event) {
    return health().events().getOrDefault(event.label(), -1L);
  }

  void awaitHappened(FlowHealth.Event event, long least) {
    engine.await(event + " " + least + " times, now " + health(), () -> happened(event) >= least);
  }

  /** The only peer that has left did so for this reason. */
  void awaitDeparture(String reason) {
    engine.await(
        "a peer left for " + reason,
        () -> engine.departures().stream().map(Departure::reason).toList().equals(List.of(reason)));
  }

  void awaitSeen(String kind, long least) {
    engine.await(kind + " seen " + least + " times", () -> seen(kind) >= least);
  }

  /** The flow as it is shown with the only peer. */
  PeerReport.FlowReport withPeer() {
    return engine.peers().getFirst().flows().stream()
        .filter(flow -> flow.name().equals(NAME))
        .findFirst()
        .orElseThrow();
  }

  /** Lets go of all that hangs. */
  void enough() {
    try {
      Files.writeString(plugins.resolve(NAME).resolve("enough"), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    lab.close();
    enough();
    engine.close();
  }
}
