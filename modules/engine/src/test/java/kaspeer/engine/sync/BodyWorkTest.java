package kaspeer.engine.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import kaspeer.flow.dag.Dag;
import kaspeer.primitives.Hash;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BodyWorkTest {
  private static final long A = 1;
  private static final long B = 2;
  private static final long WIDE = 1L << 40;

  private final AtomicLong numbers = new AtomicLong();

  private static Hash hash(int number) {
    return Hash.ofWords(1, 2, 3, number);
  }

  private static List<Hash> hashes(int from, int to) {
    List<Hash> hashes = new ArrayList<>();
    for (int i = from; i <= to; i++) {
      hashes.add(hash(i));
    }
    return hashes;
  }

  private static Dag.Body body(Hash hash, int bytes) {
    return new Dag.Body(hash, List.of(), bytes);
  }

  private static List<Dag.Body> bodies(List<Hash> hashes) {
    return hashes.stream().map(h -> body(h, 100)).toList();
  }

  private BodyWork work(long window, int count) {
    BodyWork work = new BodyWork(window, numbers::incrementAndGet);
    work.append(hashes(1, count));
    return work;
  }

  private static Assignment assign(BodyWork work, long server, int max) {
    return there(work.assign(server, _ -> true, max));
  }

  private static Assignment there(@Nullable Assignment assignment) {
    if (assignment == null) {
      throw new AssertionError("nothing was assigned");
    }
    return assignment;
  }

  private static List<Hash> submitted(BodyWork work) {
    return work.submit(1000, 1 << 20).stream().map(Dag.Body::hash).toList();
  }

  @Test
  void work_is_given_out_in_order_and_once() {
    BodyWork work = work(WIDE, 5);

    assertThat(assign(work, A, 3).hashes()).isEqualTo(hashes(1, 3));
    assertThat(assign(work, B, 3).hashes()).isEqualTo(hashes(4, 5));
    assertThat(work.assign(A, _ -> true, 3)).isNull();
    assertThat(work.free()).isZero();
    assertThat(work.isUnderWay()).isTrue();
  }

  @Test
  void what_is_there_already_is_not_added_again() {
    BodyWork work = work(WIDE, 5);
    assign(work, A, 2);

    work.append(hashes(2, 8));

    assertThat(work.size()).isEqualTo(8);
    assertThat(assign(work, B, 99).hashes()).isEqualTo(hashes(3, 8));
  }

  @Test
  void later_bodies_wait_for_those_before_them() {
    BodyWork work = work(WIDE, 4);
    Assignment first = assign(work, A, 2);
    Assignment second = assign(work, B, 2);

    work.deliver(second.number, bodies(second.hashes()), true);
    assertThat(submitted(work)).isEmpty();
    work.deliver(first.number, bodies(first.hashes().subList(0, 1)), false);
    assertThat(submitted(work)).isEqualTo(hashes(1, 1));
    work.deliver(first.number, bodies(first.hashes().subList(1, 2)), true);

    assertThat(submitted(work)).isEqualTo(hashes(2, 4));
    work.committed(4);
    assertThat(work.isEmpty()).isTrue();
    assertThat(work.heldBytes()).isZero();
  }

  @Test
  void a_submission_is_bounded_in_bodies_and_in_bytes_but_never_empty_for_it() {
    BodyWork work = work(WIDE, 4);
    Assignment all = assign(work, A, 4);
    work.deliver(all.number, bodies(all.hashes()), true);

    assertThat(work.submit(1, 1000)).hasSize(1);
    assertThat(work.submit(10, 150)).hasSize(1);
    assertThat(work.submit(10, 1)).hasSize(1);
    assertThat(work.submit(10, 1000)).hasSize(1);
  }

  @Test
  void a_peer_that_leaves_gives_back_what_it_owes_and_what_it_delivered_is_kept() {
    BodyWork work = work(WIDE, 6);
    Assignment left = assign(work, A, 4);
    work.deliver(left.number, bodies(hashes(1, 2)), false);

    work.release(A);

    assertThat(assign(work, B, 99).hashes()).isEqualTo(hashes(3, 6));
    assertThat(submitted(work)).isEqualTo(hashes(1, 2));
    work.deliver(left.number, bodies(hashes(3, 3)), false);
    assertThat(submitted(work)).isEmpty();
  }

  @Test
  void only_what_a_liar_supplied_is_fetched_again() {
    BodyWork work = work(WIDE, 6);
    Assignment liars = assign(work, A, 2);
    Assignment honest = assign(work, B, 2);
    Assignment liars2 = assign(work, A, 2);
    work.deliver(liars.number, bodies(liars.hashes()), true);
    work.deliver(honest.number, bodies(honest.hashes()), true);
    work.deliver(liars2.number, bodies(liars2.hashes()), true);
    assertThat(work.supplier(hash(5))).isEqualTo(A);

    work.forget(A);

    assertThat(assign(work, B, 99).hashes()).isEqualTo(List.of(hash(1), hash(2), hash(5), hash(6)));
    assertThat(work.heldBytes()).isEqualTo(200);
  }

  @Test
  void what_the_dag_did_not_take_is_held_again_but_not_what_came_before_it() {
    BodyWork work = work(WIDE, 4);
    Assignment all = assign(work, A, 4);
    work.deliver(all.number, bodies(all.hashes()), true);
    submitted(work);

    work.takeBack(hash(3));

    assertThat(work.size()).isEqualTo(2);
    assertThat(submitted(work)).isEqualTo(hashes(3, 4));
  }

  @Test
  void a_full_window_stops_new_requests_except_for_what_is_needed_next() {
    BodyWork work = work(10_000, 10);
    Assignment first = assign(work, A, 1);
    Assignment second = assign(work, B, 1);
    work.deliver(second.number, List.of(body(second.hashes().getFirst(), 9_500)), true);
    assertThat(work.assign(B, _ -> true, 1)).isNull();

    work.release(A);

    assertThat(assign(work, B, 1).hashes()).isEqualTo(first.hashes());
  }

  @Test
  void beyond_the_window_what_is_needed_last_is_let_go() {
    BodyWork work = work(13_000, 3);
    assign(work, A, 1);
    Assignment second = there(work.assign(B, h -> h.equals(hash(2)), 1));
    Assignment third = there(work.assign(B, h -> h.equals(hash(3)), 1));

    work.deliver(third.number, List.of(body(hash(3), 9_000)), true);
    work.deliver(second.number, List.of(body(hash(2), 9_000)), true);

    assertThat(work.heldBytes()).isEqualTo(9_000);
    assertThat(work.free()).isEqualTo(1);
    assertThat(work.supplier(hash(2))).isEqualTo(B);
    assertThat(work.supplier(hash(3))).isEqualTo(-1);
  }

  @Test
  void a_peer_gets_only_what_it_can_serve_and_the_rest_goes_to_others() {
    BodyWork work = work(WIDE, 6);

    Assignment even = there(work.assign(A, h -> h.word(3) % 2 == 0, 99));

    assertThat(even.hashes()).containsExactly(hash(2), hash(4), hash(6));
    assertThat(assign(work, B, 99).hashes()).containsExactly(hash(1), hash(3), hash(5));
  }

  @Test
  void what_keeps_the_dag_waiting_is_asked_of_a_second_peer_and_the_first_to_deliver_counts() {
    BodyWork work = work(WIDE, 4);
    Assignment slow = assign(work, A, 4);
    work.deliver(slow.number, bodies(hashes(1, 1)), false);
    assertThat(work.overdue(2)).isNull();
    work.tick();
    work.tick();
    assertThat(work.overdue(2)).isSameAs(slow);

    Assignment hedge = there(work.hedge(slow, B, _ -> true));
    assertThat(hedge.hashes()).isEqualTo(hashes(2, 4));
    work.tick();
    work.tick();
    assertThat(work.overdue(2)).isNull();
    work.deliver(hedge.number, bodies(hashes(2, 3)), false);
    work.deliver(slow.number, bodies(hashes(2, 4)), true);
    work.deliver(hedge.number, bodies(hashes(4, 4)), true);

    assertThat(work.supplier(hash(2))).isEqualTo(B);
    assertThat(work.supplier(hash(4))).isEqualTo(A);
    assertThat(submitted(work)).isEqualTo(hashes(1, 4));
    assertThat(work.heldBytes()).isEqualTo(400);
  }

  @Test
  void a_slow_peer_that_leaves_gives_back_nothing_that_another_was_asked_for_too() {
    BodyWork work = work(WIDE, 3);
    Assignment slow = assign(work, A, 3);
    work.tick();
    there(work.hedge(slow, B, _ -> true));

    work.release(A);

    assertThat(work.free()).isZero();
    work.release(B);
    assertThat(work.free()).isEqualTo(3);
  }

  @Test
  void a_body_of_another_block_than_the_one_due_is_our_own_fault() {
    BodyWork work = work(WIDE, 2);
    Assignment all = assign(work, A, 2);

    assertThatThrownBy(() -> work.deliver(all.number, bodies(hashes(2, 2)), false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Peers deliver, stall, lie and leave at random; the DAG takes, refuses and is busy. */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void whatever_happens_all_bodies_reach_the_dag_in_order_within_the_window(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 400) int count,
      @ForAll @IntRange(min = 1, max = 5) int peers) {
    long window = 5_000;
    Random random = new Random(seed);
    BodyWork work = work(window, count);
    Map<Long, Deque<Assignment>> open = new HashMap<>();
    List<Hash> inDag = new ArrayList<>();
    int steps = 0;
    while (!work.isEmpty()) {
      assertThat(steps++).as("steps").isLessThan(200_000);
      long peer = random.nextInt(peers);
      Deque<Assignment> queue = open.computeIfAbsent(peer, _ -> new ArrayDeque<>());
      switch (random.nextInt(8)) {
        case 0, 1 -> {
          Assignment given = work.assign(peer, _ -> true, 1 + random.nextInt(20));
          if (given != null) {
            queue.add(given);
          }
        }
        case 2, 3, 4 -> {
          Assignment next = queue.peek();
          if (next != null) {
            List<Hash> owed = next.owed().stream().map(slot -> slot.hash).toList();
            int n = owed.isEmpty() ? 0 : 1 + random.nextInt(owed.size());
            boolean last = n == owed.size();
            int bytes = 50 + random.nextInt(500);
            work.deliver(
                next.number, owed.subList(0, n).stream().map(h -> body(h, bytes)).toList(), last);
            if (last) {
              queue.remove();
            }
          }
        }
        case 5 -> {
          if (random.nextInt(20) == 0) {
            work.release(peer);
            work.forget(peer);
            queue.clear();
          }
        }
        case 6 -> {
          work.tick();
          Assignment slow = work.overdue(3);
          Assignment hedge =
              slow == null || slow.server == peer ? null : work.hedge(slow, peer, _ -> true);
          if (hedge != null) {
            queue.add(hedge);
          }
        }
        default -> {
          List<Dag.Body> batch = work.submit(1 + random.nextInt(30), 3_000);
          if (random.nextInt(4) == 0) {
            work.takeBack();
          } else {
            batch.forEach(b -> inDag.add(b.hash()));
            work.committed(batch.size());
          }
        }
      }
      assertThat(work.heldBytes()).isLessThanOrEqualTo(window);
    }
    assertThat(inDag).isEqualTo(hashes(1, count));
    assertThat(work.heldBytes()).isZero();
  }
}
