package kaspeer.flows.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kaspeer.flows.Samples;
import kaspeer.flows.sync.Negotiation.Step;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NegotiationTest {
  private static final int MAX_REQUESTS = 200;

  /**
   * A chain locator as peers make it: from high down, in steps that double, and always with low.
   */
  private static List<Hash> locator(int low, int high) {
    List<Hash> hashes = new ArrayList<>();
    int step = 1;
    for (int at = high; at > low; at -= step, step = hashes.size() == 1 ? 1 : step * 2) {
      hashes.add(Samples.hash(at));
    }
    hashes.add(Samples.hash(low));
    return hashes;
  }

  private static int number(Hash hash) {
    return (int) hash.word(3);
  }

  /** Answers honestly for a chain of this length, of which the lower part is known here. */
  private static Step.Found negotiate(int top, int known, int pruningPoint) {
    Negotiation negotiation = new Negotiation();
    Step step = negotiation.begin();
    for (int requests = 0; requests < MAX_REQUESTS; ) {
      switch (step) {
        case Step.Request request -> {
          requests++;
          int low = request.low().map(NegotiationTest::number).orElse(pruningPoint);
          int high = request.high().map(NegotiationTest::number).orElse(top);
          step = negotiation.onLocator(locator(low, high));
        }
        case Step.LookUp(var hashes) -> step = negotiation.onStatuses(statuses(hashes, known));
        case Step.Found found -> {
          return found;
        }
        case Step.Fault(var detail) -> throw new AssertionError(detail);
      }
    }
    throw new AssertionError("no end");
  }

  private static List<BlockStatus> statuses(List<Hash> hashes, int known) {
    return hashes.stream()
        .map(h -> number(h) <= known ? BlockStatus.HEADER_ONLY : BlockStatus.UNKNOWN)
        .toList();
  }

  private static <S extends Step> S as(Class<S> kind, Step step) {
    assertThat(step).isInstanceOf(kind);
    return kind.cast(step);
  }

  @Property(tries = 200)
  void the_highest_shared_block_of_any_chain_is_found(
      @ForAll @IntRange(max = 2_000_000) int top, @ForAll @IntRange(max = 2_000_000) int known) {
    Step.Found found = negotiate(top, known, 0);

    assertThat(found.known()).contains(Samples.hash(Math.min(top, known)));
    assertThat(found.sink()).isEqualTo(Samples.hash(top));
    assertThat(found.pruningPoint()).isEqualTo(Samples.hash(0));
  }

  @Test
  void without_a_shared_block_there_is_no_result() {
    Step.Found found = negotiate(5000, 10, 1000);

    assertThat(found.known()).isEmpty();
    assertThat(found.pruningPoint()).isEqualTo(Samples.hash(1000));
  }

  @Test
  void a_known_sink_needs_one_request() {
    Negotiation negotiation = new Negotiation();
    negotiation.begin();
    Step.LookUp look = as(Step.LookUp.class, negotiation.onLocator(locator(0, 40)));

    Step step = negotiation.onStatuses(statuses(look.hashes(), 100));

    assertThat(as(Step.Found.class, step).known()).contains(Samples.hash(40));
  }

  @Test
  void the_first_request_is_unhurried_and_has_no_bounds_and_zooms_have_both() {
    Negotiation negotiation = new Negotiation();
    assertThat(negotiation.begin())
        .isEqualTo(new Step.Request(Optional.empty(), Optional.empty(), false));
    Step.LookUp look = as(Step.LookUp.class, negotiation.onLocator(locator(0, 100)));

    Step.Request zoom = as(Step.Request.class, negotiation.onStatuses(statuses(look.hashes(), 50)));

    assertThat(zoom.hurried()).isTrue();
    int known =
        look.hashes().stream()
            .mapToInt(NegotiationTest::number)
            .filter(n -> n <= 50)
            .max()
            .orElseThrow();
    int unknown =
        look.hashes().stream()
            .mapToInt(NegotiationTest::number)
            .filter(n -> n > 50)
            .min()
            .orElseThrow();
    assertThat(zoom.low()).contains(Samples.hash(known));
    assertThat(zoom.high()).contains(Samples.hash(unknown));
  }

  @Test
  void sixty_four_entries_are_accepted_and_one_more_is_a_fault() {
    assertThat(new Negotiation().onLocator(Samples.hashes(64))).isInstanceOf(Step.LookUp.class);
    assertThat(new Negotiation().onLocator(Samples.hashes(65))).isInstanceOf(Step.Fault.class);
  }

  @Test
  void an_empty_first_locator_is_a_fault() {
    assertThat(new Negotiation().onLocator(List.of())).isInstanceOf(Step.Fault.class);
  }

  @Test
  void an_invalid_block_above_the_shared_one_is_a_fault() {
    Negotiation negotiation = new Negotiation();
    negotiation.begin();
    negotiation.onLocator(List.of(Samples.hash(2), Samples.hash(1)));

    assertThat(negotiation.onStatuses(List.of(BlockStatus.INVALID, BlockStatus.BODY)))
        .isInstanceOf(Step.Fault.class);
  }

  @Test
  void an_invalid_block_below_the_shared_one_does_not_matter() {
    Negotiation negotiation = new Negotiation();
    negotiation.begin();
    negotiation.onLocator(List.of(Samples.hash(2), Samples.hash(1)));

    assertThat(negotiation.onStatuses(List.of(BlockStatus.BODY, BlockStatus.INVALID)))
        .isInstanceOf(Step.Found.class);
  }

  @Test
  void a_locator_of_one_unknown_block_ends_without_result() {
    Negotiation negotiation = new Negotiation();
    negotiation.begin();
    negotiation.onLocator(List.of(Samples.hash(1)));

    Step step = negotiation.onStatuses(List.of(BlockStatus.UNKNOWN));

    assertThat(as(Step.Found.class, step).known()).isEmpty();
  }

  private static Negotiation zooming(int low, int high) {
    Negotiation negotiation = new Negotiation();
    negotiation.begin();
    negotiation.onLocator(List.of(Samples.hash(high), Samples.hash(low)));
    negotiation.onStatuses(List.of(BlockStatus.UNKNOWN, BlockStatus.BODY));
    return negotiation;
  }

  @Test
  void a_zoomed_locator_must_begin_and_end_with_the_blocks_asked_for() {
    assertThat(zooming(0, 9).onLocator(List.of(Samples.hash(8), Samples.hash(0))))
        .isInstanceOf(Step.Fault.class);
    assertThat(zooming(0, 9).onLocator(List.of(Samples.hash(9), Samples.hash(1))))
        .isInstanceOf(Step.Fault.class);
    assertThat(zooming(0, 9).onLocator(List.of(Samples.hash(9)))).isInstanceOf(Step.Fault.class);
  }

  @Test
  void a_zoomed_locator_of_two_ends_the_search_with_the_lower() {
    Step step = zooming(0, 9).onLocator(List.of(Samples.hash(9), Samples.hash(0)));

    assertThat(as(Step.Found.class, step).known()).contains(Samples.hash(0));
  }

  @Test
  void more_zooms_than_twice_the_first_length_are_a_fault() {
    Negotiation negotiation = zooming(0, 9);
    Hash upper = Samples.hash(9);
    int zooms = 0;
    Step step;
    do {
      // The peer makes up another block each time, so that the range never closes.
      Hash madeUp = Samples.hash(100 + zooms);
      step = negotiation.onLocator(List.of(upper, madeUp, Samples.hash(0)));
      negotiation.onStatuses(List.of(BlockStatus.UNKNOWN, BlockStatus.UNKNOWN, BlockStatus.BODY));
      upper = madeUp;
      zooms++;
    } while (step instanceof Step.LookUp);

    assertThat(step).isInstanceOf(Step.Fault.class);
    assertThat(zooms).isEqualTo(2 * 2 + 1);
  }

  @Test
  void thirty_two_restarts_are_borne_and_one_more_is_a_fault() {
    Negotiation negotiation = zooming(0, 9);
    for (int i = 1; i <= 32; i++) {
      Step.Request again = as(Step.Request.class, negotiation.onLocator(List.of()));
      assertThat(again).isEqualTo(new Step.Request(Optional.empty(), Optional.empty(), true));
      negotiation.onLocator(List.of(Samples.hash(9), Samples.hash(0)));
      negotiation.onStatuses(List.of(BlockStatus.UNKNOWN, BlockStatus.BODY));
    }

    assertThat(negotiation.restarts()).isEqualTo(32);
    assertThat(negotiation.onLocator(List.of())).isInstanceOf(Step.Fault.class);
  }

  @Test
  void after_a_restart_sink_and_pruning_point_are_those_of_the_new_locator() {
    Negotiation negotiation = zooming(0, 9);
    negotiation.onLocator(List.of());
    negotiation.onLocator(List.of(Samples.hash(12), Samples.hash(3)));

    Step step = negotiation.onStatuses(List.of(BlockStatus.BODY, BlockStatus.BODY));

    assertThat(step)
        .isEqualTo(
            new Step.Found(Samples.hash(12), Samples.hash(3), Optional.of(Samples.hash(12))));
  }

  @Test
  void an_empty_locator_after_a_restart_is_a_fault() {
    Negotiation negotiation = zooming(0, 9);
    negotiation.onLocator(List.of());

    assertThat(negotiation.onLocator(List.of())).isInstanceOf(Step.Fault.class);
  }
}
