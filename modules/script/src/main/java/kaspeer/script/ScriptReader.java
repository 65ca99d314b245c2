package kaspeer.script;

import java.util.Arrays;
import kaspeer.primitives.Bytes;

/**
 * Reads a script opcode by opcode. A malformed push is found only when it is reached (consensus
 * reference 6.8.1).
 */
final class ScriptReader {
  private final byte[] script;
  private int position;
  private int opcode;
  private int dataStart;

  ScriptReader(byte[] script) {
    this.script = script;
  }

  /**
   * Reads the next opcode and its data; false at the end.
   *
   * @throws ScriptException {@link ScriptError#MALFORMED_PUSH}
   */
  boolean next() throws ScriptException {
    if (position == script.length) {
      return false;
    }
    opcode = script[position++] & 0xFF;
    long length =
        switch (opcode) {
          case Opcode.PUSH_DATA_1 -> lengthOf(1);
          case Opcode.PUSH_DATA_2 -> lengthOf(2);
          case Opcode.PUSH_DATA_4 -> lengthOf(4);
          default -> opcode < Opcode.PUSH_DATA_1 ? opcode : 0;
        };
    require(length);
    dataStart = position;
    position += (int) length;
    return true;
  }

  private long lengthOf(int size) throws ScriptException {
    require(size);
    int at = position;
    position += size;
    return switch (size) {
      case 1 -> script[at] & 0xFF;
      case 2 -> Bytes.shortLe(script, at);
      default -> Integer.toUnsignedLong(Bytes.intLe(script, at));
    };
  }

  private void require(long count) throws ScriptException {
    if (count > script.length - position) {
      throw new ScriptException(
          ScriptError.MALFORMED_PUSH, count + " bytes of " + (script.length - position));
    }
  }

  /** The opcode read, 0 to 255. */
  int opcode() {
    return opcode;
  }

  /** The data pushed by the opcode read; nothing for one without data, those of numbers too. */
  byte[] data() {
    return position == dataStart
        ? ScriptNumber.FALSE
        : Arrays.copyOfRange(script, dataStart, position);
  }
}
