package kaspeer.script;

import java.io.ByteArrayOutputStream;

/**
 * Writes scripts, each push in its shortest form. Nothing keeps a script from failing when it is
 * executed, but none is written that is longer than the engine reads.
 */
public final class ScriptBuilder {
  private final ByteArrayOutputStream script = new ByteArrayOutputStream();

  /** Adds an opcode. */
  public ScriptBuilder op(Opcode opcode) {
    return add(opcode.code());
  }

  /** Adds a push of a number; -2^63 cannot be read back and takes 9 bytes. */
  public ScriptBuilder number(long value) {
    if (value == Long.MIN_VALUE) {
      return data(new byte[] {0, 0, 0, 0, 0, 0, 0, (byte) 0x80, (byte) 0x80});
    }
    try {
      return data(ScriptNumber.encode(value));
    } catch (ScriptException e) {
      throw new IllegalStateException("every other number has an encoding", e);
    }
  }

  /** Adds a push of bytes; one that is -1 or 1 to 16 takes a single byte. */
  public ScriptBuilder data(byte[] bytes) {
    if (bytes.length == 1) {
      int single = bytes[0] & 0xFF;
      if (single >= 1 && single <= 16) {
        return add(Opcode.RESERVED + single);
      }
      if (single == 0x81) {
        return add(Opcode.PUSH_MINUS_ONE);
      }
    }
    return literal(bytes);
  }

  /** Adds a push of bytes that is followed by them, whatever they are. */
  public ScriptBuilder literal(byte[] bytes) {
    int length = bytes.length;
    if (length <= Opcode.MAX_DIRECT_PUSH) {
      add(length);
    } else if (length <= 0xFF) {
      add(Opcode.PUSH_DATA_1).add(length);
    } else if (length <= 0xFFFF) {
      add(Opcode.PUSH_DATA_2).add(length).add(length >>> 8);
    } else {
      add(Opcode.PUSH_DATA_4).add(length).add(length >>> 8).add(length >>> 16).add(length >>> 24);
    }
    return raw(bytes);
  }

  /** Adds bytes as they are. */
  public ScriptBuilder raw(byte[] bytes) {
    requireSpace(bytes.length);
    script.writeBytes(bytes);
    return this;
  }

  private ScriptBuilder add(int value) {
    requireSpace(1);
    script.write(value);
    return this;
  }

  private void requireSpace(int bytes) {
    if (bytes > ScriptLimits.MAX_SCRIPT_SIZE - script.size()) {
      throw new IllegalArgumentException(
          "a script has at most " + ScriptLimits.MAX_SCRIPT_SIZE + " bytes");
    }
  }

  /** The script so far. */
  public byte[] build() {
    return script.toByteArray();
  }
}
