package kaspeer.node;

import java.util.concurrent.TimeUnit;
import kaspeer.consensus.RebuildListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says every few seconds how far a node that makes its UTXO state anew has come. */
final class RebuildLog implements RebuildListener {
  private static final Logger LOG = LoggerFactory.getLogger(RebuildLog.class);
  private static final long INTERVAL = TimeUnit.SECONDS.toNanos(5);

  private boolean told;
  private long last;

  @Override
  public void rebuilding(long blueScore, long target) {
    long now = System.nanoTime();
    if (!told || now - last >= INTERVAL) {
      told = true;
      last = now;
      LOG.info("making the UTXO state from stored blocks: blue score {} of {}", blueScore, target);
    }
  }
}
