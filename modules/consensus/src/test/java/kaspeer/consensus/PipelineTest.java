package kaspeer.consensus;

import static kaspeer.consensus.PipelineFixture.GENESIS;
import static kaspeer.consensus.PipelineFixture.PARAMS;
import static kaspeer.consensus.PipelineFixture.accepted;
import static kaspeer.consensus.PipelineFixture.block;
import static kaspeer.consensus.PipelineFixture.chain;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of submissions: order, batches, bounds, events. */
@Timeout(30)
class PipelineTest {
  private final PipelineFixture fixture = new PipelineFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void headersOfOneSubmissionMayBuildOnEachOther() {
    Consensus consensus = fixture.open();
    List<Header> chain = chain(200);
    assertThat(consensus.submitHeaders(chain).join())
        .isEqualTo(
            chain.stream().map(header -> accepted(header, BlockStatus.HEADER_ONLY)).toList());
    assertThat(consensus.state().headerCount()).isEqualTo(200);
    assertThat(consensus.state().blockCount()).isZero();
    assertThat(consensus.state().headersTip().hash()).isEqualTo(chain.getLast().hash());
    assertThat(consensus.state().sink().hash()).isEqualTo(GENESIS);
  }

  @Test
  void aSubmissionEndsAtItsFirstFailureAndWhatCameBeforeStays() {
    Consensus consensus = fixture.open();
    List<Header> chain = new ArrayList<>(chain(100));
    Header wrong = TestHeaders.with(chain.get(60), fields -> fields.daaScore++);
    chain.set(60, wrong);
    List<Verdict> verdicts = consensus.submitHeaders(chain).join();
    assertThat(verdicts).hasSize(61);
    assertThat(verdicts.subList(0, 60)).allMatch(verdict -> verdict instanceof Verdict.Accepted);
    assertThat(verdicts.getLast())
        .isInstanceOfSatisfying(
            Verdict.Invalid.class,
            invalid -> assertThat(invalid.rule()).isEqualTo(Rule.UNEXPECTED_HEADER_DAA_SCORE));
    assertThat(consensus.state().headerCount()).isEqualTo(60);
    assertThat(consensus.submitHeaders(List.of(chain.get(62), chain.get(63))).join())
        .containsExactly(
            new Verdict.MissingParents(chain.get(62).hash(), List.of(chain.get(61).hash())));
  }

  @Test
  void aHeaderFindsParentsWhoseVerdictsAreNotOutYet() {
    Consensus consensus = fixture.open();
    List<Header> chain = chain(50);
    List<CompletableFuture<Verdict>> verdicts =
        chain.stream().map(consensus::submitHeader).toList();
    assertThat(verdicts.stream().map(CompletableFuture::join))
        .allMatch(verdict -> verdict instanceof Verdict.Accepted);
  }

  @Test
  void whatIsHereAlreadyIsKnownWithItsStatus() {
    Consensus consensus = fixture.open();
    Header header = chain(1).getFirst();
    CompletableFuture<List<Verdict>> twice = consensus.submitHeaders(List.of(header, header));
    assertThat(twice.join())
        .containsExactly(
            accepted(header, BlockStatus.HEADER_ONLY),
            new Verdict.Known(header.hash(), BlockStatus.HEADER_ONLY));
    assertThat(consensus.submitBlock(block(header)).join())
        .isEqualTo(accepted(header, BlockStatus.BODY));
    assertThat(consensus.submitBlock(block(header)).join())
        .isEqualTo(new Verdict.Known(header.hash(), BlockStatus.BODY));
    assertThat(consensus.submitHeader(header).join())
        .isEqualTo(new Verdict.Known(header.hash(), BlockStatus.BODY));
    assertThat(consensus.submitBody(header.hash(), List.of()).join())
        .isEqualTo(new Verdict.Known(header.hash(), BlockStatus.BODY));
    assertThat(consensus.submitHeader(PARAMS.genesis().header()).join())
        .isEqualTo(new Verdict.Known(GENESIS, BlockStatus.BODY));
  }

  @Test
  void nothingIsNothing() {
    assertThat(fixture.open().submitHeaders(List.of()).join()).isEmpty();
  }

  @Test
  void aLongSubmissionIsStoredInFewBatches() {
    Consensus consensus = fixture.open();
    List<Header> chain = chain(640);
    consensus.submitHeaders(chain).join();
    assertThat(consensus.metrics().headers()).isEqualTo(640);
    assertThat(consensus.metrics().commits()).isBetween(1L, 640L / 32 + 1);
  }

  @Test
  void beyondTheBytesInFlightSubmissionsAreBusyUntilTheListenerHasHeard() throws Exception {
    CountDownLatch heard = new CountDownLatch(1);
    CountDownLatch listening = new CountDownLatch(1);
    ConsensusListener slow =
        events -> {
          listening.countDown();
          PipelineFixture.await(heard);
        };
    Consensus consensus =
        fixture.open(
            fixture.store,
            new NoBodyRules(),
            ConsensusOptions.defaults()
                .withUtxoValidation(false)
                .withMaxInFlightBytes(1)
                .withListener(slow));
    List<Header> chain = chain(2);
    assertThat(consensus.submitHeader(chain.getFirst()).join())
        .isInstanceOf(Verdict.Accepted.class);
    assertThat(listening.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(consensus.submitHeader(chain.get(1)).join())
        .isEqualTo(new Verdict.Busy(chain.get(1).hash()));
    assertThat(consensus.metrics().inFlightBytes()).isPositive();
    heard.countDown();
    while (consensus.metrics().inFlightBytes() > 0) {
      Thread.onSpinWait();
    }
    assertThat(consensus.submitHeader(chain.get(1)).join()).isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void onlySoManyInvalidHashesAreRememberedTheOldestAreForgotten() {
    Consensus consensus =
        fixture.open(
            fixture.store,
            new NoBodyRules(),
            ConsensusOptions.defaults().withUtxoValidation(false).withMaxRememberedInvalid(2));
    TestHeaders headers = new TestHeaders(consensus);
    List<Hash> invalid = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Header header = TestHeaders.with(headers.next(GENESIS), fields -> fields.blueScore++);
      assertThat(consensus.submitHeader(header).join()).isInstanceOf(Verdict.Invalid.class);
      invalid.add(header.hash());
    }
    assertThat(invalid.stream().map(consensus::status))
        .containsExactly(BlockStatus.UNKNOWN, BlockStatus.INVALID, BlockStatus.INVALID);
    assertThat(fixture.store.invalidHashes()).containsExactly(invalid.get(0), invalid.get(1));
  }

  @Test
  void eventsTellWhatHappenedInOrder() {
    LinkedBlockingQueue<ConsensusEvent> events = new LinkedBlockingQueue<>();
    Consensus consensus =
        fixture.open(
            fixture.store,
            new NoBodyRules(),
            ConsensusOptions.defaults().withUtxoValidation(false).withListener(events::addAll));
    List<Header> chain = chain(3);
    DagState before = consensus.state();
    consensus.submitHeader(chain.get(0)).join();
    DagState withHeader = consensus.state();
    consensus.submitBlock(block(chain.get(0))).join();
    DagState withBody = consensus.state();
    consensus.submitBlock(block(chain.get(1))).join();
    DagState withSecond = consensus.state();
    Header wrong = TestHeaders.with(chain.get(2), fields -> fields.blueScore++);
    consensus.submitHeader(wrong).join();
    consensus.close();
    assertThat(events)
        .containsExactly(
            new ConsensusEvent.HeadersAdded(1, withHeader.headersTip()),
            new ConsensusEvent.StateChanged(withHeader),
            new ConsensusEvent.BlockAdded(chain.get(0), 0),
            new ConsensusEvent.SinkChanged(before.sink(), withBody.sink()),
            new ConsensusEvent.StateChanged(withBody),
            new ConsensusEvent.BlockAdded(chain.get(1), 0),
            new ConsensusEvent.SinkChanged(withBody.sink(), withSecond.sink()),
            new ConsensusEvent.StateChanged(withSecond),
            new ConsensusEvent.BlockInvalidated(wrong.hash(), Rule.UNEXPECTED_HEADER_BLUE_SCORE),
            new ConsensusEvent.StateChanged(consensus.state()));
  }

  @Test
  void readersSeeAWholeDagWhileSeveralThreadsSubmit() throws Exception {
    Consensus consensus = fixture.open();
    List<Header> mined;
    try (Consensus other = PipelineFixture.elsewhere()) {
      mined = new WideDag(other, PARAMS.genesis().header(), 4, 7).mine(600);
    }
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<CompletableFuture<Void>> submitters = new ArrayList<>();
    for (int thread = 0; thread < 3; thread++) {
      submitters.add(
          CompletableFuture.runAsync(
              () -> mined.forEach(header -> submitUntilHere(consensus, header)), threads));
    }
    CompletableFuture<Integer> reader =
        CompletableFuture.supplyAsync(
            () -> {
              int reads = 0;
              // Once more when all is there, should it get no turn before.
              do {
                consensus.read(
                    dag -> {
                      checkTip(dag);
                      return true;
                    });
                reads++;
              } while (!done.get());
              return reads;
            },
            threads);
    submitters.forEach(CompletableFuture::join);
    done.set(true);
    assertThat(reader.join()).isPositive();
    threads.close();
    assertThat(consensus.state().headerCount()).isEqualTo(600);
    assertThat(consensus.state().blockCount()).isEqualTo(600);
    assertThat(consensus.state().sink()).isEqualTo(consensus.state().headersTip());
  }

  private static void submitUntilHere(Consensus consensus, Header header) {
    Verdict verdict = consensus.submitBlock(block(header)).join();
    assertThat(verdict.isHere()).as("%s", verdict).isTrue();
    assertThat(consensus.header(header.hash())).isEqualTo(header);
    assertThat(consensus.body(header.hash())).isEmpty();
  }

  private static void checkTip(DagReader dag) {
    int tip = dag.headersTip();
    assertThat(dag.id(dag.hash(tip))).isEqualTo(tip);
    for (int parent : dag.parents(tip)) {
      assertThat(dag.isDagAncestor(parent, tip)).isTrue();
      assertThat(dag.children(parent)).contains(tip);
    }
    for (int merged : dag.mergeset(tip)) {
      assertThat(dag.isDagAncestor(merged, tip)).isTrue();
      assertThat(dag.isDagAncestor(merged, dag.selectedParent(tip))).isFalse();
    }
    long position = dag.chainPosition(dag.sink());
    assertThat(dag.chainBlock(position)).isEqualTo(dag.sink());
    assertThat(dag.chainBlock(position + 1)).isEqualTo(DagReader.NONE);
    if (position > 0) {
      assertThat(dag.chainBlock(position - 1)).isEqualTo(dag.selectedParent(dag.sink()));
    }
  }
}
