package kaspeer.script;

import java.util.Arrays;
import kaspeer.primitives.Hash;

/**
 * A stack of byte arrays, which are never changed and may therefore be shared: copying a value
 * costs nothing, though scripts pay for its bytes. What is paid for is counted here (consensus
 * reference 6.8.2): results and copies, but neither literals nor moves.
 */
final class ScriptStack {
  private byte[][] items = new byte[8][];
  private int size;
  private long metered;

  ScriptStack() {}

  /** A copy, with nothing to be paid for. */
  ScriptStack(ScriptStack other) {
    items = Arrays.copyOf(other.items, Math.max(8, other.size));
    size = other.size;
  }

  int size() {
    return size;
  }

  void clear() {
    Arrays.fill(items, 0, size, null);
    size = 0;
  }

  /** The bytes to be paid for since this was last asked. */
  long takeMetered() {
    long taken = metered;
    metered = 0;
    return taken;
  }

  /**
   * Refuses an opcode that wants more values than there are.
   *
   * @throws ScriptException {@link ScriptError#STACK_UNDERFLOW}
   */
  void require(int count) throws ScriptException {
    if (size < count) {
      throw new ScriptException(ScriptError.STACK_UNDERFLOW, size + " of " + count);
    }
  }

  /** Puts a value on top, for which nothing is paid: a literal, or one that is moved. */
  void place(byte[] item) throws ScriptException {
    requireElementSize(item.length);
    add(item);
  }

  /** Puts a result on top. */
  void push(byte[] item) throws ScriptException {
    requireElementSize(item.length);
    metered += item.length;
    add(item);
  }

  void pushNumber(long value) throws ScriptException {
    push(ScriptNumber.encode(value));
  }

  void pushBoolean(boolean value) throws ScriptException {
    push(ScriptNumber.ofBoolean(value));
  }

  void pushHash(Hash hash) throws ScriptException {
    push(hash.toBytes());
  }

  /**
   * Takes the top.
   *
   * @throws ScriptException {@link ScriptError#EMPTY_STACK}
   */
  byte[] pop() throws ScriptException {
    if (size == 0) {
      throw new ScriptException(ScriptError.EMPTY_STACK);
    }
    byte[] top = items[--size];
    items[size] = null;
    return top;
  }

  /** The top, which stays. There must be one. */
  byte[] peek() {
    return items[size - 1];
  }

  /** Takes the top {@code count} values, the lowest first. There must be as many. */
  byte[][] popAll(int count) {
    byte[][] taken = Arrays.copyOfRange(items, size - count, size);
    drop(count);
    return taken;
  }

  boolean popBoolean() throws ScriptException {
    require(1);
    return ScriptNumber.isTrue(pop());
  }

  long popNumber() throws ScriptException {
    require(1);
    return ScriptNumber.decode(pop());
  }

  /** Takes a number of 32 bits. */
  int popInt() throws ScriptException {
    long value = popNumber();
    if (value != (int) value) {
      throw new ScriptException(ScriptError.NUMBER_TOO_BIG, value + " is beyond 32 bits");
    }
    return (int) value;
  }

  /** Takes a number of 32 bits that is not negative. */
  int popIndex() throws ScriptException {
    return requireIndex(popInt());
  }

  /** Takes {@code count} numbers of 32 bits that are not negative, the lowest first. */
  int[] popIndices(int count) throws ScriptException {
    require(count);
    int[] values = new int[count];
    for (int i = count - 1; i >= 0; i--) {
      values[i] = popInt();
    }
    for (int value : values) {
      requireIndex(value);
    }
    return values;
  }

  static int requireIndex(int value) throws ScriptException {
    if (value < 0) {
      throw new ScriptException(ScriptError.INVALID_INDEX, Integer.toString(value));
    }
    return value;
  }

  Hash popHash() throws ScriptException {
    require(1);
    byte[] bytes = pop();
    if (bytes.length != Hash.SIZE) {
      throw new ScriptException(ScriptError.INVALID_HASH_LENGTH, bytes.length + " bytes");
    }
    return Hash.of(bytes);
  }

  /** Drops the top {@code count} values. There must be as many. */
  void drop(int count) {
    Arrays.fill(items, size - count, size, null);
    size -= count;
  }

  /** Copies {@code count} values, the lowest of them at {@code depth} from 1, to the top. */
  void copy(int depth, int count) {
    int from = size - depth;
    for (int i = 0; i < count; i++) {
      byte[] item = items[from + i];
      metered += item.length;
      add(item);
    }
  }

  /** Moves the lowest {@code count} of the top {@code span} values to the top. */
  void rotate(int span, int count) {
    byte[][] lowest = Arrays.copyOfRange(items, size - span, size - span + count);
    System.arraycopy(items, size - span + count, items, size - span, span - count);
    System.arraycopy(lowest, 0, items, size - count, count);
  }

  /** Puts a copy of the top below the second from the top. */
  void tuck() {
    copy(1, 1);
    rotate(3, 2);
  }

  private void add(byte[] item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, 2 * size);
    }
    items[size++] = item;
  }

  static void requireElementSize(long length) throws ScriptException {
    if (length > ScriptLimits.MAX_ELEMENT_SIZE) {
      throw new ScriptException(ScriptError.ELEMENT_TOO_BIG, length + " bytes");
    }
  }
}
