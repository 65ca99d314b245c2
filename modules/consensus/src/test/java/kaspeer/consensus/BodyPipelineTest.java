package kaspeer.consensus;

import static kaspeer.consensus.PipelineFixture.GENESIS;
import static kaspeer.consensus.PipelineFixture.UNKNOWN;
import static kaspeer.consensus.PipelineFixture.accepted;
import static kaspeer.consensus.PipelineFixture.block;
import static kaspeer.consensus.PipelineFixture.chain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of bodies and whole blocks that are handed in. */
@Timeout(30)
class BodyPipelineTest {
  private final PipelineFixture fixture = new PipelineFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aBodyNeedsTheBodiesOfItsParents() {
    Consensus consensus = fixture.open();
    List<Header> chain = chain(3);
    consensus.submitHeaders(chain).join();
    Hash second = chain.get(1).hash();
    assertThat(consensus.submitBody(second, List.of()).join())
        .isEqualTo(new Verdict.MissingParents(second, List.of(chain.getFirst().hash())));
    assertThat(consensus.status(second)).isEqualTo(BlockStatus.HEADER_ONLY);
    List<BlockBody> bodies =
        chain.stream().map(header -> new BlockBody(header.hash(), List.of())).toList();
    assertThat(consensus.submitBodies(bodies).join())
        .isEqualTo(chain.stream().map(header -> accepted(header, BlockStatus.BODY)).toList());
    assertThat(consensus.state().blockCount()).isEqualTo(3);
    assertThat(consensus.body(second)).isEmpty();
  }

  @Test
  void aBodyOfAnUnknownHeaderIsMissingThatHeader() {
    assertThat(fixture.open().submitBody(UNKNOWN, List.of()).join())
        .isEqualTo(new Verdict.MissingParents(UNKNOWN, List.of(UNKNOWN)));
  }

  @Test
  void theBodyOfAHeaderStillInFlightIsChecked() {
    Consensus consensus = fixture.open();
    Header header = chain(1).getFirst();
    CompletableFuture<Verdict> first = consensus.submitHeader(header);
    CompletableFuture<Verdict> body = consensus.submitBody(header.hash(), List.of());
    assertThat(body.join()).isEqualTo(accepted(header, BlockStatus.BODY));
    assertThat(first.join()).isEqualTo(accepted(header, BlockStatus.HEADER_ONLY));
  }

  @Test
  void theHeaderOfABlockWhoseParentsHaveNoBodiesIsKept() {
    Consensus consensus = fixture.open();
    List<Header> chain = chain(2);
    consensus.submitHeader(chain.getFirst()).join();
    assertThat(consensus.submitBlock(block(chain.get(1))).join())
        .isEqualTo(
            new Verdict.MissingParents(chain.get(1).hash(), List.of(chain.getFirst().hash())));
    assertThat(consensus.status(chain.get(1).hash())).isEqualTo(BlockStatus.HEADER_ONLY);
  }

  @Test
  void aBlockWithAnInvalidBodyIsInvalidForGood() {
    Consensus consensus =
        fixture.open(
            fixture.store,
            new LockTimeRules(),
            ConsensusOptions.defaults().withUtxoValidation(false));
    List<Header> chain = chain(3);
    for (int lockTime = 1; lockTime <= 2; lockTime++) {
      Header header = lockTime == 1 ? chain.getFirst() : new TestHeaders(consensus).next(GENESIS);
      Rule rule = lockTime == 1 ? Rule.MULTIPLE_COINBASES : Rule.WRONG_SUBSIDY;
      assertThat(consensus.submitBlock(new Block(header, LockTimeRules.body(lockTime))).join())
          .isEqualTo(new Verdict.Invalid(header.hash(), rule, "lock time " + lockTime));
      assertThat(consensus.status(header.hash())).isEqualTo(BlockStatus.INVALID);
      assertThat(consensus.submitBlock(block(header)).join())
          .isInstanceOfSatisfying(
              Verdict.Invalid.class,
              again -> assertThat(again.rule()).isEqualTo(Rule.KNOWN_INVALID));
    }
    assertThat(consensus.submitHeader(chain.get(1)).join())
        .isInstanceOfSatisfying(
            Verdict.Invalid.class,
            child -> assertThat(child.rule()).isEqualTo(Rule.INVALID_PARENT));
    DagState state = consensus.state();
    consensus.close();
    Consensus again = fixture.open();
    assertThat(again.status(chain.getFirst().hash())).isEqualTo(BlockStatus.INVALID);
    assertThat(again.state()).isEqualTo(state);
  }

  @Test
  void aBodyThatTheHashDoesNotCommitToMayComeAgainRight() {
    Consensus consensus =
        fixture.open(
            fixture.store,
            new LockTimeRules(),
            ConsensusOptions.defaults().withUtxoValidation(false));
    Header header = chain(1).getFirst();
    assertThat(consensus.submitBlock(new Block(header, LockTimeRules.body(3))).join())
        .isEqualTo(new Verdict.Invalid(header.hash(), Rule.BAD_MERKLE_ROOT, "lock time 3"));
    assertThat(consensus.status(header.hash())).isEqualTo(BlockStatus.HEADER_ONLY);
    assertThat(consensus.submitBlock(block(header)).join())
        .isEqualTo(accepted(header, BlockStatus.BODY));
  }

  @Test
  void aCheckThatFailsItselfEndsOnlyItsSubmission() {
    Consensus consensus =
        fixture.open(
            fixture.store,
            new LockTimeRules(),
            ConsensusOptions.defaults().withUtxoValidation(false));
    Header header = chain(1).getFirst();
    CompletableFuture<Verdict> failing =
        consensus.submitBlock(new Block(header, LockTimeRules.body(4)));
    assertThatThrownBy(failing::join).hasRootCauseMessage("a bug");
    assertThat(consensus.submitBlock(block(header)).join())
        .isEqualTo(accepted(header, BlockStatus.BODY));
  }

  @Test
  void ofABlockWhoseParentsAreMissingItIsSaidWhatIsWrongWithItsBody() {
    Consensus consensus =
        fixture.open(
            fixture.store,
            new LockTimeRules(),
            ConsensusOptions.defaults().withUtxoValidation(false));
    List<Header> chain = chain(2);
    Header header = chain.get(1);
    Hash hash = header.hash();
    List<Hash> missing = List.of(chain.getFirst().hash());
    assertThat(consensus.submitBlock(new Block(header, LockTimeRules.body(1))).join())
        .isEqualTo(
            new Verdict.MissingParents(
                hash,
                missing,
                Optional.of(new Verdict.Invalid(hash, Rule.MULTIPLE_COINBASES, "lock time 1"))));
    assertThat(consensus.status(hash)).isEqualTo(BlockStatus.UNKNOWN);
    assertThat(consensus.submitBlock(block(header)).join())
        .isEqualTo(new Verdict.MissingParents(hash, missing));
  }
}
