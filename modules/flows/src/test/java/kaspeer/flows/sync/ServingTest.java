package kaspeer.flows.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowFactory;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;

class ServingTest {
  @Test
  void every_request_of_the_sync_has_one_server_and_every_answer_one_taker() {
    Set<PayloadCase> received =
        SyncFlows.all(Runnable::run).stream()
            .map(FlowFactory::descriptor)
            .flatMap(d -> d.inboxes().stream())
            .flatMap(inbox -> inbox.payloads().stream())
            .collect(Collectors.toSet());

    assertThat(received)
        .containsExactlyInAnyOrder(
            PayloadCase.IBD_CHAIN_BLOCK_LOCATOR,
            PayloadCase.BLOCK_HEADERS,
            PayloadCase.DONE_HEADERS,
            PayloadCase.BLOCK_BODY,
            PayloadCase.REQUEST_IBD_CHAIN_BLOCK_LOCATOR,
            PayloadCase.REQUEST_BLOCK_LOCATOR,
            PayloadCase.REQUEST_HEADERS,
            PayloadCase.REQUEST_NEXT_HEADERS,
            PayloadCase.REQUEST_ANTIPAST,
            PayloadCase.REQUEST_BLOCK_BODIES,
            PayloadCase.REQUEST_IBD_BLOCKS);
  }

  @Test
  void all_flows_of_the_sync_speak_versions_ten_and_eleven() {
    assertThat(SyncFlows.all(Runnable::run))
        .map(factory -> factory.descriptor().versions())
        .allMatch(range -> range.contains(10) && range.contains(11) && !range.contains(9));
    assertThat(SyncFlows.all(Runnable::run))
        .map(FlowFactory::descriptor)
        .map(FlowDescriptor::name)
        .doesNotHaveDuplicates();
  }
}
