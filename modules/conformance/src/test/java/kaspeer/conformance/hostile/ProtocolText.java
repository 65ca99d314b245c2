package kaspeer.conformance.hostile;

import static kaspeer.conformance.hostile.Subject.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kaspeer.crypto.signature.Secp256k1;
import kaspeer.flow.FlowSettings;
import kaspeer.flow.policy.Policy;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParamsOverride;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import kaspeer.script.StandardScripts;
import kaspeer.testkit.chain.ChainBuilder;
import kaspeer.testkit.chain.ChainServer;
import kaspeer.testkit.chain.Flaw;
import kaspeer.testkit.chain.TransactionDraft;
import kaspeer.testkit.kaspad.PaymentDraft;
import kaspeer.testkit.kaspad.SignedWallet;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.NetAddress;
import kaspeer.wire.Transactions;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The protocol's first text beside the live network, row by row (protocol reference 10), for a node
 * with one of the two presets of the policy. Where the network has left the text behind, as in the
 * exchange of selected tips (row 20), the test is of what it has instead.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ProtocolText {
  /** Coinbases mature after ten blocks. */
  private static final String OVERRIDE =
      """
      {"blockrate": {"target_time_per_block": 100, "ghostdag_k": 18, "past_median_time_sample_rate": 10,
        "difficulty_sample_rate": 10, "max_block_parents": 16, "mergeset_size_limit": 180, "merge_depth": 600,
        "finality_depth": 1200, "pruning_depth": 10000, "coinbase_maturity": 10}}
      """;

  private static final int CHAIN = 40;
  private static final int SOURCES = 60;

  private final Policy policy;
  private final AtomicInteger sources = new AtomicInteger(SOURCES);

  /** Ids of transactions that peers of these tests were asked for. */
  private final Set<Hash> requested = ConcurrentHashMap.newKeySet();

  private final byte[] secret = secret();
  private final SignedWallet wallet = new SignedWallet(Network.SIMNET, secret);
  private final Params params = ParamsOverride.parse(OVERRIDE).apply(Params.of(Network.SIMNET));

  @TempDir private static Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init")
  private Subject subject;

  @SuppressWarnings("NullAway.Init")
  private ChainBuilder chain;

  ProtocolText(Policy policy) {
    this.policy = policy;
  }

  private boolean isStrict() {
    return policy.equals(Policy.STRICT);
  }

  private static byte[] secret() {
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) 7);
    return secret;
  }

  @BeforeAll
  void start() throws IOException {
    chain = new ChainBuilder(params, System.currentTimeMillis() - CHAIN * 1_000L, 10);
    ScriptPublicKey miner = StandardScripts.payToPubKey(Secp256k1.xOnlyPublicKey(secret));
    for (int i = 0; i < CHAIN; i++) {
      chain.add(chain.consensus().blockTemplate(miner, new byte[0], List.of()).block());
    }
    Path override = folder.resolve("params.json");
    Files.writeString(override, OVERRIDE);
    subject =
        Subject.start(
            folder.resolve("node"),
            "--policy",
            isStrict() ? "strict" : "network",
            "--override-params",
            override.toString());
    try (ScriptedPeer source = ChainServer.serve(subject.join(), chain)) {
      source.send(Messages.inv(chain.sink()));
      awaitSink();
    }
  }

  private void awaitSink() {
    Await.until("the chain", SOON, () -> sink().equals(chain.sink()), subject::logTail);
  }

  private Hash sink() {
    return Hash.fromHex(subject.node().get("dag").get("sink").asText());
  }

  @AfterAll
  void stop() {
    subject.close();
    chain.close();
  }

  @AfterEach
  void theNodeIsWell() {
    subject.assertResponsive();
  }

  // --- peers of these tests, each from an address of its own ----------------------------------

  private ScriptedPeer dial() {
    InetAddress from = PeerLab.loopback(sources.incrementAndGet());
    return subject.lab().dial(subject.address(), PeerOptions.DEFAULT.withSource(from));
  }

  private ScriptedPeer join() {
    ScriptedPeer peer = dial();
    peer.handshake();
    return peer;
  }

  private static Hash nobodys(int number) {
    return Hash.ofWords(0x6E6F626FL, 0, 0, number);
  }

  private void assertBanned(ScriptedPeer peer, String code) {
    assertThat(subject.assertDropped(peer, "violation." + code).get("sanction").asText())
        .isEqualTo("ban");
    assertThat(peer.expectEnd(SOON).reject()).as("told why").isNotNull();
    String host = peer.localAddress().getHostString();
    Await.until("ban of " + host, SOON, () -> isBanned(host), subject::logTail);
    subject.assertRefusedAtAccept(PeerOptions.DEFAULT.withSource(peer.localAddress().getAddress()));
  }

  private boolean isBanned(String host) {
    return subject.node().get("bans").findValuesAsText("address").contains(host);
  }

  /** In neither preset does it lead to more. */
  private void assertRejected(ScriptedPeer peer, String code) {
    subject.assertRejected(peer, code);
    assertThat(isBanned(peer.localAddress().getHostString())).isFalse();
  }

  // --- rows 1 to 5: handshake and addresses ---------------------------------------------------

  @Test
  void row1WhoeverIsCompatibleGetsAVerackAndWhoIsNotIsRejected() {
    ScriptedPeer fits = dial();
    fits.sendVersion(fits.self().toWire());
    fits.expect(PayloadCase.VERACK, SOON);
    fits.close();
    ScriptedPeer other = dial();
    other.sendVersion(other.self().toWire().toBuilder().setNetwork("kaspa-mainnet").build());
    other.send(Messages.verack());
    assertRejected(other, "WRONG_NETWORK");
    ScriptedPeer old = dial();
    old.sendVersion(old.self().toWire().toBuilder().setProtocolVersion(9).build());
    old.send(Messages.verack());
    assertRejected(old, "VERSION_TOO_OLD");
  }

  @Test
  void row2OurVersionGoesOutUnaskedAndWaitsForItsVerack() {
    ScriptedPeer mute = dial();
    mute.expect(PayloadCase.VERSION, SOON);
    mute.sendVersion(mute.self().toWire());
    mute.expect(PayloadCase.VERACK, SOON);
    assertRejected(mute, "HANDSHAKE_TIMEOUT");
    assertThat(mute.heard(PayloadCase.READY)).isZero();
  }

  @Test
  void row3And4AddressesAreAskedForAfterReadyAndAnsweredThen() {
    ScriptedPeer peer = dial();
    peer.sendVersion(peer.self().toWire());
    peer.send(Messages.verack());
    peer.expect(PayloadCase.READY, SOON);
    assertThat(peer.heard(PayloadCase.REQUEST_ADDRESSES)).as("asked before Ready").isZero();
    peer.send(Messages.ready());
    peer.expectHeard(PayloadCase.REQUEST_ADDRESSES, 1, SOON);
    for (int i = 0; i < 2; i++) {
      peer.send(Messages.requestAddresses());
      assertThat(peer.expect(PayloadCase.ADDRESSES, SOON).getAddresses().getAddressListCount())
          .isLessThanOrEqualTo(1_000);
    }
  }

  @Test
  void row5AddressesThatAPeerTellsAreAddedIfTheyAreNotTooMany() {
    NetAddress told = new NetAddress(InetAddress.ofLiteral("45.46.47.48"), 16_511);
    ScriptedPeer peer = dial();
    peer.answer(
        PayloadCase.REQUEST_ADDRESSES, request -> List.of(Messages.addresses(List.of(told))));
    peer.handshake();
    Await.until(
        "the address",
        SOON,
        () -> subject.node().get("addresses").findValuesAsText("address").contains(told.toString()),
        subject::logTail);
    ScriptedPeer greedy = dial();
    List<NetAddress> many = IntStream.range(0, 2_501).mapToObj(i -> told).toList();
    greedy.answer(PayloadCase.REQUEST_ADDRESSES, request -> List.of(Messages.addresses(many)));
    greedy.handshake();
    assertThat(
            subject.assertDropped(greedy, "violation.OVERSIZED_MESSAGE").get("sanction").asText())
        .isEqualTo("disconnect");
  }

  // --- rows 6 to 12: blocks -------------------------------------------------------------------

  @Test
  void row6To8AnAnnouncedBlockThatIsMissingIsAskedForByItsHashAndAnnouncedToTheOthers() {
    Block known = chain.last();
    Block block = chain.extend();
    ScriptedPeer other = join();
    other.expectPong(SOON);
    ScriptedPeer peer = join();
    peer.send(Messages.inv(known.hash()));
    peer.send(Messages.inv(block.hash()));
    KaspadMessage request = peer.expect(PayloadCase.REQUEST_RELAY_BLOCKS, SOON);
    assertThat(request.getRequestRelayBlocks().getHashesList())
        .containsExactly(Hashes.toWire(block.hash()));
    assertThat(request.getRequestId()).isNotZero();
    peer.send(Messages.answering(request.getRequestId(), Messages.block(block)));
    expectInv(other, block.hash());
    awaitSink();
    peer.expectPong(SOON);
    assertThat(peer.heard(PayloadCase.REQUEST_RELAY_BLOCKS)).isEqualTo(1);
    assertThat(peer.heard(PayloadCase.INV_RELAY_BLOCK))
        .as("announced to it, the sink that there was when it came included")
        .isLessThanOrEqualTo(1);
  }

  private static void expectInv(ScriptedPeer peer, Hash hash) {
    peer.expect("inv of " + hash, message -> isInv(message, hash), SOON);
  }

  private static boolean isInv(KaspadMessage message, Hash hash) {
    return message.hasInvRelayBlock()
        && message.getInvRelayBlock().getHash().equals(Hashes.toWire(hash));
  }

  @Test
  void row9AnInvalidBlockIsAnsweredByAReject() {
    Block block = Flaw.COINBASE_SUBSIDY.on(chain);
    ScriptedPeer peer = join();
    peer.answer(PayloadCase.REQUEST_RELAY_BLOCKS, request -> List.of(Messages.block(block)));
    peer.send(Messages.inv(block.hash()));
    assertRejected(peer, "INVALID_BLOCK");
  }

  @Test
  void row10ABlockOfUnknownAncestorsIsKeptAndNotAnnouncedUntilTheyAreHere() {
    Block parent = chain.extend();
    Block child = chain.extend();
    ScriptedPeer other = join();
    ScriptedPeer peer = join();
    ChainServer.serve(peer, chain);
    peer.answer(
        PayloadCase.REQUEST_RELAY_BLOCKS,
        request ->
            request.getRequestRelayBlocks().getHashes(0).equals(Hashes.toWire(child.hash()))
                ? List.of(Messages.block(child))
                : List.of());
    peer.send(Messages.inv(child.hash()));
    // The child has come, and its parent is asked for.
    peer.expectHeard(PayloadCase.REQUEST_RELAY_BLOCKS, 2, SOON);
    other.expectPong(SOON);
    assertThat(other.poll(message -> isInv(message, child.hash()), Duration.ofMillis(1))).isNull();
    // Another brings the parent: the child was kept, and follows without being asked for again.
    ScriptedPeer helper = join();
    helper.answer(PayloadCase.REQUEST_RELAY_BLOCKS, request -> List.of(Messages.block(parent)));
    helper.send(Messages.inv(parent.hash()));
    expectInv(other, parent.hash());
    expectInv(other, child.hash());
    awaitSink();
  }

  @Test
  void row11WhoAsksForABlockThatIsNotHereIsBannedByTheText() {
    ScriptedPeer peer = join();
    peer.send(Messages.requestRelayBlocks(List.of(nobodys(11))));
    if (isStrict()) {
      assertBanned(peer, "REQUEST_OF_UNKNOWN_BLOCK");
    } else {
      assertRejected(peer, "REQUEST_OF_UNKNOWN_BLOCK");
    }
  }

  @Test
  void row12ABlockThatIsHereIsSentWithTheIdOfItsRequest() {
    ScriptedPeer peer = join();
    Block block = chain.blocks().get(CHAIN / 2);
    KaspadMessage answer =
        peer.ask(Messages.requestRelayBlocks(List.of(block.hash())), PayloadCase.BLOCK, SOON);
    assertThat(answer.getBlock()).isEqualTo(Messages.block(block).getBlock());
  }

  // --- rows 13 to 15: transactions ------------------------------------------------------------

  /** A payment by the coinbase of an old block. */
  private PaymentDraft payment(int block) {
    Outpoint coin = new Outpoint(chain.blocks().get(block).transactions().getFirst().id(), 0);
    UtxoEntry entry = Objects.requireNonNull(chain.consensus().utxo(coin));
    return wallet.draft(List.of(new SignedWallet.Coin(coin, entry)));
  }

  private void serve(ScriptedPeer peer, Transaction... transactions) {
    peer.onMessage(
        message ->
            message
                .getRequestTransactions()
                .getIdsList()
                .forEach(id -> requested.add(Hash.of(id.getBytes().toByteArray()))));
    peer.answer(
        PayloadCase.REQUEST_TRANSACTIONS,
        request ->
            Stream.of(transactions)
                .filter(
                    one ->
                        request
                            .getRequestTransactions()
                            .getIdsList()
                            .contains(Hashes.toWireId(one.id())))
                .map(Messages::transaction)
                .toList());
    peer.send(Messages.invTransactions(Stream.of(transactions).map(Transaction::id).toList()));
  }

  @Test
  void row13AnAnnouncedTransactionIsAskedForAddedAndAnnouncedToTheOthers()
      throws ConversionException {
    Transaction payment = payment(5).sign();
    ScriptedPeer other = join();
    ScriptedPeer peer = join();
    serve(peer, payment);
    other.expect("announcement", message -> announces(message, payment), SOON);
    assertThat(peer.heard(PayloadCase.REQUEST_TRANSACTIONS)).isEqualTo(1);
    // Of other tests' transactions it may well hear.
    peer.expectPong(SOON);
    assertThat(peer.poll(message -> announces(message, payment), Duration.ZERO))
        .as("announced back")
        .isNull();
    other.send(Messages.requestTransactions(List.of(payment.id())));
    assertThat(
            Transactions.fromWire(other.expect(PayloadCase.TRANSACTION, SOON).getTransaction())
                .id())
        .isEqualTo(payment.id());
  }

  private static boolean announces(KaspadMessage message, Transaction transaction) {
    return message.getInvTransactions().getIdsList().contains(Hashes.toWireId(transaction.id()));
  }

  @Test
  void row14AnInvalidTransactionIsBannedByTheTextAndCountedByTheNetwork() {
    double before = subject.violations("INVALID_TRANSACTION");
    ScriptedPeer peer = join();
    serve(peer, TransactionDraft.spending(14).output(0).make());
    if (isStrict()) {
      assertBanned(peer, "INVALID_TRANSACTION");
    } else {
      Await.until(
          "its points",
          SOON,
          () -> subject.violations("INVALID_TRANSACTION") == before + 1,
          subject::logTail);
      peer.expectPong(SOON);
    }
  }

  /** What is not provably bad costs nothing in either preset. */
  @Test
  void row14AnOrphanAndASecondSpendAreNoOffence() {
    Transaction first = payment(7).sign();
    Transaction second = payment(7).fee(50_000_000).sign();
    Transaction parent = payment(9).sign();
    Transaction orphan = wallet.draft(List.of(wallet.coin(parent, 0))).sign();
    ScriptedPeer peer = join();
    serve(peer, first, second, orphan);
    // Of the orphan the parent is asked for, once there is a verdict on it.
    Await.until(
        "request of the parent",
        SOON,
        () -> requested.contains(parent.id()),
        () -> peer.standing() + subject.logTail());
    peer.expectPong(SOON);
    assertThat(subject.isConnected(peer)).isTrue();
  }

  @Test
  void row15WhoAsksForATransactionThatIsNotHereIsBannedByTheTextAndToldByTheNetwork() {
    ScriptedPeer peer = join();
    peer.send(Messages.requestTransactions(List.of(nobodys(15))));
    if (isStrict()) {
      assertBanned(peer, "REQUEST_OF_UNKNOWN_TRANSACTION");
    } else {
      assertThat(peer.expect(PayloadCase.TRANSACTION_NOT_FOUND, SOON).getTransactionNotFound())
          .isEqualTo(Messages.transactionNotFound(nobodys(15)).getTransactionNotFound());
      peer.expectPong(SOON);
    }
  }

  // --- rows 16 to 18: ping, pong, reject ------------------------------------------------------

  @Test
  void row16APingIsAnsweredWithItsNonce() {
    ScriptedPeer peer = join();
    peer.send(Messages.ping(-1));
    assertThat(peer.expect(PayloadCase.PONG, SOON).getPong().getNonce()).isEqualTo(-1);
  }

  /** With an engine that pings more often than every two minutes. */
  @Test
  void row17AWrongPongIsBannedByTheTextAndRejectedByTheNetwork() {
    FlowSettings defaults = FlowSettings.DEFAULT;
    FlowSettings often =
        new FlowSettings(
            defaults.handshakeTimeout(),
            SOON,
            Duration.ofMillis(200),
            defaults.transactionBatch(),
            defaults.fetchFailover(),
            defaults.nearlySynced(),
            defaults.orphanResolutionRange(),
            defaults.serveIdleTimeout());
    try (EngineHost host = new EngineHost(params, config -> config.flows(often).policy(policy));
        PeerLab lab = new PeerLab()) {
      ScriptedPeer honest = lab.join(host.address());
      honest.expectHeard(PayloadCase.PING, 2, SOON);
      ScriptedPeer liar =
          lab.dial(host.address(), PeerOptions.DEFAULT.withSource(PeerLab.loopback(17)))
              .answer(
                  PayloadCase.PING, ping -> List.of(Messages.pong(ping.getPing().getNonce() + 1)));
      liar.handshake();
      assertThat(liar.expectEnd(SOON).reject()).isNotNull();
      assertThat(host.departure(liar).reason()).isEqualTo("violation.WRONG_PONG_NONCE");
      assertThat(host.departure(liar).sanction()).isEqualTo(isStrict() ? "ban" : "reject");
      assertThat(host.bans()).hasSize(isStrict() ? 1 : 0);
      honest.expectPong(SOON);
    }
  }

  @Test
  void row18ARejectIsWrittenDownAndEndsTheConnection() {
    ScriptedPeer peer = join();
    peer.send(Messages.reject("row 18 of the text"));
    JsonNode departure = subject.assertDropped(peer, "refused");
    assertThat(departure.get("detail").asText()).isEqualTo("row 18 of the text");
    Await.until(
        "the line", SOON, () -> subject.node().log().contains("row 18 of the text"), this::tail);
    assertThat(isBanned(peer.localAddress().getHostString())).isFalse();
  }

  private String tail() {
    return subject.logTail();
  }

  // --- rows 19 and 20: sync -------------------------------------------------------------------

  /** With an engine that knows genesis only: a node of these tests is at the tip. */
  @Test
  void row19AYoungNodeSyncsByLocatorHeadersAndBodies() {
    try (ChainBuilder longer = new ChainBuilder(params, System.currentTimeMillis() - 120_000, 19);
        EngineHost host = new EngineHost(params, config -> config.policy(policy));
        PeerLab lab = new PeerLab()) {
      longer.extend(1_200);
      ScriptedPeer server = ChainServer.serve(lab.join(host.address()), longer);
      server.send(Messages.inv(longer.sink()));
      Await.until(
          "sync",
          SOON,
          () -> host.consensus().state().sink().hash().equals(longer.sink()),
          server::standing);
      for (PayloadCase asked :
          List.of(
              PayloadCase.REQUEST_IBD_CHAIN_BLOCK_LOCATOR,
              PayloadCase.REQUEST_HEADERS,
              PayloadCase.REQUEST_NEXT_HEADERS,
              PayloadCase.REQUEST_BLOCK_BODIES)) {
        assertThat(server.heard(asked)).as(asked.name()).isPositive();
      }
      assertThat(server.isConnected()).isTrue();
    }
  }

  @Test
  void row20TheSinkIsAnnouncedToWhoeverConnects() {
    ScriptedPeer peer = join();
    expectInv(peer, sink());
  }
}
