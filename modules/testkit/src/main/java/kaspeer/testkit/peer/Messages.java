package kaspeer.testkit.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.util.Collection;
import java.util.List;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import kaspeer.wire.Blocks;
import kaspeer.wire.Hashes;
import kaspeer.wire.Headers;
import kaspeer.wire.NetAddress;
import kaspeer.wire.NetAddresses;
import kaspeer.wire.Transactions;
import kaspeer.wire.proto.BlockHeadersMessage;
import kaspeer.wire.proto.BlockLocatorMessage;
import kaspeer.wire.proto.DoneHeadersMessage;
import kaspeer.wire.proto.IbdChainBlockLocatorMessage;
import kaspeer.wire.proto.InvRelayBlockMessage;
import kaspeer.wire.proto.InvTransactionsMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.PingMessage;
import kaspeer.wire.proto.PongMessage;
import kaspeer.wire.proto.ReadyMessage;
import kaspeer.wire.proto.RejectMessage;
import kaspeer.wire.proto.RequestAddressesMessage;
import kaspeer.wire.proto.RequestAntipastMessage;
import kaspeer.wire.proto.RequestBlockBodiesMessage;
import kaspeer.wire.proto.RequestBlockLocatorMessage;
import kaspeer.wire.proto.RequestHeadersMessage;
import kaspeer.wire.proto.RequestIbdBlocksMessage;
import kaspeer.wire.proto.RequestIbdChainBlockLocatorMessage;
import kaspeer.wire.proto.RequestNextHeadersMessage;
import kaspeer.wire.proto.RequestRelayBlocksMessage;
import kaspeer.wire.proto.RequestTransactionsMessage;
import kaspeer.wire.proto.TransactionNotFoundMessage;
import kaspeer.wire.proto.VerackMessage;

/** Messages of the network, each in a line. */
public final class Messages {
  private Messages() {}

  private static KaspadMessage.Builder message() {
    return KaspadMessage.newBuilder();
  }

  /** The same message as a request with that id. */
  public static KaspadMessage asking(int requestId, KaspadMessage message) {
    return message.toBuilder().setRequestId(requestId).build();
  }

  /** The same message as an answer to the request with that id. */
  public static KaspadMessage answering(int responseId, KaspadMessage message) {
    return message.toBuilder().setResponseId(responseId).build();
  }

  public static KaspadMessage verack() {
    return message().setVerack(VerackMessage.getDefaultInstance()).build();
  }

  public static KaspadMessage ready() {
    return message().setReady(ReadyMessage.getDefaultInstance()).build();
  }

  public static KaspadMessage reject(String reason) {
    return message().setReject(RejectMessage.newBuilder().setReason(reason)).build();
  }

  public static KaspadMessage ping(long nonce) {
    return message().setPing(PingMessage.newBuilder().setNonce(nonce)).build();
  }

  public static KaspadMessage pong(long nonce) {
    return message().setPong(PongMessage.newBuilder().setNonce(nonce)).build();
  }

  public static KaspadMessage requestAddresses() {
    return message().setRequestAddresses(RequestAddressesMessage.getDefaultInstance()).build();
  }

  public static KaspadMessage addresses(List<NetAddress> addresses) {
    return message().setAddresses(NetAddresses.toWire(addresses)).build();
  }

  public static KaspadMessage inv(Hash block) {
    return message()
        .setInvRelayBlock(InvRelayBlockMessage.newBuilder().setHash(Hashes.toWire(block)))
        .build();
  }

  public static KaspadMessage requestRelayBlocks(Collection<Hash> blocks) {
    return message()
        .setRequestRelayBlocks(
            RequestRelayBlocksMessage.newBuilder().addAllHashes(Hashes.toWire(blocks)))
        .build();
  }

  public static KaspadMessage block(Block block) {
    return message().setBlock(Blocks.toWire(block)).build();
  }

  public static KaspadMessage invTransactions(Collection<Hash> ids) {
    return message()
        .setInvTransactions(InvTransactionsMessage.newBuilder().addAllIds(Hashes.toWireIds(ids)))
        .build();
  }

  public static KaspadMessage requestTransactions(Collection<Hash> ids) {
    return message()
        .setRequestTransactions(
            RequestTransactionsMessage.newBuilder().addAllIds(Hashes.toWireIds(ids)))
        .build();
  }

  public static KaspadMessage transaction(Transaction transaction) {
    return message().setTransaction(Transactions.toWire(transaction)).build();
  }

  public static KaspadMessage transactionNotFound(Hash id) {
    return message()
        .setTransactionNotFound(TransactionNotFoundMessage.newBuilder().setId(Hashes.toWireId(id)))
        .build();
  }

  /**
   * @param limit entries at most; 0 for no limit
   */
  public static KaspadMessage requestBlockLocator(Hash high, int limit) {
    return message()
        .setRequestBlockLocator(
            RequestBlockLocatorMessage.newBuilder()
                .setHighHash(Hashes.toWire(high))
                .setLimit(limit))
        .build();
  }

  public static KaspadMessage blockLocator(List<Hash> hashes) {
    return message()
        .setBlockLocator(BlockLocatorMessage.newBuilder().addAllHashes(Hashes.toWire(hashes)))
        .build();
  }

  /** For the whole chain, from pruning point to sink. */
  public static KaspadMessage requestChainLocator() {
    return message()
        .setRequestIbdChainBlockLocator(RequestIbdChainBlockLocatorMessage.getDefaultInstance())
        .build();
  }

  public static KaspadMessage chainLocator(List<Hash> hashes) {
    return message()
        .setIbdChainBlockLocator(
            IbdChainBlockLocatorMessage.newBuilder()
                .addAllBlockLocatorHashes(Hashes.toWire(hashes)))
        .build();
  }

  public static KaspadMessage requestHeaders(Hash low, Hash high) {
    return message()
        .setRequestHeaders(
            RequestHeadersMessage.newBuilder()
                .setLowHash(Hashes.toWire(low))
                .setHighHash(Hashes.toWire(high)))
        .build();
  }

  public static KaspadMessage requestNextHeaders() {
    return message().setRequestNextHeaders(RequestNextHeadersMessage.getDefaultInstance()).build();
  }

  public static KaspadMessage requestAntipast(Hash block, Hash context) {
    return message()
        .setRequestAntipast(
            RequestAntipastMessage.newBuilder()
                .setBlockHash(Hashes.toWire(block))
                .setContextHash(Hashes.toWire(context)))
        .build();
  }

  public static KaspadMessage headers(List<Header> headers) {
    return message()
        .setBlockHeaders(
            BlockHeadersMessage.newBuilder().addAllBlockHeaders(Headers.toWire(headers)))
        .build();
  }

  public static KaspadMessage doneHeaders() {
    return message().setDoneHeaders(DoneHeadersMessage.getDefaultInstance()).build();
  }

  public static KaspadMessage requestBodies(Collection<Hash> blocks) {
    return message()
        .setRequestBlockBodies(
            RequestBlockBodiesMessage.newBuilder().addAllHashes(Hashes.toWire(blocks)))
        .build();
  }

  public static KaspadMessage body(List<Transaction> transactions) {
    return message().setBlockBody(Blocks.bodyToWire(transactions)).build();
  }

  public static KaspadMessage requestIbdBlocks(Collection<Hash> blocks) {
    return message()
        .setRequestIbdBlocks(
            RequestIbdBlocksMessage.newBuilder().addAllHashes(Hashes.toWire(blocks)))
        .build();
  }

  /** An envelope around a payload of any number and bytes, as protobuf. */
  public static byte[] envelope(int number, ByteString payload) {
    return UnknownFieldSet.newBuilder()
        .addField(number, UnknownFieldSet.Field.newBuilder().addLengthDelimited(payload).build())
        .build()
        .toByteArray();
  }
}
