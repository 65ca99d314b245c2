package kaspeer.consensus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/** Outputs as the virtual block saw them at one moment, and from where. */
public final class VirtualReading {
  private final List<@Nullable UtxoEntry> entries;
  private final long daaScore;
  private final long pastMedianTime;
  private final int sink;

  VirtualReading(List<@Nullable UtxoEntry> entries, long daaScore, long pastMedianTime, int sink) {
    this.entries = Collections.unmodifiableList(new ArrayList<>(entries));
    this.daaScore = daaScore;
    this.pastMedianTime = pastMedianTime;
    this.sink = sink;
  }

  /** In the order asked; null where nothing is unspent. */
  public List<@Nullable UtxoEntry> entries() {
    return entries;
  }

  long daaScore() {
    return daaScore;
  }

  long pastMedianTime() {
    return pastMedianTime;
  }

  int sink() {
    return sink;
  }
}
