package kaspeer.example;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import kaspeer.flow.Extension.Audience;
import kaspeer.flow.Extension.Own;
import kaspeer.flow.Extension.OwnMessage;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.FlowHost;
import kaspeer.flow.Telemetry;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Measures how far away other nodes with this plug-in are, by messages of its own. */
public final class SonarFlow implements FlowFactory<SonarFlow.Command> {
  static final int PING = 1_000;
  static final int ECHO = 1_001;
  static final String TAG = "sonar:1";
  static final Duration INTERVAL = Duration.ofSeconds(10);

  /** What the flow is told. */
  public sealed interface Command {}

  private record Heard(FlowEvent.Own message) implements Command {}

  private enum Tick implements Command {
    PING_DUE
  }

  private Telemetry.Spans echoes = (seconds, labels) -> {};

  @Override
  public void start(FlowHost host) {
    echoes = host.telemetry().spans("echo", "Round trips between nodes that have the plug-in.");
  }

  @Override
  public FlowDescriptor descriptor() {
    List<OwnMessage> messages =
        List.of(new OwnMessage(PING, "sonarPing", 64), new OwnMessage(ECHO, "sonarEcho", 64));
    return FlowDescriptor.owning("sonar", new Own(TAG, Audience.SPEAKERS, messages, 16, 1_024));
  }

  @Override
  public Command wrap(FlowEvent event) {
    return new Heard((FlowEvent.Own) event);
  }

  @Override
  public Behavior<Command> create(FlowContext flow) {
    return Behaviors.withTimers(
        timers -> {
          timers.startTimerWithFixedDelay(Tick.PING_DUE, INTERVAL);
          return Behaviors.receiveMessage(
              command -> {
                switch (command) {
                  case Tick.PING_DUE -> flow.outbox().sendOwn(PING, now(flow));
                  case Heard(var message) -> hear(flow, message);
                }
                return Behaviors.same();
              });
        });
  }

  private void hear(FlowContext flow, FlowEvent.Own message) {
    if (message.number() == PING) {
      flow.outbox().sendOwn(ECHO, message.payload());
    } else if (message.payload().size() == Long.BYTES) {
      long sent = message.payload().asReadOnlyByteBuffer().getLong();
      echoes.observe((message.at().toEpochMilli() - sent) / 1e3);
    }
  }

  private static ByteString now(FlowContext flow) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES);
    return ByteString.copyFrom(bytes.putLong(flow.clock().millis()).flip());
  }
}
