package kaspeer.mempool;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What a pool has counted. Safe from any thread. */
final class Counters {
  private final Map<MempoolCount, LongAdder> counts = new EnumMap<>(MempoolCount.class);

  Counters() {
    for (MempoolCount what : MempoolCount.values()) {
      counts.put(what, new LongAdder());
    }
  }

  void count(MempoolCount what, int times) {
    LongAdder adder = counts.get(what);
    if (adder != null) {
      adder.add(times);
    }
  }

  void count(Admission admission) {
    count(
        switch (admission) {
          case Admission.Accepted _ -> MempoolCount.ACCEPTED;
          case Admission.Orphaned _ -> MempoolCount.ORPHANED;
          case Admission.Known _ -> MempoolCount.KNOWN;
          case Admission.DoubleSpend _ -> MempoolCount.DOUBLE_SPEND;
          case Admission.Invalid _ -> MempoolCount.INVALID;
          case Admission.NotYet _ -> MempoolCount.NOT_YET;
          case Admission.NonStandard _ -> MempoolCount.NON_STANDARD;
          case Admission.Full _ -> MempoolCount.FULL;
        },
        1);
  }

  Map<MempoolCount, Long> all() {
    Map<MempoolCount, Long> all = new EnumMap<>(MempoolCount.class);
    counts.forEach((what, adder) -> all.put(what, adder.sum()));
    return all;
  }
}
