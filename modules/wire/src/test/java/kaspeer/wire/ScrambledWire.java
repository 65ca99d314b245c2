package kaspeer.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Encodes messages as no one does but all may: fields in any order, mixed with fields that no
 * message has; zeros written out; numbers longer than they need to be, and of more bits than their
 * fields have.
 */
final class ScrambledWire {
  private static final int[] UNKNOWN = {7, 15, 16, 2_000, (1 << 29) - 1};

  private final Random random;

  ScrambledWire(Random random) {
    this.random = random;
  }

  byte[] encode(Message message) {
    List<byte[]> fields = new ArrayList<>();
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      List<?> values = field.isRepeated() ? (List<?>) entry.getValue() : List.of(entry.getValue());
      values.forEach(value -> fields.add(field(field, value)));
    }
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      boolean absent = !field.isRepeated() && !message.getAllFields().containsKey(field);
      if (absent && !field.hasPresence() && random.nextInt(4) == 0) {
        fields.add(field(field, field.getDefaultValue()));
      }
    }
    while (random.nextInt(4) == 0) {
      fields.add(unknown());
    }
    Collections.shuffle(fields, random);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    fields.forEach(out::writeBytes);
    return out.toByteArray();
  }

  private byte[] field(FieldDescriptor field, Object value) {
    int number = field.getNumber();
    return switch (value) {
      case Message message -> lengthed(number, encode(message));
      case ByteString bytes -> lengthed(number, bytes.toByteArray());
      case Integer narrow -> {
        long high = random.nextInt(8) == 0 ? random.nextLong() << 32 : 0;
        yield numbered(number, high | Integer.toUnsignedLong(narrow));
      }
      case Long wide -> numbered(number, wide);
      default -> throw new AssertionError(field);
    };
  }

  private byte[] unknown() {
    int number = UNKNOWN[random.nextInt(UNKNOWN.length)];
    byte[] bytes = new byte[random.nextInt(20)];
    random.nextBytes(bytes);
    return switch (random.nextInt(4)) {
      case 0 -> numbered(number, random.nextLong());
      case 1 -> fixed(number, 1, Long.BYTES);
      case 2 -> fixed(number, 5, Integer.BYTES);
      default -> lengthed(number, bytes);
    };
  }

  private byte[] fixed(int field, int wireType, int size) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    varint(out, (long) field << 3 | wireType);
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    out.writeBytes(bytes);
    return out.toByteArray();
  }

  private byte[] numbered(int field, long value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    varint(out, (long) field << 3 | WireCursor.VARINT);
    varint(out, value);
    return out.toByteArray();
  }

  private byte[] lengthed(int field, byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    varint(out, (long) field << 3 | WireCursor.LENGTH);
    varint(out, bytes.length);
    out.writeBytes(bytes);
    return out.toByteArray();
  }

  private void varint(ByteArrayOutputStream out, long value) {
    int size = 1;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
      size++;
    }
    if (random.nextInt(8) > 0 || size == 10) {
      out.write((int) rest);
      return;
    }
    out.write((int) (rest | 0x80));
    for (int padding = random.nextInt(10 - size); padding > 0; padding--) {
      out.write(0x80);
    }
    out.write(0);
  }
}
