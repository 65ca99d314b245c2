package kaspeer.testkit.flow;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kaspeer.flow.Extension;
import kaspeer.flow.Extension.OwnMessage;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.FlowHost;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.Telemetry;
import kaspeer.flow.Verdict;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/** The engine's part for a plug-in's flow: its host, its own messages, its verdicts. */
final class ExtensionScript {
  private record Host(Path folder, Telemetry telemetry, InstantSource clock) implements FlowHost {}

  /** A message of the flow's own. */
  record OwnSent(int number, ByteString payload) {}

  private final Extension extension;
  private final PeerInfo peer;
  private final RecordedTelemetry telemetry = new RecordedTelemetry();
  private final Deque<OwnSent> sent = new ArrayDeque<>();

  private ExtensionScript(Extension extension, PeerInfo peer) {
    this.extension = extension;
    this.peer = peer;
  }

  /** Starts the factory as a node does, if it is a plug-in's. */
  static ExtensionScript start(FlowFactory<?> factory, FlowSetup setup, Supplier<Instant> now) {
    ExtensionScript script = new ExtensionScript(factory.descriptor().extension(), setup.peer());
    if (!script.extension.isNone()) {
      try {
        Path folder = setup.folder();
        Path own = folder != null ? folder : Files.createTempDirectory("flow");
        factory.start(new Host(own, script.telemetry, now::get));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (Exception e) {
        throw new AssertionError("the factory does not start: " + e.getMessage(), e);
      }
    }
    return script;
  }

  RecordedTelemetry telemetry() {
    return telemetry;
  }

  synchronized Deque<OwnSent> sent() {
    return sent;
  }

  /** The flow sends a message of its own. */
  synchronized boolean send(int number, ByteString payload) {
    Extension.Own own =
        extension
            .own()
            .orElseThrow(() -> new IllegalArgumentException("the flow has no own messages"));
    OwnMessage message =
        own.messages().stream()
            .filter(one -> one.number() == number)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no message " + number));
    int size = CodedOutputStream.computeBytesSize(number, payload);
    if (size > message.maxBytes()) {
      throw new IllegalArgumentException(
          message.name() + " of " + size + " bytes, at most " + message.maxBytes());
    }
    boolean speaks = own.audience() == Extension.Audience.CHOSEN || peer.speaks(own.tag());
    if (speaks) {
      sent.add(new OwnSent(number, payload));
    }
    return speaks;
  }

  FlowEvent observed(KaspadMessage message, Instant now) {
    require(
        message.getPayloadCase(),
        extension.observe().map(o -> o.payloads().contains(message.getPayloadCase())).orElse(false),
        "observe");
    return new FlowEvent.Observed(message, message.getSerializedSize(), now);
  }

  FlowEvent intercepted(KaspadMessage message, Instant now, Said said) {
    require(
        message.getPayloadCase(),
        extension
            .intercept()
            .map(i -> i.payloads().contains(message.getPayloadCase()))
            .orElse(false),
        "intercept");
    return new FlowEvent.Intercepted(message, message.getSerializedSize(), now, said);
  }

  private static void require(PayloadCase payload, boolean declared, String what) {
    if (!declared) {
      throw new AssertionError("the descriptor does not " + what + " " + payload);
    }
  }

  /** Keeps the first word of a verdict. */
  static final class Said implements Verdict {
    private final Consumer<FlowOutcome.Violation> violations;
    private FlowHarness.Word word = FlowHarness.Word.NONE;

    Said(Consumer<FlowOutcome.Violation> violations) {
      this.violations = violations;
    }

    synchronized FlowHarness.Word word() {
      return word;
    }

    private synchronized boolean say(FlowHarness.Word next) {
      boolean first = word == FlowHarness.Word.NONE;
      word = first ? next : word;
      return first;
    }

    @Override
    public void pass() {
      say(FlowHarness.Word.PASS);
    }

    @Override
    public void drop() {
      say(FlowHarness.Word.DROP);
    }

    @Override
    public void violation(ViolationCode code, String detail) {
      if (say(FlowHarness.Word.VIOLATION)) {
        violations.accept(new FlowOutcome.Violation(code, detail));
      }
    }
  }
}
