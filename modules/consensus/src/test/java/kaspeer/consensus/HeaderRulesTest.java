package kaspeer.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.CompactTarget;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParentsByLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * For each header rule a header that breaks exactly this one (consensus reference 3.1), and what is
 * remembered of it.
 */
class HeaderRulesTest {
  private static final int K = 2;
  private static final int MAX_PARENTS = 4;
  private static final int MERGESET_LIMIT = 12;
  private static final int MERGE_DEPTH = 9;
  private static final Params PARAMS =
      TestParams.simnet(
          "\"max_block_level\": 254, \"past_median_time_window_size\": 5, \"difficulty_window_size\": 8, \"min_difficulty_window_size\": 4, "
              + TestParams.blockRate(K, MAX_PARENTS, MERGESET_LIMIT, 1, 1, MERGE_DEPTH, 50));
  private static final Hash GENESIS = PARAMS.genesis().hash();
  private static final long START = PARAMS.genesis().header().timestamp();

  private final MemoryDagStore store = new MemoryDagStore();
  private Instant now = Instant.ofEpochMilli(START + 1_000_000);
  private Consensus consensus = open(PARAMS, store);
  private TestHeaders headers = new TestHeaders(consensus);
  private Hash tip = GENESIS;

  private Consensus open(Params params, DagStore dagStore) {
    InstantSource clock = () -> now;
    return Consensus.open(
        params,
        dagStore,
        new NoBodyRules(),
        ConsensusOptions.defaults().withUtxoValidation(false).withClock(clock).withWorkers(1));
  }

  @BeforeEach
  void mine() {
    tip = headers.chain(GENESIS, 20);
  }

  @AfterEach
  void close() {
    consensus.close();
  }

  private void reopen() {
    consensus.close();
    consensus = open(PARAMS, store);
    headers = new TestHeaders(consensus);
  }

  private void assertRefused(Header header, Rule rule) {
    assertBreaks(header, rule);
    assertThat(rule.remembered()).isFalse();
    assertThat(consensus.status(header.hash())).isEqualTo(BlockStatus.UNKNOWN);
    assertBreaks(header, rule);
  }

  private void assertRemembered(Header header, Rule rule) {
    assertBreaks(header, rule);
    assertThat(rule.remembered()).isTrue();
    assertThat(consensus.status(header.hash())).isEqualTo(BlockStatus.INVALID);
    assertBreaks(header, Rule.KNOWN_INVALID);
    reopen();
    assertThat(consensus.status(header.hash())).isEqualTo(BlockStatus.INVALID);
    assertBreaks(header, Rule.KNOWN_INVALID);
  }

  private void assertBreaks(Header header, Rule rule) {
    long before = consensus.state().headerCount();
    assertThat(consensus.submitHeader(header).join())
        .isInstanceOfSatisfying(
            Verdict.Invalid.class,
            verdict -> {
              assertThat(verdict.rule()).as(verdict.detail()).isEqualTo(rule);
              assertThat(verdict.hash()).isEqualTo(header.hash());
            });
    assertThat(consensus.state().headerCount()).isEqualTo(before);
    assertThat(consensus.header(header.hash())).isNull();
  }

  private void assertAccepted(Header header) {
    assertThat(consensus.submitHeader(header).join())
        .isEqualTo(new Verdict.Accepted(header.hash(), BlockStatus.HEADER_ONLY));
  }

  // --- in isolation -----------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 0xFFFF})
  void theVersionIsTwo(int version) {
    assertRefused(
        TestHeaders.with(headers.next(tip), f -> f.version = version), Rule.WRONG_BLOCK_VERSION);
  }

  @Test
  void theTimestampIsNotBeyondTheToleranceFromNow() {
    long latest = now.toEpochMilli() + PARAMS.timestampTolerance();
    Header early = TestHeaders.with(headers.next(tip), f -> f.timestamp = latest + 1);
    assertRefused(early, Rule.TIME_TOO_FAR_INTO_THE_FUTURE);
    assertRefused(
        TestHeaders.with(early, f -> f.timestamp = -1), Rule.TIME_TOO_FAR_INTO_THE_FUTURE);
    assertAccepted(TestHeaders.with(early, f -> f.timestamp = latest));
    now = now.plusMillis(1);
    assertAccepted(early);
  }

  @Test
  void thereIsAParent() {
    assertRefused(
        TestHeaders.with(headers.next(tip), f -> f.parents = ParentsByLevel.NONE), Rule.NO_PARENTS);
    ParentsByLevel empty = new ParentsByLevel(List.of(new ParentsByLevel.Run(1, List.of())));
    assertRefused(TestHeaders.with(headers.next(tip), f -> f.parents = empty), Rule.NO_PARENTS);
  }

  @Test
  void thereAreNotMoreParentsThanTheLimit() {
    List<Hash> parents = new ArrayList<>();
    for (int i = 0; i <= MAX_PARENTS; i++) {
      parents.add(headers.accepted(tip).hash());
    }
    assertRefused(headers.next(parents.toArray(Hash[]::new)), Rule.TOO_MANY_PARENTS);
    assertAccepted(headers.next(parents.subList(0, MAX_PARENTS).toArray(Hash[]::new)));
  }

  @Test
  void theOriginIsNoParent() {
    Header header =
        TestHeaders.withLevels(
            headers.next(tip), levels -> withDirect(levels, List.of(tip, Hash.ORIGIN)));
    assertRefused(header, Rule.ORIGIN_PARENT);
  }

  private static List<List<Hash>> withDirect(List<List<Hash>> levels, List<Hash> direct) {
    List<List<Hash>> changed = new ArrayList<>(levels);
    changed.set(0, direct);
    return changed;
  }

  @Test
  void theProofOfWorkMeetsTheTargetUnlessSkipped() {
    Params checked = TestParams.simnet("\"skip_proof_of_work\": false");
    try (Consensus strict = open(checked, new MemoryDagStore())) {
      Header header = new TestHeaders(strict).next(GENESIS);
      int passed = 0;
      for (int nonce = 0; nonce < 40; nonce++) { // half of all nonces meet simnet's target
        int tried = nonce;
        Header mined = TestHeaders.with(header, f -> f.nonce = tried);
        switch (strict.submitHeader(mined).join()) {
          case Verdict.Accepted accepted -> passed++;
          case Verdict.Invalid(Hash hash, Rule rule, String detail) -> {
            assertThat(rule).isEqualTo(Rule.INVALID_POW);
            assertThat(strict.status(hash)).isEqualTo(BlockStatus.UNKNOWN);
          }
          case Verdict other -> throw new AssertionError(other);
        }
      }
      assertThat(passed).isBetween(5, 35);
    }
    for (int nonce = 0; nonce < 10; nonce++) {
      int tried = nonce;
      assertAccepted(TestHeaders.with(headers.next(tip), f -> f.nonce = 1000L + tried));
    }
  }

  // --- among parents ----------------------------------------------------------------------------

  @Test
  void unknownParentsAreNamedAndNothingIsRemembered() {
    Hash unknown = Hash.ofWords(1, 2, 3, 4);
    Header header =
        TestHeaders.withLevels(
            headers.next(tip), levels -> withDirect(levels, List.of(tip, unknown)));
    Verdict expected = new Verdict.MissingParents(header.hash(), List.of(unknown));
    assertThat(consensus.submitHeader(header).join()).isEqualTo(expected);
    assertThat(consensus.status(header.hash())).isEqualTo(BlockStatus.UNKNOWN);
    assertThat(consensus.submitHeader(header).join()).isEqualTo(expected);
  }

  @Test
  void aParentIsNotInvalid() {
    Header invalid = TestHeaders.with(headers.next(tip), f -> f.blueScore++);
    assertBreaks(invalid, Rule.UNEXPECTED_HEADER_BLUE_SCORE);
    Header child =
        TestHeaders.withLevels(
            headers.next(tip), levels -> withDirect(levels, List.of(invalid.hash())));
    assertRefused(child, Rule.INVALID_PARENT);
    Hash unknown = Hash.ofWords(1, 2, 3, 4);
    Header withUnknown =
        TestHeaders.withLevels(
            headers.next(tip), levels -> withDirect(levels, List.of(unknown, invalid.hash())));
    assertRefused(withUnknown, Rule.INVALID_PARENT);
  }

  @Test
  void noParentIsInThePastOfAnother() {
    Hash below = consensus.template(List.of(tip)).selectedParent();
    Hash grandparent = consensus.read(dag -> dag.hash(dag.selectedParent(dag.id(below))));
    Header header =
        TestHeaders.withLevels(
            headers.next(tip), levels -> withDirect(levels, List.of(tip, grandparent)));
    assertRefused(header, Rule.INVALID_PARENTS_RELATION);
    Header turned =
        TestHeaders.withLevels(
            headers.next(tip), levels -> withDirect(levels, List.of(GENESIS, tip)));
    assertRefused(turned, Rule.INVALID_PARENTS_RELATION);
  }

  // --- in context -------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(longs = {1, -1})
  void theDaaScoreIsTheOneThatFollows(long change) {
    assertRefused(
        TestHeaders.with(headers.next(tip), f -> f.daaScore += change),
        Rule.UNEXPECTED_HEADER_DAA_SCORE);
  }

  @Test
  void theBitsAreThoseThatFollow() {
    Header header = headers.next(tip);
    assertThat(header.bits()).isNotEqualTo(PARAMS.genesis().header().bits());
    assertRefused(TestHeaders.with(header, f -> f.bits++), Rule.UNEXPECTED_DIFFICULTY);
    assertRefused(
        TestHeaders.with(header, f -> f.bits = PARAMS.genesis().header().bits()),
        Rule.UNEXPECTED_DIFFICULTY);
    assertRefused(TestHeaders.with(header, f -> f.bits = 0), Rule.UNEXPECTED_DIFFICULTY);
    assertRefused(TestHeaders.with(header, f -> f.bits = -1), Rule.UNEXPECTED_DIFFICULTY);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, -1})
  void theBlueScoreIsTheOneThatFollows(long change) {
    assertRemembered(
        TestHeaders.with(headers.next(tip), f -> f.blueScore += change),
        Rule.UNEXPECTED_HEADER_BLUE_SCORE);
  }

  @Test
  void theBlueWorkIsTheOneThatFollows() {
    Header header = headers.next(tip);
    assertRemembered(
        TestHeaders.with(header, f -> f.blueWork = f.blueWork.plus(BlueWork.of(1))),
        Rule.UNEXPECTED_HEADER_BLUE_WORK);
    assertRemembered(
        TestHeaders.with(header, f -> f.blueWork = f.blueWork.plus(new BlueWork(1, 0, 0))),
        Rule.UNEXPECTED_HEADER_BLUE_WORK);
  }

  @Test
  void theTimestampExceedsThePastMedianTime() {
    Header header = headers.next(tip);
    assertAccepted(header);
    assertRemembered(TestHeaders.with(header, f -> f.timestamp--), Rule.TIME_TOO_OLD);
    assertRemembered(TestHeaders.with(header, f -> f.timestamp = 0), Rule.TIME_TOO_OLD);
  }

  @Test
  void theMergesetIsNotLargerThanTheLimitWithTheSelectedParentCounted() {
    Hash fork = headers.chain(tip, 1);
    Hash main = headers.chain(fork, MERGESET_LIMIT + 2);
    Hash side = headers.chain(fork, MERGESET_LIMIT - 1);
    Header allowed = headers.next(main, side);
    Hash longer = headers.chain(side, 1);
    assertRemembered(headers.next(main, longer), Rule.MERGE_SET_TOO_BIG);
    // The mergeset of the first has the limit exactly, but its reds come from below the merge root.
    assertBreaks(allowed, Rule.VIOLATING_BOUNDED_MERGE_DEPTH);
  }

  @Test
  void aMergesetOfExactlyTheLimitIsAllowed() {
    Hash main = headers.chain(tip, MERGE_DEPTH - 1);
    List<Hash> sides = new ArrayList<>();
    for (int i = 0; i < MERGESET_LIMIT - MERGE_DEPTH + 2; i++) {
      sides.add(headers.accepted(tip).hash());
    }
    Hash merging = headers.accepted(sides.subList(0, 4).toArray(Hash[]::new)).hash();
    Hash rest = sides.getLast();
    Hash side = headers.chain(merging, MERGESET_LIMIT - 1 - 4 - 1 - 1);
    assertAccepted(headers.next(main, side, rest));
  }

  @Test
  void aMergesetFarBeyondTheLimitIsNotEvenCollected() {
    headers = new TestHeaders(consensus, PARAMS.targetTimePerBlock());
    Hash main = headers.chain(tip, 16 * MERGESET_LIMIT + 30);
    Hash side = headers.chain(tip, 16 * MERGESET_LIMIT + 20);
    Header header =
        TestHeaders.withLevels(
            headers.next(main), levels -> withDirect(levels, List.of(main, side)));
    // Which of the rules before that one it breaks is not known, so it is not remembered.
    assertRefused(header, Rule.MERGE_SET_BEYOND_BOUND);
  }

  @Test
  void aMergesetFarBeyondTheLimitIsNotRememberedBecauseOfAnother() {
    headers = new TestHeaders(consensus, PARAMS.targetTimePerBlock());
    Hash main = headers.chain(tip, 3 * MERGESET_LIMIT);
    Hash side = headers.chain(tip, 2 * MERGESET_LIMIT);
    Header header = headers.next(main, side);
    assertRefused(TestHeaders.with(header, f -> f.daaScore++), Rule.UNEXPECTED_HEADER_DAA_SCORE);
    assertRemembered(header, Rule.MERGE_SET_TOO_BIG);
  }

  @Test
  void theWorkOfABlockFitsIn192Bits() {
    Header header = headers.next(tip);
    // The earliest timestamps make the target fall.
    while (CompactTarget.target(header.bits()).bitLength() > 64) {
      assertAccepted(header);
      header = headers.next(header.hash());
    }
    assertThat(header.blueWork()).isGreaterThan(new BlueWork(1L << 48, 0, 0));
    assertRefused(header, Rule.WORK_BEYOND_BOUND);
  }

  @Test
  void noRedBlockFromBelowTheMergeRootIsMergedUnlessABlueOneKosherizesIt() {
    List<Hash> main = chain(GENESIS, MERGE_DEPTH + 2);
    List<Hash> other = chain(GENESIS, MERGE_DEPTH + 1);
    assertRemembered(
        headers.next(main.getLast(), other.get(0)), Rule.VIOLATING_BOUNDED_MERGE_DEPTH);
    assertRemembered(
        headers.next(main.getLast(), other.getLast()), Rule.VIOLATING_BOUNDED_MERGE_DEPTH);

    Hash kosher = headers.accepted(main.get(main.size() - 3), other.get(other.size() - 3)).hash();
    Hash pointing = headers.accepted(main.getLast(), kosher).hash();

    Hash longer = headers.chain(main.getLast(), K);
    assertRemembered(headers.next(longer, kosher), Rule.VIOLATING_BOUNDED_MERGE_DEPTH);
    assertAccepted(headers.next(longer, pointing));
  }

  private List<Hash> chain(Hash from, int length) {
    List<Hash> chain = new ArrayList<>();
    Hash last = from;
    for (int i = 0; i < length; i++) {
      last = headers.accepted(last).hash();
      chain.add(last);
    }
    return chain;
  }

  @Test
  void theParentsOfAllLevelsAreThoseThatFollow() {
    Header header = headers.next(tip);
    while (header.parents().levels() < 3) {
      tip = headers.chain(tip, 1);
      header = headers.next(tip);
    }
    assertLevelRules(header);
  }

  private void assertLevelRules(Header header) {
    assertRemembered(
        TestHeaders.withLevels(header, levels -> levels.subList(0, levels.size() - 1)),
        Rule.UNEXPECTED_INDIRECT_PARENTS);
    assertRemembered(
        TestHeaders.withLevels(header, levels -> plus(levels, List.of(GENESIS))),
        Rule.UNEXPECTED_INDIRECT_PARENTS);
    Hash unknown = Hash.ofWords(9, 9, 9, 9);
    assertRemembered(
        TestHeaders.withLevels(header, levels -> replaceLast(levels, List.of(unknown))),
        Rule.UNEXPECTED_INDIRECT_PARENTS);
    assertRemembered(
        TestHeaders.withLevels(header, levels -> replaceLast(levels, List.of())),
        Rule.UNEXPECTED_INDIRECT_PARENTS);
    assertRemembered(
        TestHeaders.withLevels(header, levels -> withDirect(levels, List.of(tip, tip))),
        Rule.UNEXPECTED_INDIRECT_PARENTS);
  }

  @Test
  void parentsOfALevelMayComeInAnyOrder() {
    List<Hash> parents = new ArrayList<>();
    for (int i = 0; i < MAX_PARENTS; i++) {
      parents.add(headers.accepted(tip).hash());
    }
    Header header = headers.next(parents.toArray(Hash[]::new));
    Header turned =
        TestHeaders.withLevels(
            header,
            levels ->
                levels.stream()
                    .map(
                        level -> {
                          List<Hash> reversed = new ArrayList<>(level);
                          Collections.reverse(reversed);
                          return reversed;
                        })
                    .<List<Hash>>map(List::copyOf)
                    .toList());
    assertThat(turned.parents()).isNotEqualTo(header.parents());
    assertAccepted(turned);
  }

  private static List<List<Hash>> plus(List<List<Hash>> levels, List<Hash> level) {
    List<List<Hash>> changed = new ArrayList<>(levels);
    changed.add(level);
    return changed;
  }

  private static List<List<Hash>> replaceLast(List<List<Hash>> levels, List<Hash> level) {
    return plus(levels.subList(0, levels.size() - 1), level);
  }

  @Test
  void allBlockRateParametersOfMainnetHoldFor249MergedBlocks() {
    Params params = Params.of(Network.SIMNET);
    try (Consensus full = open(params, new MemoryDagStore())) {
      TestHeaders mainnet = new TestHeaders(full);
      Hash main = mainnet.chain(GENESIS, params.mergesetSizeLimit() + 1);
      Hash side = mainnet.chain(GENESIS, params.mergesetSizeLimit());
      assertThat(full.submitHeader(mainnet.next(main, side)).join())
          .isInstanceOfSatisfying(
              Verdict.Invalid.class,
              verdict -> {
                assertThat(verdict.rule()).isEqualTo(Rule.MERGE_SET_TOO_BIG);
                assertThat(verdict.detail()).contains("249").contains("248");
              });
    }
  }
}
