package kaspeer.engine.peer;

import java.util.List;
import kaspeer.primitives.Hash;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.AddressesMessage;
import kaspeer.wire.proto.BlockHeadersMessage;
import kaspeer.wire.proto.BlockMessage;
import kaspeer.wire.proto.InvRelayBlockMessage;
import kaspeer.wire.proto.InvTransactionsMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.PingMessage;
import kaspeer.wire.proto.PongMessage;
import kaspeer.wire.proto.ReadyMessage;
import kaspeer.wire.proto.RejectMessage;
import kaspeer.wire.proto.RequestHeadersMessage;
import kaspeer.wire.proto.RequestRelayBlocksMessage;

/** Messages for tests. */
public final class Say {
  private Say() {}

  static KaspadMessage ping(long nonce) {
    return KaspadMessage.newBuilder().setPing(PingMessage.newBuilder().setNonce(nonce)).build();
  }

  static KaspadMessage pong(long nonce) {
    return KaspadMessage.newBuilder().setPong(PongMessage.newBuilder().setNonce(nonce)).build();
  }

  static KaspadMessage ready() {
    return KaspadMessage.newBuilder().setReady(ReadyMessage.getDefaultInstance()).build();
  }

  public static KaspadMessage reject(String reason) {
    return KaspadMessage.newBuilder()
        .setReject(RejectMessage.newBuilder().setReason(reason))
        .build();
  }

  static KaspadMessage inv(Hash hash) {
    return KaspadMessage.newBuilder()
        .setInvRelayBlock(InvRelayBlockMessage.newBuilder().setHash(Hashes.toWire(hash)))
        .build();
  }

  static KaspadMessage invTransactions(Hash... ids) {
    return KaspadMessage.newBuilder()
        .setInvTransactions(
            InvTransactionsMessage.newBuilder().addAllIds(Hashes.toWireIds(List.of(ids))))
        .build();
  }

  static KaspadMessage block(int question) {
    return KaspadMessage.newBuilder()
        .setResponseId(question)
        .setBlock(BlockMessage.getDefaultInstance())
        .build();
  }

  static KaspadMessage headers() {
    return KaspadMessage.newBuilder()
        .setBlockHeaders(BlockHeadersMessage.getDefaultInstance())
        .build();
  }

  static KaspadMessage addresses() {
    return KaspadMessage.newBuilder().setAddresses(AddressesMessage.getDefaultInstance()).build();
  }

  static KaspadMessage.Builder requestBlock() {
    return KaspadMessage.newBuilder()
        .setRequestRelayBlocks(RequestRelayBlocksMessage.getDefaultInstance());
  }

  static KaspadMessage.Builder requestHeaders() {
    return KaspadMessage.newBuilder().setRequestHeaders(RequestHeadersMessage.getDefaultInstance());
  }

  public static Hash hash(int number) {
    return Hash.ofWords(number, number, number, number);
  }
}
