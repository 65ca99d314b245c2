package kaspeer.engine.sanctions;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import kaspeer.flow.policy.RejectText;

/**
 * A ban as bytes: a format number, its end in milliseconds since 1970, reason and evidence. The
 * subject is the key.
 */
final class BanCodec {
  private static final int FORMAT = 1;

  private BanCodec() {}

  static byte[] encode(Sanctions.Ban ban) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeLong(ban.until().toEpochMilli());
      out.writeUTF(RejectText.cut(ban.reason()));
      out.writeUTF(RejectText.cut(ban.evidence()));
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
    return bytes.toByteArray();
  }

  /** Empty if the bytes are no ban of a format known here. */
  static Optional<Sanctions.Ban> decode(String subject, byte[] value) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
      if (in.readByte() != FORMAT) {
        return Optional.empty();
      }
      Instant until = Instant.ofEpochMilli(in.readLong());
      return Optional.of(new Sanctions.Ban(subject, in.readUTF(), until, in.readUTF()));
    } catch (IOException damaged) {
      return Optional.empty();
    }
  }
}
