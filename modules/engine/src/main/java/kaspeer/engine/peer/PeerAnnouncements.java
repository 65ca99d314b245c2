package kaspeer.engine.peer;

import java.util.ArrayList;
import java.util.List;
import kaspeer.engine.metrics.Counter;
import kaspeer.primitives.Hash;
import kaspeer.transport.OutboundFrame;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.InvRelayBlockMessage;
import kaspeer.wire.proto.InvTransactionsMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.TransactionId;

/** What one peer is told of, and what it need not be told of because it told us. */
public final class PeerAnnouncements {
  /** Blocks of the last half minute, at ten a second. */
  private static final int BLOCKS = 512;

  private static final int TRANSACTIONS = 4096;

  private final PeerOutbox outbox;
  private final Counter skipped;
  private final KnownInventory blocks = new KnownInventory(BLOCKS);
  private final KnownInventory transactions = new KnownInventory(TRANSACTIONS);

  PeerAnnouncements(PeerOutbox outbox, Counter skipped) {
    this.outbox = outbox;
    this.skipped = skipped;
  }

  /** Notes what a message says that the peer has. */
  void heard(KaspadMessage message) {
    try {
      switch (message.getPayloadCase()) {
        case INV_RELAY_BLOCK -> blocks.add(Hashes.fromWire(message.getInvRelayBlock().getHash()));
        case INV_TRANSACTIONS -> {
          List<TransactionId> ids = message.getInvTransactions().getIdsList();
          // Of more than are kept the last ones are.
          for (var id : ids.subList(Math.max(0, ids.size() - TRANSACTIONS), ids.size())) {
            transactions.add(Hashes.fromWire(id));
          }
        }
        default -> {}
      }
    } catch (ConversionException malformed) {
      // The flow that takes the message finds the same, and has the say in what follows.
      skipped.add(0);
    }
  }

  /** Announces a block, unless the peer has it. */
  void block(Hash hash, OutboundFrame announcement) {
    if (blocks.contains(hash)) {
      skipped.increment();
    } else if (outbox.announce(announcement)) {
      blocks.add(hash);
    }
  }

  /**
   * Announces transactions, those excepted that the peer has.
   *
   * @param announcement of all of them
   * @param again without exception: that it had them once does not say that it still has
   */
  void transactions(List<Hash> ids, OutboundFrame announcement, boolean again) {
    List<Hash> unknown = new ArrayList<>(ids.size());
    for (Hash id : ids) {
      if (again || !transactions.contains(id)) {
        unknown.add(id);
      }
    }
    skipped.add(ids.size() - unknown.size());
    if (unknown.isEmpty()) {
      return;
    }
    if (outbox.announce(unknown.size() == ids.size() ? announcement : ofTransactions(unknown))) {
      unknown.forEach(transactions::add);
    }
  }

  /** The announcement of a block, made once for all peers. */
  public static OutboundFrame ofBlock(Hash hash) {
    InvRelayBlockMessage inv =
        InvRelayBlockMessage.newBuilder().setHash(Hashes.toWire(hash)).build();
    return OutboundFrame.of(KaspadMessage.newBuilder().setInvRelayBlock(inv).build());
  }

  /** Likewise of transactions. */
  public static OutboundFrame ofTransactions(List<Hash> ids) {
    InvTransactionsMessage inv =
        InvTransactionsMessage.newBuilder().addAllIds(Hashes.toWireIds(ids)).build();
    return OutboundFrame.of(KaspadMessage.newBuilder().setInvTransactions(inv).build());
  }
}
