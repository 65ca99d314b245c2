package kaspeer.flows.sync;

import static kaspeer.flows.sync.SyncSamples.headers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.Breach;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Header;
import org.junit.jupiter.api.Test;

class BelowSinkTest {
  private static final int BATCH = 1000;

  /** Of work 1 to 1000. */
  private static final List<Header> HEADERS = headers(1, BATCH);

  private static final int FULL = BelowSink.MAX / BATCH;

  private final BelowSink below = new BelowSink();

  private void add(int times, int added, long sinkWork) throws Breach {
    for (int i = 0; i < times; i++) {
      below.add(HEADERS, added, BlueWork.of(sinkWork));
    }
  }

  @Test
  void twoFinalityDepthsOfNewHeadersMayBeBelowTheSinkAndNotOneMore() throws Breach {
    assertThat(FULL * BATCH).isEqualTo(864_000);
    add(FULL, BATCH, BATCH);
    assertThatExceptionOfType(Breach.class)
        .isThrownBy(() -> add(1, 1, BATCH))
        .satisfies(breach -> assertThat(breach.code()).isEqualTo(ViolationCode.BAD_SYNC_ANSWER));
  }

  @Test
  void headersAboveTheSinkDoNotCount() throws Breach {
    add(2 * FULL, BATCH, 0);
    add(FULL - 1, BATCH, BATCH);
  }

  @Test
  void knownHeadersDoNotCount() throws Breach {
    add(2 * FULL, 0, BATCH);
    add(FULL, BATCH, BATCH);
  }

  @Test
  void aHeaderAboveTheSinkAmongThemExcusesNone() throws Breach {
    add(FULL, BATCH - 1, BATCH - 1);
    assertThatExceptionOfType(Breach.class).isThrownBy(() -> add(2, BATCH - 1, BATCH - 1));
  }
}
