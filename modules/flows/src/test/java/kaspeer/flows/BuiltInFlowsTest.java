package kaspeer.flows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowFactory;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.PayloadKind;
import kaspeer.wire.PayloadType;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuiltInFlowsTest {
  private static List<FlowDescriptor> flows(int version) {
    List<FlowDescriptor> flows = new ArrayList<>();
    for (FlowFactory<?> factory : BuiltInFlows.all(Runnable::run)) {
      if (factory.descriptor().versions().contains(version)) {
        flows.add(factory.descriptor());
      }
    }
    return flows;
  }

  @Test
  void names_are_unique() {
    List<String> names =
        BuiltInFlows.all(Runnable::run).stream()
            .map(factory -> factory.descriptor().name())
            .toList();
    assertThat(names).doesNotHaveDuplicates().contains("version", "address", "ping", "relay-block");
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 11, 12})
  void every_payload_but_reject_is_taken_by_exactly_one_flow(int version) {
    TreeMap<PayloadCase, List<String>> takers = new TreeMap<>();
    for (FlowDescriptor flow : flows(version)) {
      flow.inboxes()
          .forEach(
              inbox ->
                  inbox
                      .payloads()
                      .forEach(
                          p -> takers.computeIfAbsent(p, _ -> new ArrayList<>()).add(flow.name())));
    }
    Set<PayloadCase> all = EnumSet.allOf(PayloadCase.class);
    all.removeAll(Set.of(PayloadCase.PAYLOAD_NOT_SET, PayloadCase.REJECT));

    assertThat(takers.keySet()).containsExactlyInAnyOrderElementsOf(all);
    assertThat(takers.values()).allSatisfy(flows -> assertThat(flows).hasSize(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 11})
  void answers_are_taken_only_when_asked_for_and_all_else_at_any_time(int version) {
    for (FlowDescriptor flow : flows(version)) {
      for (Inbox inbox : flow.inboxes()) {
        for (PayloadCase payload : inbox.payloads()) {
          PayloadType type = PayloadCatalogue.standard().of(payload);
          if (type.kind() != PayloadKind.LEGACY) {
            assertThat(inbox.solicited())
                .as(flow.name() + " takes " + type)
                .isEqualTo(type.isAnswer());
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 11})
  void only_what_a_version_has_is_sent_in_it(int version) {
    for (FlowDescriptor flow : flows(version)) {
      for (PayloadCase payload : flow.sends()) {
        PayloadType type = PayloadCatalogue.standard().of(payload);
        assertThat(type.in(version) && type.kind() != PayloadKind.LEGACY)
            .as(flow.name() + " sends " + type)
            .isTrue();
      }
    }
  }

  @Test
  void whoever_sends_a_request_takes_all_of_its_answers() {
    for (FlowFactory<?> factory : BuiltInFlows.all(Runnable::run)) {
      FlowDescriptor flow = factory.descriptor();
      Set<PayloadCase> taken = new HashSet<>();
      flow.inboxes().stream()
          .filter(Inbox::solicited)
          .forEach(inbox -> taken.addAll(inbox.payloads()));
      for (PayloadType type : PayloadCatalogue.standard().types()) {
        boolean asked = flow.sends().stream().anyMatch(p -> type.answers().contains(p.getNumber()));
        if (asked) {
          assertThat(taken).as(flow.name() + " asks for " + type).contains(type.payloadCase());
        }
      }
    }
  }

  @Test
  void nothing_but_answers_and_requests_holds_up_a_peer() {
    for (FlowFactory<?> factory : BuiltInFlows.all(Runnable::run)) {
      for (Inbox inbox : factory.descriptor().inboxes()) {
        for (PayloadCase payload : inbox.payloads()) {
          if (PayloadCatalogue.standard().of(payload).kind() == PayloadKind.ANNOUNCEMENT) {
            assertThat(inbox.overflow()).as(inbox.name()).isEqualTo(Overflow.DROP);
          }
        }
      }
    }
  }

  @Test
  void the_handshake_alone_runs_before_both_are_ready() {
    assertThat(
            flows(11).stream()
                .filter(flow -> flow.phase() == Phase.HANDSHAKE)
                .map(FlowDescriptor::name))
        .containsExactly("version");
  }
}
