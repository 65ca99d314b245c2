package kaspeer.conformance.hostile;

import static kaspeer.conformance.hostile.Subject.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kaspeer.flow.mempool.Mempool;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.testkit.chain.ChainBuilder;
import kaspeer.testkit.chain.TransactionDraft;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Transactions that wait for others, by the hundred and from many peers. */
class HostileOrphansTest {
  private static final int ATTACKERS = 10;
  private static final int OF_EACH = 300;
  private static final int HONEST = 3;
  private static final int OF_HONEST = 5;
  private static final String SUBMITTED = "kaspeer_mempool_submissions_total";

  private final PeerLab lab = new PeerLab();
  private final EngineHost host = new EngineHost(Params.of(Network.SIMNET), config -> config);

  @AfterEach
  void close() {
    lab.close();
    host.close();
  }

  /** As every mempool takes it, but that nobody knows what it spends. */
  private static Transaction orphan(int number) {
    byte[] script = new byte[34];
    script[0] = 32;
    script[33] = (byte) 0xAC;
    return TransactionDraft.empty()
        .input(TransactionDraft.nowhere(number))
        .output(new Output(100_000_000, new ScriptPublicKey(0, script), null))
        .make();
  }

  /** A peer that announces so many, and sends them when it is asked. */
  private ScriptedPeer announcing(int source, int first, int count) {
    Map<Hash, Transaction> known = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      Transaction orphan = orphan(first + i);
      known.put(orphan.id(), orphan);
    }
    ScriptedPeer peer =
        lab.dial(host.address(), PeerOptions.DEFAULT.withSource(PeerLab.loopback(source)));
    peer.answer(PayloadCase.REQUEST_TRANSACTIONS, request -> answers(request, known));
    peer.handshake();
    peer.send(Messages.invTransactions(known.keySet()));
    return peer;
  }

  private static List<KaspadMessage> answers(KaspadMessage request, Map<Hash, Transaction> known) {
    try {
      List<KaspadMessage> answers = new ArrayList<>();
      for (Hash id : Hashes.fromWireIds(request.getRequestTransactions().getIdsList())) {
        Transaction transaction = known.get(id);
        answers.add(
            transaction == null
                ? Messages.transactionNotFound(id)
                : Messages.transaction(transaction));
      }
      return answers;
    } catch (ConversionException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean holds(int number) {
    return host.<Mempool, Optional<Mempool.Description>>ask(
            host.engine().mempool(), replyTo -> new Mempool.Describe(orphan(number).id(), replyTo))
        .isPresent();
  }

  private double orphaned() {
    return host.metric(SUBMITTED, "Orphaned");
  }

  @Test
  void orphansOfManyPeersPushOutNoneOfAnother() {
    try (ChainBuilder chain = ChainBuilder.simnet(28)) {
      host.consensus().submitBlock(chain.extend()).join();
    }
    List<ScriptedPeer> honest = new ArrayList<>();
    for (int i = 0; i < HONEST; i++) {
      honest.add(announcing(1_000 + i, i * OF_HONEST, OF_HONEST));
    }
    Await.until(
        "the honest peers' orphans",
        SOON,
        () -> orphaned() == HONEST * OF_HONEST,
        () -> orphaned() + " orphans");

    List<ScriptedPeer> attackers = new ArrayList<>();
    for (int i = 0; i < ATTACKERS; i++) {
      attackers.add(announcing(2_000 + i, 10_000 + i * OF_EACH, OF_EACH));
    }
    Await.until(
        "the flood",
        SOON.multipliedBy(2),
        () -> orphaned() == HONEST * OF_HONEST + ATTACKERS * OF_EACH,
        () -> orphaned() + " orphans; " + attackers.getFirst().standing());
    assertThat(host.metric("kaspeer_mempool_orphans", "")).as("the pool is full").isEqualTo(500);
    for (int i = 0; i < HONEST * OF_HONEST; i++) {
      assertThat(holds(i)).as("honest orphan " + i).isTrue();
    }
    assertThat(holds(10_000)).as("the first of an attacker").isFalse();
    honest.forEach(peer -> peer.expectPong(SOON));
    assertThat(host.bans()).isEmpty();
  }
}
