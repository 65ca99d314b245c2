package kaspeer.consensus;

import static kaspeer.consensus.PipelineFixture.GENESIS;
import static kaspeer.consensus.PipelineFixture.accepted;
import static kaspeer.consensus.PipelineFixture.block;
import static kaspeer.consensus.PipelineFixture.chain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is stored when, and what a failure of the store or a restart leaves. */
@Timeout(30)
class DurabilityTest {
  private final PipelineFixture fixture = new PipelineFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aVerdictComesWhenItIsStoredAndTheBlockCanBeReadBefore() throws Exception {
    FaultyStore faulty = new FaultyStore();
    Consensus consensus =
        fixture.open(
            faulty, new NoBodyRules(), ConsensusOptions.defaults().withUtxoValidation(false));
    Header header = chain(1).getFirst();
    faulty.held = new CountDownLatch(1);
    CompletableFuture<Verdict> verdict = consensus.submitBlock(block(header));
    assertThat(faulty.reached.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(verdict).isNotDone();
    assertThat(consensus.state().headerCount()).isZero();
    assertThat(consensus.header(header.hash())).isEqualTo(header);
    assertThat(consensus.body(header.hash())).isEmpty();
    faulty.held.countDown();
    assertThat(verdict.join()).isEqualTo(accepted(header, BlockStatus.BODY));
    assertThat(consensus.state().headerCount()).isEqualTo(1);
    assertThat(faulty.inner.header(1)).isEqualTo(header);
  }

  @Test
  void afterAFailureOfTheStoreNothingIsAcceptedAndARestartGoesOnFromWhatIsStored()
      throws Exception {
    FaultyStore faulty = new FaultyStore();
    LinkedBlockingQueue<ConsensusEvent> events = new LinkedBlockingQueue<>();
    Consensus consensus =
        fixture.open(
            faulty,
            new NoBodyRules(),
            ConsensusOptions.defaults().withUtxoValidation(false).withListener(events::addAll));
    List<Header> chain = chain(3);
    assertThat(consensus.submitHeader(chain.getFirst()).join())
        .isInstanceOf(Verdict.Accepted.class);
    faulty.failing.set(true);
    CompletableFuture<Verdict> failing = consensus.submitHeader(chain.get(1));
    assertThatThrownBy(failing::join)
        .hasCauseInstanceOf(ConsensusUnavailableException.class)
        .hasRootCauseMessage("the disk is full");
    ConsensusEvent event = events.take();
    while (!(event instanceof ConsensusEvent.Failed)) {
      event = events.take();
    }
    CompletableFuture<Verdict> after = consensus.submitHeader(chain.get(2));
    assertThatThrownBy(after::join).hasCauseInstanceOf(ConsensusUnavailableException.class);
    consensus.close();
    faulty.failing.set(false);
    Consensus again =
        fixture.open(
            faulty, new NoBodyRules(), ConsensusOptions.defaults().withUtxoValidation(false));
    assertThat(again.state().headerCount()).isEqualTo(1);
    assertThat(again.submitHeaders(chain).join())
        .containsExactly(
            new Verdict.Known(chain.get(0).hash(), BlockStatus.HEADER_ONLY),
            accepted(chain.get(1), BlockStatus.HEADER_ONLY),
            accepted(chain.get(2), BlockStatus.HEADER_ONLY));
  }

  @Test
  void closingDecidesAboutAllThatWasHandedInAndAfterItNothingIsTaken() {
    Consensus consensus = fixture.open();
    List<Header> chain = chain(300);
    CompletableFuture<List<Verdict>> verdicts = consensus.submitHeaders(chain);
    consensus.close();
    assertThat(verdicts.join())
        .hasSize(300)
        .allMatch(verdict -> verdict instanceof Verdict.Accepted);
    assertThatThrownBy(consensus.submitHeader(chain.getFirst())::join)
        .hasCauseInstanceOf(ConsensusUnavailableException.class);
    consensus.close();
    assertThat(fixture.open().state().headerCount()).isEqualTo(300);
  }

  @Test
  void aStoreOfAnotherNetworkIsRefused() {
    fixture.open().close();
    assertThatThrownBy(
            () ->
                Consensus.open(
                    Params.of(Network.DEVNET),
                    fixture.store,
                    new NoBodyRules(),
                    ConsensusOptions.defaults().withUtxoValidation(false)))
        .isInstanceOf(ForeignStoreException.class)
        .hasMessageContaining(GENESIS.toString());
  }

  @Test
  void aStoreWithDamagedDataIsRefused() {
    Consensus consensus = fixture.open();
    Header header = chain(1).getFirst();
    consensus.close();
    fixture.store.commit(List.of(new DagStore.Change.HeaderAdded(1, header, new byte[] {1, 2, 3})));
    assertThatThrownBy(fixture::open)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("damaged");
  }
}
