package kaspeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnsafeByteOperations;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.wire.ConversionException.Reason;
import kaspeer.wire.proto.BlockBodyMessage;
import kaspeer.wire.proto.CovenantBinding;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.ScriptPublicKey;
import kaspeer.wire.proto.TransactionInput;
import kaspeer.wire.proto.TransactionMessage;
import kaspeer.wire.proto.TransactionOutput;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Bodies read from bytes are what the decoded message converts to. */
class BodyReaderTest {
  private final RawCheck check = new RawCheck(PayloadCatalogue.standard());

  /** What came of bytes: transactions, all their fields in the wire's form, or a refusal. */
  private sealed interface Outcome {
    record Read(BlockBodyMessage transactions) implements Outcome {}

    record Refused(Reason reason) implements Outcome {}
  }

  private interface Reading {
    List<Transaction> run() throws ConversionException;
  }

  private static Outcome outcome(Reading reading) {
    try {
      return new Outcome.Read(Blocks.bodyToWire(reading.run()));
    } catch (ConversionException e) {
      return new Outcome.Refused(e.reason());
    }
  }

  private static Outcome direct(ByteString body) {
    return outcome(() -> Blocks.bodyFromWire(body));
  }

  /** Decodes the message, and converts its transactions. */
  private static Outcome decoded(ByteString body) throws InvalidProtocolBufferException {
    BlockBodyMessage message = BlockBodyMessage.parseFrom(body);
    return outcome(
        () -> {
          int size = message.getSerializedSize();
          if (size > WireLimits.BODY_BYTES) {
            throw new ConversionException(Reason.TOO_LARGE, "body");
          }
          return Transactions.fromWire(message.getTransactionsList(), size);
        });
  }

  private static void same(ByteString body) throws InvalidProtocolBufferException {
    assertThat(direct(body)).isEqualTo(decoded(body));
  }

  private static BlockBodyMessage body(Random random) {
    BlockBodyMessage.Builder body = BlockBodyMessage.newBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      TransactionMessage.Builder transaction =
          Transactions.toWire(ConvertersTest.transaction(random)).toBuilder();
      if (random.nextInt(4) == 0) {
        transaction.setPayload(UnsafeByteOperations.unsafeWrap(new byte[random.nextInt(100_000)]));
      }
      if (random.nextInt(4) == 0) {
        spoil(transaction, random);
      }
      body.addTransactions(transaction);
    }
    return body.build();
  }

  /** Puts something there that passes the check and does not convert, or just so. */
  private static void spoil(TransactionMessage.Builder transaction, Random random) {
    int wide = 1 << 7 + random.nextInt(12);
    switch (random.nextInt(5)) {
      case 0 -> transaction.setVersion(wide);
      case 1 ->
          transaction.setSubnetworkId(
              kaspeer.wire.proto.SubnetworkId.newBuilder()
                  .setBytes(ByteString.copyFrom(new byte[19 + random.nextInt(3)])));
      case 2 -> {
        if (transaction.getInputsCount() > 0) {
          transaction.getInputsBuilder(0).setComputeCommit(wide);
        }
      }
      case 3 -> {
        if (transaction.getOutputsCount() > 0) {
          transaction.getOutputsBuilder(0).getScriptPublicKeyBuilder().setVersion(wide);
        }
      }
      default -> {
        if (transaction.getOutputsCount() > 0 && transaction.getOutputs(0).hasCovenant()) {
          transaction.getOutputsBuilder(0).getCovenantBuilder().setAuthorizingInput(wide);
        }
      }
    }
  }

  /** A frame with this payload, which begins somewhere in its array. */
  private static byte[] frame(byte[] payload, Random random) {
    return KaspadMessage.newBuilder()
        .setUnknownFields(
            UnknownFieldSet.newBuilder()
                .addField(
                    PayloadCase.BLOCK_BODY.getNumber(),
                    UnknownFieldSet.Field.newBuilder()
                        .addLengthDelimited(UnsafeByteOperations.unsafeWrap(payload))
                        .build())
                .build())
        .setResponseId(random.nextInt())
        .build()
        .toByteArray();
  }

  private static ByteString payload(byte[] frame, RawCheck.Checked checked) {
    int from = checked.payloadOffset();
    return UnsafeByteOperations.unsafeWrap(frame).substring(from, from + checked.payloadLength());
  }

  @Property(tries = 2_000)
  void aBodyIsReadAsItIsDecoded(@ForAll long seed) throws InvalidProtocolBufferException {
    Random random = new Random(seed);
    BlockBodyMessage body = body(random);
    same(body.toByteString());
    byte[] frame = frame(new ScrambledWire(random).encode(body), random);
    RawCheck.Result result = check.check(frame, 0, frame.length, ConnectionPhase.READY, 11);
    assertThat(result).isInstanceOf(RawCheck.Checked.class);
    ByteString payload = payload(frame, (RawCheck.Checked) result);
    assertThat(direct(payload))
        .isEqualTo(decoded(payload))
        .isEqualTo(decoded(BlockBodyMessage.parseFrom(payload).toByteString()));
    // In pieces, as no transport makes them.
    int half = payload.size() / 2;
    assertThat(direct(payload.substring(0, half).concat(payload.substring(half))))
        .isEqualTo(decoded(payload));
  }

  @Property(tries = 20_000)
  void whatWasABodyIsReadAsItIsDecodedOrRefused(@ForAll long seed)
      throws InvalidProtocolBufferException {
    Random random = new Random(seed);
    BlockBodyMessage body = Blocks.bodyToWire(List.of(ConvertersTest.transaction(random)));
    byte[] bytes =
        random.nextBoolean() ? body.toByteArray() : new ScrambledWire(random).encode(body);
    byte[] frame = frame(WireMutationsTest.mutated(bytes, random), random);
    RawCheck.Result result = check.check(frame, 0, frame.length, ConnectionPhase.READY, 11);
    if (result instanceof RawCheck.Checked checked) {
      same(payload(frame, checked));
    } else {
      // Nobody reads it; all the same it is read or refused.
      assertThat(direct(UnsafeByteOperations.unsafeWrap(frame))).isNotNull();
      assertThat(direct(UnsafeByteOperations.unsafeWrap(bytes))).isNotNull();
    }
  }

  @Property(tries = 2_000)
  void noBytesAtAllMakeItThrowAnythingElse(@ForAll byte[] bytes) {
    assertThat(direct(ByteString.copyFrom(bytes))).isNotNull();
  }

  private static BlockBodyMessage whole() {
    Random random = new Random(3);
    TransactionMessage transaction =
        TransactionMessage.newBuilder()
            .setVersion(1)
            .setSubnetworkId(Transactions.toWire(SubnetworkId.NATIVE))
            .addInputs(
                TransactionInput.newBuilder()
                    .setPreviousOutpoint(
                        kaspeer.wire.proto.Outpoint.newBuilder()
                            .setTransactionId(Hashes.toWireId(ConvertersTest.hash(random))))
                    .setComputeCommit(0xFFFF))
            .addOutputs(
                TransactionOutput.newBuilder()
                    .setScriptPublicKey(ScriptPublicKey.newBuilder().setVersion(0xFFFF))
                    .setCovenant(
                        CovenantBinding.newBuilder()
                            .setAuthorizingInput(0xFFFF)
                            .setCovenantId(Hashes.toWire(ConvertersTest.hash(random)))))
            .build();
    return BlockBodyMessage.newBuilder().addTransactions(transaction).build();
  }

  private static void refused(Reason reason, String detail, ByteString body) {
    assertThatExceptionOfType(ConversionException.class)
        .isThrownBy(() -> Blocks.bodyFromWire(body))
        .withMessage(reason + ": " + detail)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static void refused(
      Reason reason, String detail, Consumer<TransactionMessage.Builder> change)
      throws InvalidProtocolBufferException {
    BlockBodyMessage.Builder body = whole().toBuilder();
    change.accept(body.getTransactionsBuilder(0));
    ByteString bytes = body.build().toByteString();
    same(bytes);
    refused(reason, detail, bytes);
  }

  @Test
  void aTransactionNeedsItsParts() throws InvalidProtocolBufferException {
    refused(Reason.MISSING_FIELD, "subnetwork id", t -> t.clearSubnetworkId());
    refused(
        Reason.MISSING_FIELD,
        "previous outpoint",
        t -> t.addInputs(TransactionInput.getDefaultInstance()));
    refused(
        Reason.MISSING_FIELD,
        "previous transaction id",
        t -> {
          t.getInputsBuilder(0).getPreviousOutpointBuilder().clearTransactionId();
        });
    refused(
        Reason.MISSING_FIELD,
        "script public key",
        t -> t.addOutputs(TransactionOutput.getDefaultInstance()));
    refused(
        Reason.MISSING_FIELD,
        "covenant id",
        t -> {
          t.getOutputsBuilder(0).getCovenantBuilder().clearCovenantId();
        });
  }

  @Test
  void bytesHaveTheirLengths() throws InvalidProtocolBufferException {
    for (int length : new int[] {0, 19, 21}) {
      refused(
          Reason.BAD_LENGTH,
          "subnetwork id of " + length + " bytes",
          t -> {
            t.getSubnetworkIdBuilder().setBytes(ByteString.copyFrom(new byte[length]));
          });
    }
    for (int length : new int[] {0, 31, 33}) {
      ByteString bytes = ByteString.copyFrom(new byte[length]);
      refused(
          Reason.BAD_LENGTH,
          "transaction id of " + length + " bytes",
          t -> {
            t.getInputsBuilder(0)
                .getPreviousOutpointBuilder()
                .getTransactionIdBuilder()
                .setBytes(bytes);
          });
      refused(
          Reason.BAD_LENGTH,
          "covenant id of " + length + " bytes",
          t -> {
            t.getOutputsBuilder(0).getCovenantBuilder().getCovenantIdBuilder().setBytes(bytes);
          });
    }
  }

  @Test
  void numbersKeepTheirRanges() throws InvalidProtocolBufferException {
    refused(Reason.OUT_OF_RANGE, "transaction version 65536", t -> t.setVersion(0x10000));
    refused(
        Reason.OUT_OF_RANGE,
        "count of signature operations 65535",
        TransactionMessage.Builder::clearVersion);
    refused(
        Reason.OUT_OF_RANGE,
        "compute commitment 4294967295",
        t -> {
          t.getInputsBuilder(0).setComputeCommit(-1);
        });
    refused(
        Reason.OUT_OF_RANGE,
        "script version 65536",
        t -> {
          t.getOutputsBuilder(0).getScriptPublicKeyBuilder().setVersion(0x10000);
        });
    refused(
        Reason.OUT_OF_RANGE,
        "authorizing input 65536",
        t -> {
          t.getOutputsBuilder(0).getCovenantBuilder().setAuthorizingInput(0x10000);
        });
  }

  @Test
  void aTransactionHasAtMost1MiBAndABody2() throws InvalidProtocolBufferException {
    int around = whole().getTransactions(0).getSerializedSize() + 4;
    int most = WireLimits.TRANSACTION_BYTES - around;
    for (int size = most - 2; size <= most + 2; size++) {
      TransactionMessage large =
          whole().getTransactions(0).toBuilder().setPayload(zeros(size)).build();
      same(BlockBodyMessage.newBuilder().addTransactions(large).build().toByteString());
    }
    TransactionMessage half =
        whole().getTransactions(0).toBuilder().setPayload(zeros(most - 8)).build();
    BlockBodyMessage two =
        BlockBodyMessage.newBuilder().addTransactions(half).addTransactions(half).build();
    assertThat(direct(two.toByteString())).isEqualTo(new Outcome.Read(two));
    BlockBodyMessage three = two.toBuilder().addTransactions(half).build();
    same(three.toByteString());
    refused(
        Reason.TOO_LARGE, "body of " + three.getSerializedSize() + " bytes", three.toByteString());
    TransactionMessage tooLarge = half.toBuilder().setPayload(zeros(most + 8)).build();
    refused(
        Reason.TOO_LARGE,
        "transaction of " + tooLarge.getSerializedSize() + " bytes",
        BlockBodyMessage.newBuilder().addTransactions(tooLarge).build().toByteString());
  }

  private static ByteString zeros(int count) {
    return UnsafeByteOperations.unsafeWrap(new byte[count]);
  }

  @Test
  void aBodyMayBeEmpty() throws ConversionException {
    assertThat(Blocks.bodyFromWire(ByteString.EMPTY)).isEmpty();
    // A field that it does not have.
    assertThat(Blocks.bodyFromWire(ByteString.copyFrom(new byte[] {2 << 3, 5}))).isEmpty();
  }

  @Test
  void whatIsNoProtobufIsUndecodable() {
    for (byte[] bytes :
        new byte[][] {
          {1 << 3 | 2}, // no length
          {1 << 3 | 2, 1}, // longer than what is there
          {1 << 3 | 2, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, // a negative length
          {2 << 3, -1}, // a number that does not end
          {2 << 3, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, // too long a number
          {2 << 3 | 1, 0, 0, 0, 0, 0, 0, 0}, // seven bytes of eight
          {2 << 3 | 5, 0, 0, 0}, // three bytes of four
          {2 << 3 | 3, 2 << 3 | 4}, // a group
          {2 << 3 | 6}, // no wire type
          {0}, // no field
        }) {
      assertThat(direct(ByteString.copyFrom(bytes)))
          .isEqualTo(new Outcome.Refused(Reason.UNDECODABLE));
    }
  }

  @Test
  void whatIsReadSharesNothingWithTheBytes() throws ConversionException {
    BlockBodyMessage body = Blocks.bodyToWire(List.of(ConvertersTest.transaction(new Random(8))));
    byte[] bytes = body.toByteArray();
    List<Transaction> read = Blocks.bodyFromWire(UnsafeByteOperations.unsafeWrap(bytes));
    new Random(1).nextBytes(bytes);
    assertThat(Blocks.bodyToWire(read)).isEqualTo(body);
  }
}
