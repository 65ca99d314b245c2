package kaspeer.engine.catalogue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowDescriptor.VersionRange;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.PayloadKind;
import kaspeer.wire.PayloadType;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Takes what a test's own flows leave, so that the catalogue is complete. It never pulls. */
public record FillerFlow(FlowDescriptor descriptor) implements FlowFactory<FlowEvent> {
  /** The flows of a test, made complete. */
  public static List<FlowCatalogue.Registration> complete(List<? extends FlowFactory<?>> flows) {
    List<FlowCatalogue.Registration> all = new ArrayList<>();
    flows.forEach(flow -> all.add(new FlowCatalogue.Registration(flow, FlowCatalogue.BUILT_IN)));
    for (Phase phase : Phase.values()) {
      Set<PayloadCase> free = unclaimed(flows, phase);
      if (!free.isEmpty()) {
        all.add(new FlowCatalogue.Registration(taking(phase, free), FlowCatalogue.BUILT_IN));
      }
    }
    return all;
  }

  private static Set<PayloadCase> unclaimed(List<? extends FlowFactory<?>> flows, Phase phase) {
    Set<PayloadCase> free = EnumSet.noneOf(PayloadCase.class);
    for (PayloadType type : PayloadCatalogue.standard().types()) {
      boolean shakes = type.kind() == PayloadKind.HANDSHAKE;
      boolean talks =
          type.kind() == PayloadKind.ANNOUNCEMENT
              || type.kind() == PayloadKind.REQUEST
              || type.kind() == PayloadKind.CREDIT;
      if (phase == Phase.HANDSHAKE ? shakes : talks) {
        free.add(type.payloadCase());
      }
    }
    flows.stream()
        .map(FlowFactory::descriptor)
        .filter(flow -> flow.phase() == phase)
        .flatMap(flow -> flow.inboxes().stream())
        .forEach(inbox -> free.removeAll(inbox.payloads()));
    return free;
  }

  private static FillerFlow taking(Phase phase, Set<PayloadCase> payloads) {
    Inbox inbox = new Inbox("all", payloads, false, 16, 1 << 20, Overflow.DROP);
    String name = phase == Phase.HANDSHAKE ? "filler-handshake" : "filler";
    return new FillerFlow(
        new FlowDescriptor(
            name, VersionRange.ALL, phase, List.of(inbox), Set.of(), OnFailure.END_PEER));
  }

  @Override
  public FlowEvent wrap(FlowEvent event) {
    return event;
  }

  @Override
  public Behavior<FlowEvent> create(FlowContext context) {
    return Behaviors.ignore();
  }
}
