package kaspeer.engine.peer;

import java.util.Set;
import kaspeer.transport.Link;
import kaspeer.wire.ConnectionPhase;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.PayloadType;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/**
 * Lets a peer send large batches while a question is open that they answer, and not otherwise. Safe
 * from any thread: flows ask on theirs.
 */
final class BulkPhase {
  private final Link link;
  private int version;
  private int open;

  BulkPhase(Link link) {
    this.link = link;
  }

  /** Whether one of these answers may be larger in a sync. */
  static boolean isBulk(Set<PayloadCase> answers) {
    for (PayloadCase answer : answers) {
      PayloadType type = PayloadCatalogue.standard().of(answer);
      if (type.syncBytes() > type.readyBytes()) {
        return true;
      }
    }
    return false;
  }

  /** The handshake's checks are done; to be called before Ready is sent. */
  synchronized void ready(int agreedVersion) {
    version = agreedVersion;
    link.enterPhase(ConnectionPhase.READY, version);
  }

  synchronized void opened() {
    open++;
    if (open == 1) {
      link.enterPhase(ConnectionPhase.SYNC, version);
    }
  }

  synchronized void settled() {
    open--;
    if (open == 0) {
      link.enterPhase(ConnectionPhase.READY, version);
    }
  }
}
