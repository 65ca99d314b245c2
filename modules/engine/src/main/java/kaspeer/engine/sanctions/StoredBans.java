package kaspeer.engine.sanctions;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import kaspeer.engine.Persistence;
import kaspeer.engine.net.IpRange;

/** Reads the bans of an earlier run. */
public final class StoredBans {
  private StoredBans() {}

  /** The bans that still hold; others, and entries that cannot be read, are removed. Blocks. */
  public static BanTable load(Persistence persistence, Instant now) {
    BanTable table = new BanTable();
    List<String> over = new ArrayList<>();
    persistence.scan(
        SanctionsActor.KEYS,
        (key, value) -> {
          String subject = key.substring(SanctionsActor.KEYS.length());
          var ban = BanCodec.decode(subject, value).filter(read -> now.isBefore(read.until()));
          var range = IpRange.parse(subject);
          if (ban.isPresent() && range.isPresent()) {
            table.put(range.get(), ban.get());
          } else {
            over.add(key);
          }
        });
    over.forEach(persistence::delete);
    return table;
  }
}
