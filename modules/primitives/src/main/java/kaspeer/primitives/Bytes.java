package kaspeer.primitives;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Fixed-width integers in byte arrays. */
public final class Bytes {
  private static final VarHandle LONG_BE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG_LE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT_LE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Bytes() {}

  public static long longBe(byte[] source, int offset) {
    return (long) LONG_BE.get(source, offset);
  }

  public static void putLongBe(byte[] target, int offset, long value) {
    LONG_BE.set(target, offset, value);
  }

  public static long longLe(byte[] source, int offset) {
    return (long) LONG_LE.get(source, offset);
  }

  public static void putLongLe(byte[] target, int offset, long value) {
    LONG_LE.set(target, offset, value);
  }

  public static int intLe(byte[] source, int offset) {
    return (int) INT_LE.get(source, offset);
  }

  public static void putIntLe(byte[] target, int offset, int value) {
    INT_LE.set(target, offset, value);
  }

  /** The unsigned 16-bit little-endian number at {@code offset}. */
  public static int shortLe(byte[] source, int offset) {
    return (source[offset] & 0xFF) | (source[offset + 1] & 0xFF) << 8;
  }

  public static void putShortLe(byte[] target, int offset, int value) {
    target[offset] = (byte) value;
    target[offset + 1] = (byte) (value >>> 8);
  }
}
