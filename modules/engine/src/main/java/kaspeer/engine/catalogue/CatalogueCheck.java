package kaspeer.engine.catalogue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import kaspeer.engine.catalogue.FlowCatalogue.Registration;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.PayloadKind;
import kaspeer.wire.PayloadType;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/**
 * The rules a set of flows must keep: names are unique; in each version and phase every message is
 * taken by exactly one inbox; answers come only through solicited inboxes, and to the flow that
 * asks for them.
 */
final class CatalogueCheck {
  private final List<Registration> registrations;
  private final PayloadCatalogue payloads;
  private final int minVersion;
  private final int maxVersion;

  /** Kept in order and without repetition: a fault in all versions is told once. */
  private final Set<String> faults = new LinkedHashSet<>();

  CatalogueCheck(
      List<Registration> registrations, PayloadCatalogue payloads, int minVersion, int maxVersion) {
    this.registrations = registrations;
    this.payloads = payloads;
    this.minVersion = minVersion;
    this.maxVersion = maxVersion;
  }

  List<String> faults() {
    names();
    for (Registration registration : registrations) {
      registration.descriptor().inboxes().forEach(inbox -> inbox(registration.descriptor(), inbox));
    }
    for (int version = minVersion; version <= maxVersion; version++) {
      Map<PayloadCase, String> shaking = claims(Phase.HANDSHAKE, version);
      Map<PayloadCase, String> talking = claims(Phase.READY, version);
      unclaimed(version, shaking, talking);
      strayAnswers(version);
    }
    return new ArrayList<>(faults);
  }

  private void names() {
    Set<String> seen = new HashSet<>();
    for (Registration registration : registrations) {
      FlowDescriptor descriptor = registration.descriptor();
      if (!seen.add(descriptor.name())) {
        faults.add("two flows are called " + descriptor.name());
      }
      long distinct = descriptor.inboxes().stream().map(Inbox::name).distinct().count();
      if (distinct != descriptor.inboxes().size()) {
        faults.add(descriptor.name() + " has two inboxes of one name");
      }
    }
  }

  private void inbox(FlowDescriptor flow, Inbox inbox) {
    if (inbox.payloads().isEmpty()) {
      faults.add(flow.name() + "/" + inbox.name() + " takes no messages");
    }
    for (PayloadCase payload : inbox.payloads()) {
      if (payload == PayloadCase.PAYLOAD_NOT_SET || payload == PayloadCase.REJECT) {
        faults.add(flow.name() + " claims " + payload + ", which is not for flows");
        continue;
      }
      PayloadType type = payloads.of(payload);
      if (type.isAnswer() && !inbox.solicited()) {
        faults.add(
            flow.name() + "/" + inbox.name() + " takes the answer " + type.name() + " unasked");
      }
      boolean conversation = type.kind() != PayloadKind.ANSWER && type.kind() != PayloadKind.LEGACY;
      if (conversation && inbox.solicited()) {
        faults.add(
            flow.name()
                + "/"
                + inbox.name()
                + " waits for "
                + type.name()
                + " as for an answer, which it is not");
      }
    }
  }

  private boolean asksFor(FlowDescriptor flow, PayloadType answer) {
    return flow.sends().stream().anyMatch(sent -> answer.answers().contains(sent.getNumber()));
  }

  private Map<PayloadCase, String> claims(Phase phase, int version) {
    Map<PayloadCase, String> claims = new EnumMap<>(PayloadCase.class);
    for (FlowDescriptor flow : flows(phase, version)) {
      for (Inbox inbox : flow.inboxes()) {
        for (PayloadCase payload : inbox.payloads()) {
          String other = claims.put(payload, flow.name());
          if (other != null) {
            faults.add(payload + " is claimed by " + other + " and by " + flow.name());
          }
        }
      }
    }
    return claims;
  }

  private void unclaimed(
      int version, Map<PayloadCase, String> shaking, Map<PayloadCase, String> talking) {
    Set<Integer> asked =
        flows(Phase.READY, version).stream()
            .flatMap(flow -> flow.sends().stream())
            .map(PayloadCase::getNumber)
            .collect(Collectors.toSet());
    for (PayloadType type : payloads.types()) {
      if (!type.in(version) || type.isExtension()) {
        continue;
      }
      boolean claimed =
          switch (type.kind()) {
            case HANDSHAKE -> shaking.containsKey(type.payloadCase());
            case ANNOUNCEMENT, REQUEST, CREDIT -> talking.containsKey(type.payloadCase());
            // An answer that nobody asks for needs no taker: it is unsolicited, whoever sends it.
            case ANSWER ->
                talking.containsKey(type.payloadCase())
                    || type.answers().stream().noneMatch(asked::contains);
            case LAST_WORD, LEGACY -> true;
          };
      if (!claimed) {
        faults.add("no flow takes " + type.name() + " in version " + version);
      }
    }
  }

  /**
   * An answer goes to the flow that asks. One that nobody asks for may be claimed by any, for it is
   * never let in.
   */
  private void strayAnswers(int version) {
    List<FlowDescriptor> talking = flows(Phase.READY, version);
    for (FlowDescriptor flow : talking) {
      for (Inbox inbox : flow.inboxes()) {
        for (PayloadCase payload : inbox.payloads()) {
          if (payload == PayloadCase.PAYLOAD_NOT_SET || !payloads.of(payload).isAnswer()) {
            continue;
          }
          PayloadType type = payloads.of(payload);
          if (!asksFor(flow, type) && talking.stream().anyMatch(other -> asksFor(other, type))) {
            faults.add(
                flow.name() + " takes the answer " + type.name() + " but another flow asks for it");
          }
        }
      }
    }
  }

  private List<FlowDescriptor> flows(Phase phase, int version) {
    return registrations.stream()
        .map(Registration::descriptor)
        .filter(flow -> flow.phase() == phase && flow.versions().contains(version))
        .toList();
  }
}
