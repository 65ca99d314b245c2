package kaspeer.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Random;
import kaspeer.wire.proto.KaspadMessage;

/** Envelopes with random payloads that keep every rule: what an honest encoder could write. */
final class RandomMessages {
  private final Random random;

  RandomMessages(long seed) {
    random = new Random(seed);
  }

  /** A payload of the given type, with random ids. */
  KaspadMessage envelope(PayloadType type) {
    Descriptor descriptor = KaspadMessage.getDescriptor();
    DynamicMessage.Builder envelope = DynamicMessage.newBuilder(descriptor);
    FieldDescriptor payload = descriptor.findFieldByNumber(type.number());
    envelope.setField(payload, message(payload.getMessageType()));
    if (random.nextBoolean()) {
      envelope.setField(descriptor.findFieldByNumber(101), random.nextInt());
    }
    if (random.nextBoolean()) {
      envelope.setField(descriptor.findFieldByNumber(102), random.nextInt());
    }
    try {
      return KaspadMessage.parseFrom(envelope.build().toByteString());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private DynamicMessage message(Descriptor descriptor) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(descriptor);
    for (FieldDescriptor field : descriptor.getFields()) {
      if (field.isRepeated()) {
        int count = isParents(field) ? 1 + random.nextInt(3) : random.nextInt(4);
        for (int i = 0; i < count; i++) {
          message.addRepeatedField(field, value(field));
        }
      } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE || random.nextInt(4) > 0) {
        message.setField(field, value(field));
      } else if (isHash(field) || isParents(field)) {
        message.setField(field, value(field));
      }
    }
    return message.build();
  }

  private Object value(FieldDescriptor field) {
    return switch (field.getType()) {
      case MESSAGE -> message(field.getMessageType());
      case BYTES -> ByteString.copyFrom(bytes(isHash(field) ? 32 : random.nextInt(40)));
      case STRING -> "é".repeat(random.nextInt(4)) + Long.toString(random.nextLong(), 36);
      case BOOL -> random.nextBoolean();
      case UINT32 -> isParents(field) ? 1 + random.nextInt(255) : random.nextInt();
      case UINT64, INT64 -> random.nextLong();
      default -> throw new AssertionError(field);
    };
  }

  private static boolean isHash(FieldDescriptor field) {
    String message = field.getContainingType().getName();
    return message.equals("Hash") || message.equals("TransactionId");
  }

  /** The fields of a level of parents, neither of which may be left out. */
  private static boolean isParents(FieldDescriptor field) {
    return field.getContainingType().getName().equals("BlockLevelParents");
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
