package kaspeer.conformance.hostile;

import static kaspeer.conformance.hostile.Subject.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.testkit.chain.TransactionDraft;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.KaspadBinary;
import kaspeer.testkit.kaspad.KaspadRpc;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bans of the protocol's first text, which the {@code strict} policy keeps and the {@code
 * network} policy does not (protocol reference 10). The wrong pong, which takes two minutes to come
 * about, is in {@link HostileTimesTest}.
 */
class StrictPolicyTest {
  private static final Hash NOBODYS = Hash.ofWords(0x6E6FL, 1, 2, 3);

  @TempDir private Path folder = Path.of("");

  /** Something a peer does that the text bans for. */
  private interface Offence {
    void commit(ScriptedPeer peer);
  }

  private static void requestUnknownBlock(ScriptedPeer peer) {
    peer.send(Messages.requestRelayBlocks(List.of(NOBODYS)));
  }

  private static void requestUnknownTransaction(ScriptedPeer peer) {
    peer.send(Messages.requestTransactions(List.of(NOBODYS)));
  }

  private static void sendInvalidTransaction(ScriptedPeer peer) {
    Transaction invalid = TransactionDraft.spending(1).output(0).make();
    peer.answer(
        PayloadCase.REQUEST_TRANSACTIONS, request -> List.of(Messages.transaction(invalid)));
    peer.send(Messages.invTransactions(List.of(invalid.id())));
  }

  private static PeerOptions from(int number) {
    return PeerOptions.DEFAULT.withSource(PeerLab.loopback(number));
  }

  private static void commit(Subject subject, int source, String code, Offence offence) {
    ScriptedPeer peer = subject.lab().join(subject.address(), from(source));
    offence.commit(peer);
    JsonNode departure = subject.assertDropped(peer, "violation." + code);
    assertThat(departure.get("sanction").asText()).isEqualTo("ban");
    assertThat(peer.expectEnd(SOON).reject()).as("told why").isNotNull();
    String address = "127.0.0." + source;
    Await.until(
        "ban of " + address, SOON, () -> ban(subject, address).isPresent(), subject::logTail);
    JsonNode ban = ban(subject, address).orElseThrow();
    assertThat(ban.get("reason").asText()).isEqualTo("violation." + code);
    assertThat(ban.get("evidence").asText()).isNotBlank();
    assertThat(Instant.parse(ban.get("until").asText()))
        .isBetween(
            Instant.now().plus(Duration.ofHours(23)), Instant.now().plus(Duration.ofHours(25)));
  }

  private static Optional<JsonNode> ban(Subject subject, String address) {
    for (JsonNode ban : subject.node().get("bans")) {
      if (ban.get("address").asText().equals(address)) {
        return Optional.of(ban);
      }
    }
    return Optional.empty();
  }

  @Test
  void eachOffenceBansItsAddressAlsoAfterARestart() {
    Path data = folder.resolve("node");
    try (Subject subject = Subject.start(data, "--policy", "strict")) {
      subject.bringToTip();
      commit(subject, 41, "REQUEST_OF_UNKNOWN_BLOCK", StrictPolicyTest::requestUnknownBlock);
      commit(
          subject,
          42,
          "REQUEST_OF_UNKNOWN_TRANSACTION",
          StrictPolicyTest::requestUnknownTransaction);
      commit(subject, 43, "INVALID_TRANSACTION", StrictPolicyTest::sendInvalidTransaction);
      for (int source = 41; source <= 43; source++) {
        subject.assertRefusedAtAccept(from(source));
      }
      subject.assertResponsive();
      subject.node().kill();
    }
    try (Subject subject = Subject.start(data, "--policy", "strict")) {
      assertThat(subject.node().get("bans")).hasSize(3);
      for (int source = 41; source <= 43; source++) {
        subject.assertRefusedAtAccept(from(source));
      }
      subject.assertResponsive();
    }
  }

  @Test
  void theNetworkPolicyBansForNoneOfThem() {
    try (Subject subject = Subject.start(folder.resolve("node"))) {
      subject.bringToTip();
      ScriptedPeer block = subject.lab().join(subject.address(), from(51));
      requestUnknownBlock(block);
      assertThat(subject.assertRejected(block, "REQUEST_OF_UNKNOWN_BLOCK"))
          .contains("cannot find full block " + NOBODYS);
      ScriptedPeer transaction = subject.lab().join(subject.address(), from(52));
      requestUnknownTransaction(transaction);
      transaction.expect(PayloadCase.TRANSACTION_NOT_FOUND, SOON);
      transaction.expectPong(SOON);
      ScriptedPeer invalid = subject.lab().join(subject.address(), from(53));
      sendInvalidTransaction(invalid);
      Await.until(
          "demerit", SOON, () -> subject.violations("INVALID_TRANSACTION") == 1, subject::logTail);
      invalid.expectPong(SOON);
      assertThat(subject.node().get("bans")).isEmpty();
    }
  }

  /**
   * A dozen provably invalid transactions within a short time are too many for the network policy
   * as well.
   */
  @Test
  void theNetworkPolicyBansForManyInvalidTransactions() {
    try (Subject subject = Subject.start(folder.resolve("node"))) {
      subject.bringToTip();
      ScriptedPeer peer = subject.lab().join(subject.address(), from(54));
      for (int i = 1; i <= 12 && peer.isConnected(); i++) {
        Transaction invalid = TransactionDraft.spending(i).output(0).make();
        peer.answer(
            PayloadCase.REQUEST_TRANSACTIONS, request -> List.of(Messages.transaction(invalid)));
        try {
          peer.send(Messages.invTransactions(List.of(invalid.id())));
        } catch (UncheckedIOException banned) {
          break; // The ban of the one before came between the question and the sending.
        }
        int count = i;
        // What was sent while the ban for the one before was on its way gets no verdict.
        Await.until(
            "verdict",
            SOON,
            () -> subject.violations("INVALID_TRANSACTION") >= count || !peer.isConnected(),
            subject::logTail);
      }
      assertThat(
              subject.assertDropped(peer, "violation.INVALID_TRANSACTION").get("sanction").asText())
          .isEqualTo("ban");
      subject.assertRefusedAtAccept(from(54));
    }
  }

  /** Its own address is all that a node knows a kaspad by before it lets it in. */
  @Test
  @Tag("kaspad")
  void aKaspadAtABannedAddressIsRefusedUntilTheBanIsLifted() {
    Optional<Path> binary = KaspadBinary.find();
    Assumptions.assumeTrue(
        binary.isPresent(), "no kaspad here; to run this test: " + KaspadBinary.INSTALL);
    try (Subject subject = Subject.start(folder.resolve("node"), "--policy", "strict")) {
      requestUnknownBlock(subject.join());
      Await.until("ban", SOON, () -> ban(subject, "127.0.0.1").isPresent(), subject::logTail);
      String refused = "kaspeer_p2p_refused_connections_total{reason=\"banned\"}";
      double before = subject.metric(refused);
      try (Kaspad kaspad =
          Kaspad.start(
              binary.orElseThrow(), folder.resolve("kaspad"), List.of(subject.address()))) {
        Await.until("refusal", SOON, () -> subject.metric(refused) > before, kaspad::log);
        assertThat(subject.node().get("peers").findValuesAsText("userAgent"))
            .noneMatch(agent -> agent.contains("kaspad"));
        subject.node().change("DELETE", "bans?address=127.0.0.1", "");
        ObjectNode again = KaspadRpc.params().put("isPermanent", true);
        again
            .putObject("peerAddress")
            .put("ip", "127.0.0.1")
            .put("port", subject.address().getPort());
        kaspad.rpc().call("addPeer", again);
        Await.until(
            "kaspad",
            Duration.ofSeconds(40),
            () ->
                subject.node().get("peers").findValuesAsText("userAgent").stream()
                    .anyMatch(agent -> agent.contains("kaspad")),
            kaspad::log);
      }
    }
  }
}
