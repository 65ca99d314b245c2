package kaspeer.wire;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import kaspeer.wire.ConversionException.Reason;

/**
 * Walks the fields of protobuf messages in an array, without copying it. Numbers of 32 bits are the
 * low half of what stands there, as protobuf has it; fields that the reader does not know it has to
 * {@link #skip}.
 *
 * <p>Nothing is read beyond the message entered last. What is no protobuf is {@link
 * Reason#UNDECODABLE}; groups are none here, as {@link RawCheck} lets none pass.
 */
final class WireCursor {
  // A tag is the field's number, then three bits for the wire type.

  /** Wire type of numbers. */
  static final int VARINT = 0;

  /** Wire type of byte strings and embedded messages. */
  static final int LENGTH = 2;

  private static final int FIXED64 = 1;
  private static final int FIXED32 = 5;

  static final byte[] NO_BYTES = {};

  private final byte[] bytes;
  private int position;
  private int end;

  private WireCursor(byte[] bytes, int start, int length) {
    this.bytes = bytes;
    this.position = start;
    this.end = start + length;
  }

  /** A cursor before the first field; shares the array if the string is all in one. */
  static WireCursor over(ByteString message) {
    Backing backing = new Backing();
    try {
      UnsafeByteOperations.unsafeWriteTo(message, backing);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return backing.length == message.size()
        ? new WireCursor(backing.array, backing.start, backing.length)
        : new WireCursor(message.toByteArray(), 0, message.size());
  }

  /** Keeps the last array that a string is made of. */
  private static final class Backing extends ByteOutput {
    byte[] array = NO_BYTES;
    int start;
    int length;

    @Override
    public void writeLazy(byte[] value, int offset, int count) {
      array = value;
      start = offset;
      length = count;
    }

    // The others are for strings that are in no array: they are copied.

    @Override
    public void write(byte value) {}

    @Override
    public void write(byte[] value, int offset, int count) {}

    @Override
    public void write(ByteBuffer value) {}

    @Override
    public void writeLazy(ByteBuffer value) {}
  }

  /** Whether the message has another field. */
  boolean hasNext() {
    return position < end;
  }

  /** How many bytes the message has from here on. */
  int left() {
    return end - position;
  }

  /** Where the next byte is in the array. */
  int position() {
    return position;
  }

  /** Goes to another place in the message. */
  void seek(int place) {
    position = place;
  }

  /** Reads a field's tag. */
  int next() throws ConversionException {
    long tag = number();
    if (tag < 8 || tag > 0xFFFF_FFFFL) {
      throw undecodable("tag " + Long.toUnsignedString(tag));
    }
    return (int) tag;
  }

  /** Reads a number of up to 64 bits. */
  long number() throws ConversionException {
    if (position < end && bytes[position] >= 0) {
      return bytes[position++];
    }
    long value = 0;
    for (int shift = 0; shift < Long.SIZE && position < end; shift += 7) {
      byte b = bytes[position++];
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw undecodable("a number that does not end");
  }

  /** Reads the length of what follows, which is all there. */
  int length() throws ConversionException {
    long length = number();
    if (length < 0 || length > left()) {
      throw undecodable("length " + Long.toUnsignedString(length));
    }
    return (int) length;
  }

  /** Goes into an embedded message. Returns what {@link #leave} needs. */
  int enter() throws ConversionException {
    int length = length();
    int outer = end;
    end = position + length;
    return outer;
  }

  /** Goes to what follows the message entered last. */
  void leave(int outer) {
    position = end;
    end = outer;
  }

  /** Reads a byte string into an array of its own. */
  byte[] byteString() throws ConversionException {
    int length = length();
    if (length == 0) {
      return NO_BYTES;
    }
    byte[] copy = Arrays.copyOfRange(bytes, position, position + length);
    position += length;
    return copy;
  }

  /** Steps over the value of a field. */
  void skip(int tag) throws ConversionException {
    switch (tag & 7) {
      case VARINT -> number();
      case LENGTH -> {
        int length = length();
        position += length;
      }
      case FIXED64 -> forward(Long.BYTES);
      case FIXED32 -> forward(Integer.BYTES);
      default -> throw undecodable("wire type " + (tag & 7));
    }
  }

  private void forward(int step) throws ConversionException {
    if (step > left()) {
      throw undecodable("ends inside a number");
    }
    position += step;
  }

  /** The array that is walked: for what reads values of a fixed size at {@link #position}. */
  byte[] array() {
    return bytes;
  }

  private static ConversionException undecodable(String detail) {
    return new ConversionException(Reason.UNDECODABLE, detail);
  }
}
