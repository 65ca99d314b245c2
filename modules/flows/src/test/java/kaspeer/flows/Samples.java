package kaspeer.flows;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.ParentsByLevel;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.wire.Blocks;
import kaspeer.wire.Hashes;
import kaspeer.wire.NetAddress;
import kaspeer.wire.NetAddresses;
import kaspeer.wire.Transactions;
import kaspeer.wire.proto.AddressesMessage;
import kaspeer.wire.proto.BlockLocatorMessage;
import kaspeer.wire.proto.InvRelayBlockMessage;
import kaspeer.wire.proto.InvTransactionsMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.PingMessage;
import kaspeer.wire.proto.PongMessage;
import kaspeer.wire.proto.RequestAddressesMessage;
import kaspeer.wire.proto.RequestRelayBlocksMessage;
import kaspeer.wire.proto.RequestTransactionsMessage;
import kaspeer.wire.proto.TransactionNotFoundMessage;

/** Blocks, transactions and messages for tests of flows. */
public final class Samples {
  private Samples() {}

  /** A hash of nothing, different for each number. */
  public static Hash hash(long number) {
    return Hash.ofWords(0xABCD, 0, 0, number);
  }

  public static List<Hash> hashes(int count) {
    List<Hash> hashes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      hashes.add(hash(i));
    }
    return hashes;
  }

  /** A transaction, different for each number. */
  public static Transaction transaction(int number) {
    byte[] payload = {(byte) number, (byte) (number >> 8), (byte) (number >> 16)};
    return new Transaction(0, List.of(), List.of(), 0, SubnetworkId.NATIVE, 0, payload, 0);
  }

  /** A block of one transaction, different for each number, with this blue work and DAA score. */
  public static Block block(long number, long work) {
    return new Block(header(number, work), List.of(transaction((int) number)));
  }

  public static Header header(long number, long work) {
    return new Header(
        2,
        ParentsByLevel.ofLevels(List.of(List.of(hash(number + 1_000_000)))),
        Hash.ZERO,
        Hash.ZERO,
        Hash.ZERO,
        1_700_000_000_000L,
        0x207fffff,
        number,
        work,
        BlueWork.of(work),
        work,
        Hash.ZERO);
  }

  public static NetAddress address(int number) {
    try {
      byte[] ip = {(byte) 198, 51, (byte) (number >> 8), (byte) number};
      return new NetAddress(InetAddress.getByAddress(ip), 16111);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  public static KaspadMessage.Builder ping(long nonce) {
    return KaspadMessage.newBuilder().setPing(PingMessage.newBuilder().setNonce(nonce));
  }

  public static KaspadMessage.Builder pong(long nonce) {
    return KaspadMessage.newBuilder().setPong(PongMessage.newBuilder().setNonce(nonce));
  }

  public static KaspadMessage.Builder requestAddresses() {
    return KaspadMessage.newBuilder()
        .setRequestAddresses(RequestAddressesMessage.getDefaultInstance());
  }

  public static KaspadMessage.Builder addresses(int count) {
    AddressesMessage.Builder list = AddressesMessage.newBuilder();
    for (int i = 0; i < count; i++) {
      list.addAddressList(NetAddresses.toWire(address(i)));
    }
    return KaspadMessage.newBuilder().setAddresses(list);
  }

  public static KaspadMessage.Builder inv(Hash hash) {
    return KaspadMessage.newBuilder()
        .setInvRelayBlock(InvRelayBlockMessage.newBuilder().setHash(Hashes.toWire(hash)));
  }

  public static KaspadMessage.Builder requestBlocks(List<Hash> hashes) {
    return KaspadMessage.newBuilder()
        .setRequestRelayBlocks(
            RequestRelayBlocksMessage.newBuilder().addAllHashes(Hashes.toWire(hashes)));
  }

  public static KaspadMessage.Builder block(Block block) {
    return KaspadMessage.newBuilder().setBlock(Blocks.toWire(block));
  }

  public static KaspadMessage.Builder locator(List<Hash> hashes) {
    return KaspadMessage.newBuilder()
        .setBlockLocator(BlockLocatorMessage.newBuilder().addAllHashes(Hashes.toWire(hashes)));
  }

  public static KaspadMessage.Builder invTransactions(List<Hash> ids) {
    return KaspadMessage.newBuilder()
        .setInvTransactions(InvTransactionsMessage.newBuilder().addAllIds(Hashes.toWireIds(ids)));
  }

  public static KaspadMessage.Builder requestTransactions(List<Hash> ids) {
    return KaspadMessage.newBuilder()
        .setRequestTransactions(
            RequestTransactionsMessage.newBuilder().addAllIds(Hashes.toWireIds(ids)));
  }

  public static KaspadMessage.Builder transaction(Transaction transaction) {
    return KaspadMessage.newBuilder().setTransaction(Transactions.toWire(transaction));
  }

  public static KaspadMessage.Builder notFound(Hash id) {
    return KaspadMessage.newBuilder()
        .setTransactionNotFound(TransactionNotFoundMessage.newBuilder().setId(Hashes.toWireId(id)));
  }
}
