package kaspeer.engine.sanctions;

import java.time.Instant;
import kaspeer.engine.net.IpRange;

/** Puts bans into tables, for tests of those who read them. */
public final class Bans {
  private Bans() {}

  public static void add(BanTable table, String subject, Instant until) {
    table.put(
        IpRange.parse(subject).orElseThrow(),
        new Sanctions.Ban(subject, "reason", until, "evidence"));
  }
}
