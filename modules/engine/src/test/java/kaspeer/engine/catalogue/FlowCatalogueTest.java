package kaspeer.engine.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kaspeer.engine.catalogue.FlowCatalogue.Registration;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowDescriptor.VersionRange;
import kaspeer.flows.BuiltInFlows;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;

final class FlowCatalogueTest {
  private static FillerFlow flow(
      String name, VersionRange versions, Set<PayloadCase> sends, Inbox... inboxes) {
    return new FillerFlow(
        new FlowDescriptor(
            name, versions, Phase.READY, List.of(inboxes), sends, OnFailure.END_PEER));
  }

  private static Inbox inbox(String name, boolean solicited, PayloadCase... payloads) {
    return new Inbox(name, Set.of(payloads), solicited, 4, 4096, Overflow.DISCONNECT);
  }

  private static FlowCatalogue of(List<Registration> flows) {
    return FlowCatalogue.of(flows, PayloadCatalogue.standard(), 10, 11);
  }

  private static FlowCatalogue of(FillerFlow... flows) {
    return of(FillerFlow.complete(List.of(flows)));
  }

  @Test
  void theBuiltInFlowsFitTogether() {
    List<Registration> all =
        BuiltInFlows.all(Runnable::run).stream()
            .map(flow -> new Registration(flow, FlowCatalogue.BUILT_IN))
            .toList();
    FlowCatalogue catalogue = of(all);
    assertThat(catalogue.flows())
        .hasSameSizeAs(all)
        .allSatisfy(flow -> assertThat(flow.origin()).isEqualTo("built-in"));
    for (int version : new int[] {10, 11}) {
      assertThat(catalogue.ready(version).route(PayloadCase.PING)).isNotNull();
      assertThat(catalogue.ready(version).route(PayloadCase.VERSION)).isNull();
      assertThat(catalogue.handshake().route(PayloadCase.VERSION)).isNotNull();
      assertThat(catalogue.handshake().route(PayloadCase.PING)).isNull();
    }
  }

  @Test
  void twoFlowsMayNotTakeTheSameMessage() {
    assertThatThrownBy(
            () ->
                of(
                    flow("a", VersionRange.ALL, Set.of(), inbox("in", false, PayloadCase.PING)),
                    flow("b", VersionRange.ALL, Set.of(), inbox("in", false, PayloadCase.PING))))
        .isInstanceOf(CatalogueException.class)
        .hasMessageContaining("PING is claimed by a and by b");
  }

  @Test
  void twoFlowsMayTakeTheSameMessageInDifferentVersions() {
    FlowCatalogue catalogue =
        of(
            flow("old", new VersionRange(10, 10), Set.of(), inbox("in", false, PayloadCase.PING)),
            flow("new", new VersionRange(11, 11), Set.of(), inbox("in", false, PayloadCase.PING)));
    assertThat(nameOf(catalogue, 10)).isEqualTo("old");
    assertThat(nameOf(catalogue, 11)).isEqualTo("new");
  }

  private static String nameOf(FlowCatalogue catalogue, int version) {
    RoutingTable table = catalogue.ready(version);
    RoutingTable.Route route = table.route(PayloadCase.PING);
    assertThat(route).isNotNull();
    return table.flows().get(route == null ? -1 : route.flow()).descriptor().name();
  }

  @Test
  void everyMessageOfEveryVersionNeedsAFlow() {
    List<Registration> flows = new ArrayList<>(FillerFlow.complete(List.of()));
    flows.removeLast();
    assertThatThrownBy(() -> of(flows))
        .hasMessageContaining("no flow takes ping in version 10")
        .hasMessageContaining("no flow takes requestHeaders in version 11");
    List<Registration> withoutHandshake = new ArrayList<>(FillerFlow.complete(List.of()));
    withoutHandshake.removeFirst();
    assertThatThrownBy(() -> of(withoutHandshake))
        .hasMessageContaining("no flow takes version in version 10");
  }

  @Test
  void anAnswerIsTakenByTheFlowThatAsks() {
    FillerFlow asker = flow("asker", VersionRange.ALL, Set.of(PayloadCase.PING));
    FillerFlow taker =
        flow("taker", VersionRange.ALL, Set.of(), inbox("in", true, PayloadCase.PONG));
    assertThatThrownBy(() -> of(asker, taker))
        .hasMessageContaining("taker takes the answer pong but another flow asks");
    assertThatThrownBy(() -> of(asker)).hasMessageContaining("no flow takes pong");
    FillerFlow both =
        flow(
            "both",
            VersionRange.ALL,
            Set.of(PayloadCase.PING),
            inbox("in", true, PayloadCase.PONG));
    assertThat(of(both).ready(11).route(PayloadCase.PONG)).isNotNull();
  }

  @Test
  void anAnswerComesThroughASolicitedInboxAndNothingElseDoes() {
    assertThatThrownBy(
            () ->
                of(
                    flow(
                        "a",
                        VersionRange.ALL,
                        Set.of(PayloadCase.PING),
                        inbox("in", false, PayloadCase.PONG))))
        .hasMessageContaining("takes the answer pong unasked");
    assertThatThrownBy(
            () -> of(flow("a", VersionRange.ALL, Set.of(), inbox("in", true, PayloadCase.PING))))
        .hasMessageContaining("waits for ping as for an answer");
  }

  @Test
  void namesAreUnique() {
    assertThatThrownBy(
            () -> of(flow("a", VersionRange.ALL, Set.of()), flow("a", VersionRange.ALL, Set.of())))
        .hasMessageContaining("two flows are called a");
    assertThatThrownBy(
            () ->
                of(
                    flow(
                        "a",
                        VersionRange.ALL,
                        Set.of(),
                        inbox("in", false, PayloadCase.PING),
                        inbox("in", false, PayloadCase.INV_RELAY_BLOCK))))
        .hasMessageContaining("a has two inboxes of one name");
  }

  @Test
  void noFlowTakesARejectForThatIsTheSupervisors() {
    assertThatThrownBy(
            () -> of(flow("a", VersionRange.ALL, Set.of(), inbox("in", false, PayloadCase.REJECT))))
        .hasMessageContaining("a claims REJECT");
  }

  @Test
  void aFlowForLaterVersionsIsNotRoutedInEarlierOnes() {
    FlowCatalogue catalogue = of(flow("later", new VersionRange(12, 20), Set.of()));
    assertThat(catalogue.ready(11).flows())
        .noneMatch(flow -> flow.descriptor().name().equals("later"));
    assertThat(catalogue.ready(12).flows())
        .anyMatch(flow -> flow.descriptor().name().equals("later"));
  }

  @Test
  void allFaultsAreToldAtOnce() {
    CatalogueException thrown =
        catchThrowableOfType(
            CatalogueException.class,
            () ->
                of(
                    flow("a", VersionRange.ALL, Set.of(), inbox("in", false, PayloadCase.PONG)),
                    flow("a", VersionRange.ALL, Set.of())));
    assertThat(thrown.faults()).hasSizeGreaterThanOrEqualTo(2);
  }
}
