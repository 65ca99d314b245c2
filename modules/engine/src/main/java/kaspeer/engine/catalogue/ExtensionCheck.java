package kaspeer.engine.catalogue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import kaspeer.engine.catalogue.FlowCatalogue.Registration;
import kaspeer.flow.Extension;
import kaspeer.flow.Extension.OwnMessage;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.PayloadKind;
import kaspeer.wire.PayloadType;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/**
 * The rules of plug-ins' flows: they take no message away from the flows of the network, are told
 * apart by name, tag and numbers, and intercept only what can be missed.
 */
final class ExtensionCheck {
  private final List<Registration> registrations;
  private final PayloadCatalogue payloads;
  private final List<String> faults = new ArrayList<>();

  ExtensionCheck(List<Registration> registrations, PayloadCatalogue payloads) {
    this.registrations = registrations;
    this.payloads = payloads;
  }

  List<String> faults() {
    Map<String, Registration> names = new HashMap<>();
    Map<String, Registration> claims = new HashMap<>();
    for (Registration one : registrations) {
      Registration other = names.putIfAbsent(one.descriptor().name(), one);
      if (other != null && (one.isPlugin() || other.isPlugin())) {
        faults.add(who(one) + " has the name of one of " + other.origin());
      }
      if (one.isPlugin()) {
        form(one);
        types(one);
        one.descriptor().extension().own().ifPresent(own -> claims(one, own, claims));
      }
    }
    return faults;
  }

  private static String who(Registration one) {
    return "flow " + one.descriptor().name() + " of " + one.origin();
  }

  private void form(Registration one) {
    FlowDescriptor flow = one.descriptor();
    if (flow.extension().isNone()) {
      faults.add(who(one) + " neither observes nor intercepts, and has no messages of its own");
    }
    if (!flow.inboxes().isEmpty()) {
      faults.add(who(one) + " takes messages that belong to the flows of the network");
    }
    if (flow.phase() != Phase.READY || flow.onFailure() != OnFailure.RESTART) {
      faults.add(who(one) + " must start when peers are ready, and leave them when it fails");
    }
  }

  private void types(Registration one) {
    FlowDescriptor flow = one.descriptor();
    forbid(one, "send", flow.sends(), type -> type.kind() == PayloadKind.ANNOUNCEMENT);
    forbid(
        one,
        "observe",
        flow.extension().observe().map(Extension.Observe::payloads).orElse(Set.of()),
        type ->
            type.kind() != PayloadKind.HANDSHAKE
                && type.kind() != PayloadKind.LAST_WORD
                && type.kind() != PayloadKind.LEGACY);
    forbid(
        one,
        "intercept",
        flow.extension().intercept().map(Extension.Intercept::payloads).orElse(Set.of()),
        type ->
            type.kind() == PayloadKind.ANNOUNCEMENT
                || type.kind() == PayloadKind.REQUEST
                || type.payloadCase() == PayloadCase.TRANSACTION);
  }

  private void forbid(
      Registration one, String what, Set<PayloadCase> types, Predicate<PayloadType> allowed) {
    for (PayloadCase type : types) {
      if (type == PayloadCase.PAYLOAD_NOT_SET || !allowed.test(payloads.of(type))) {
        faults.add(who(one) + " cannot " + what + " " + type);
      }
    }
  }

  private void claims(Registration one, Extension.Own own, Map<String, Registration> claims) {
    claim(one, "the tag " + own.tag(), claims);
    for (OwnMessage message : own.messages()) {
      claim(one, "the message number " + message.number(), claims);
      claim(one, "the message name " + message.name(), claims);
      boolean named = payloads.types().stream().anyMatch(t -> t.name().equals(message.name()));
      if (named || payloads.byNumber(message.number()) != null) {
        faults.add(
            who(one)
                + " has a message "
                + message.name()
                + " with number "
                + message.number()
                + ", and so has the network");
      }
    }
  }

  private void claim(Registration one, String what, Map<String, Registration> claims) {
    Registration other = claims.putIfAbsent(what, one);
    if (other != null) {
      faults.add(what + " is claimed by " + who(other) + " and by " + who(one));
    }
  }
}
