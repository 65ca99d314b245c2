package kaspeer.conformance.hostile;

import static kaspeer.conformance.hostile.Subject.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.testkit.chain.ChainBuilder;
import kaspeer.testkit.chain.ChainServer;
import kaspeer.testkit.chain.Flaw;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.NetAddress;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.PruningPointUtxoSetChunkMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What peers can do once they are through with their handshake. */
class HostileFlowsTest {
  private static final int CHAIN = 1_200;

  @TempDir private static Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init")
  private static Subject subject;

  @SuppressWarnings("NullAway.Init")
  private static ChainBuilder chain;

  private final SplittableRandom random = new SplittableRandom(1);

  /** A node that has synced a chain and is near its end. */
  @BeforeAll
  static void start() {
    chain =
        new ChainBuilder(Params.of(Network.SIMNET), System.currentTimeMillis() - CHAIN * 100L, 7);
    chain.extend(CHAIN);
    subject = Subject.start(folder.resolve("node"));
    try (ScriptedPeer source = ChainServer.serve(subject.join(), chain)) {
      source.send(Messages.inv(chain.sink()));
      awaitSink();
    }
  }

  private static void awaitSink() {
    Await.until(
        "the chain",
        SOON,
        () -> subject.node().get("dag").get("sink").asText().equals(chain.sink().toString()),
        subject::logTail);
  }

  @AfterAll
  static void stop() {
    subject.close();
    chain.close();
  }

  @AfterEach
  void theNodeIsWell() {
    subject.assertResponsive();
    assertThat(subject.node().log().contains("own fault"))
        .as("a fault of our own in the log")
        .isFalse();
  }

  private Hash randomHash() {
    return Hash.ofWords(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  private static ScriptedPeer serving(Block block) {
    return subject
        .join()
        .answer(PayloadCase.REQUEST_RELAY_BLOCKS, request -> List.of(Messages.block(block)));
  }

  // --- addresses ------------------------------------------------------------------------------

  /** Public addresses, each in a network of its own. */
  private static List<NetAddress> addresses(int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(i -> new NetAddress(address(0x2D00_0000 + i * 251), 16_111))
        .toList();
  }

  private static InetAddress address(int bits) {
    return InetAddress.ofLiteral(
        (bits >>> 24)
            + "."
            + (bits >>> 16 & 0xFF)
            + "."
            + (bits >>> 8 & 0xFF)
            + "."
            + (bits & 0xFF));
  }

  private static ScriptedPeer telling(PeerOptions options, List<NetAddress> addresses) {
    ScriptedPeer peer = subject.lab().dial(subject.address(), options);
    peer.answer(PayloadCase.REQUEST_ADDRESSES, request -> List.of(Messages.addresses(addresses)));
    peer.handshake();
    return peer;
  }

  private static int known() {
    return subject.node().get("addresses").size();
  }

  @Test
  void moreThan2500AddressesEndThePeer() {
    int before = known();
    ScriptedPeer peer = telling(PeerOptions.DEFAULT, addresses(0, 2_501));
    subject.assertDropped(peer, "violation.OVERSIZED_MESSAGE");
    assertThat(known()).isEqualTo(before);
  }

  @Test
  void addressesThatNobodyAskedForEndThePeer() {
    ScriptedPeer peer = telling(PeerOptions.DEFAULT, List.of());
    peer.expectHeard(PayloadCase.REQUEST_ADDRESSES, 1, SOON);
    // Whichever of the two comes first is the answer.
    peer.send(Messages.addresses(List.of()));
    subject.assertRejected(peer, "UNSOLICITED_ANSWER");
  }

  /** Private ones do count here: simnets run inside one house. */
  @Test
  void addressesThatNobodyCanDialAreNotKept() {
    double refused = subject.metric("kaspeer_addresses_refused_total");
    List<NetAddress> bad =
        List.of(
            new NetAddress(InetAddress.ofLiteral("127.0.0.1"), 16_111),
            new NetAddress(InetAddress.ofLiteral("0.0.0.0"), 16_111),
            new NetAddress(InetAddress.ofLiteral("::1"), 16_111),
            new NetAddress(InetAddress.ofLiteral("::"), 16_111),
            new NetAddress(InetAddress.ofLiteral("224.0.0.1"), 16_111),
            new NetAddress(InetAddress.ofLiteral("255.255.255.255"), 16_111),
            new NetAddress(address(0x2E010203), 0));
    ScriptedPeer peer = telling(PeerOptions.DEFAULT, bad);
    Await.until(
        "refusal",
        SOON,
        () -> subject.metric("kaspeer_addresses_refused_total") >= refused + bad.size(),
        subject::logTail);
    List<String> listed = subject.node().get("addresses").findValuesAsText("address");
    assertThat(listed).doesNotContainAnyElementsOf(bad.stream().map(NetAddress::toString).toList());
    peer.expectPong(SOON);
  }

  @Test
  void whoComesBackAHundredTimesFillsNoMoreOfTheBook() {
    PeerOptions source = PeerOptions.DEFAULT.withSource(PeerLab.loopback(4));
    int before = known();
    for (int i = 0; i < 100; i++) {
      try (ScriptedPeer peer = telling(source, addresses(10_000 + i * 1_000, 1_000))) {
        peer.expectHeard(PayloadCase.REQUEST_ADDRESSES, 1, SOON);
        peer.expectPong(SOON);
      }
    }
    assertThat(known() - before).as("addresses of one source").isBetween(1, 2_600);
  }

  // --- blocks in ------------------------------------------------------------------------------

  @Test
  void aStormOfInvsOfBlocksThatNeverComeIsDroppedAndCounted() {
    ScriptedPeer peer = subject.join().ignore(PayloadCase.REQUEST_RELAY_BLOCKS);
    String counter = "kaspeer_p2p_inbound_overflow_total{flow=\"relay-block\",policy=\"DROP\"}";
    double dropped = subject.metric(counter);
    // As long as it takes: how many pass depends on who is the quicker.
    Await.until(
        "a storm of which thousands are dropped",
        SOON,
        () -> {
          for (int i = 0; i < 50_000; i++) {
            peer.send(Messages.inv(randomHash()));
          }
          peer.expectPong(SOON);
          return subject.metric(counter) > dropped + 10_000;
        },
        peer::standing);
    assertThat(peer.heard(PayloadCase.REQUEST_RELAY_BLOCKS)).as("requests open").isBetween(1, 16);
    // Others' blocks pass meanwhile.
    Block next = chain.extend();
    try (ScriptedPeer other = serving(next)) {
      other.send(Messages.inv(next.hash()));
      awaitSink();
    }
    peer.close();
    subject.assertHeapIsBack();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WORTHLESS_NONCE")
  void anInvalidBlockEndsThePeerAndMarksNobodyElse(Flaw flaw) {
    Block block = flaw.on(chain);
    ScriptedPeer peer = serving(block);
    peer.send(Messages.inv(block.hash()));
    String code = flaw == Flaw.EMPTY ? "HEADER_ONLY_BLOCK" : "INVALID_BLOCK";
    String text = subject.assertRejected(peer, code);
    if (code.equals("INVALID_BLOCK")) {
      assertThat(text).contains(flaw.rule().name());
    }
    assertThat(subject.node().get("dag").get("sink").asText()).isEqualTo(chain.sink().toString());
  }

  @Test
  void anInvOfABlockKnownToBeInvalidEndsThePeerUnasked() {
    Block block = Flaw.COINBASE_SUBSIDY.on(chain);
    ScriptedPeer first = serving(block);
    first.send(Messages.inv(block.hash()));
    subject.assertRejected(first, "INVALID_BLOCK");
    ScriptedPeer second = subject.join();
    second.send(Messages.inv(block.hash()));
    subject.assertRejected(second, "INV_OF_INVALID_BLOCK");
    assertThat(second.heard(PayloadCase.REQUEST_RELAY_BLOCKS)).isZero();
  }

  @Test
  void anotherBlockThanTheOneAskedForEndsThePeer() {
    ScriptedPeer peer = serving(chain.last());
    peer.send(Messages.inv(randomHash()));
    subject.assertRejected(peer, "WRONG_BLOCK");
  }

  @Test
  void aBlockWithoutTheRequestsIdEndsThePeer() {
    ScriptedPeer peer = subject.join();
    Block block = chain.draft().make();
    peer.send(Messages.inv(block.hash()));
    peer.expect(PayloadCase.REQUEST_RELAY_BLOCKS, SOON);
    peer.send(Messages.block(block));
    subject.assertRejected(peer, "UNSOLICITED_ANSWER");
    ScriptedPeer unasked = subject.join();
    unasked.send(Messages.answering(4711, Messages.block(block)));
    subject.assertRejected(unasked, "UNSOLICITED_ANSWER");
  }

  @Test
  void aBlockWithoutTransactionsEndsThePeer() {
    Block block = chain.draft().make();
    ScriptedPeer peer = serving(new Block(block.header(), List.of()));
    peer.send(Messages.inv(block.hash()));
    subject.assertRejected(peer, "HEADER_ONLY_BLOCK");
  }

  // --- blocks out -----------------------------------------------------------------------------

  @Test
  void aBlockAskedForAThousandTimesInOneRequestIsSentOnce() {
    ScriptedPeer peer = subject.join();
    peer.send(
        Messages.asking(
            1, Messages.requestRelayBlocks(Collections.nCopies(1_000, chain.last().hash()))));
    peer.send(Messages.asking(2, Messages.requestRelayBlocks(List.of(chain.last().hash()))));
    KaspadMessage answer = peer.expect(PayloadCase.BLOCK, SOON);
    assertThat(answer.getResponseId()).isEqualTo(1);
    assertThat(peer.expect(PayloadCase.BLOCK, SOON).getResponseId()).isEqualTo(2);
    ScriptedPeer greedy = subject.join();
    Subject.sendOrBeCutOff(
        greedy, Messages.requestRelayBlocks(Collections.nCopies(100_000, chain.last().hash())));
    subject.assertDropped(greedy, "violation.OVERSIZED_MESSAGE");
    assertThat(greedy.heard(PayloadCase.BLOCK)).isZero();
  }

  @Test
  void whoAsksForEverythingAndReadsNothingHoldsNoMemory() {
    List<Hash> all = chain.blocks().stream().map(Block::hash).limit(1_000).toList();
    Hoarders.assertHoldNoMemory(subject, 20, all);
  }

  @Test
  void aLocatorOfUnlimitedLengthStaysShort() {
    ScriptedPeer peer = subject.join();
    for (int limit : new int[] {0, -1, Integer.MAX_VALUE}) {
      KaspadMessage answer =
          peer.ask(
              Messages.requestBlockLocator(chain.sink(), limit), PayloadCase.BLOCK_LOCATOR, SOON);
      assertThat(answer.getBlockLocator().getHashesCount()).isBetween(10, 64);
    }
    peer.send(Messages.asking(9, Messages.requestBlockLocator(randomHash(), 10)));
    subject.assertRejected(peer, "BAD_SYNC_REQUEST");
  }

  @Test
  void anAntipastOfTheWholeDagIsRefusedAndManySmallOnesAreThrottled() {
    ScriptedPeer greedy = subject.join();
    greedy.send(Messages.requestAntipast(chain.genesis(), chain.sink()));
    subject.assertRejected(greedy, "BAD_SYNC_REQUEST");
    ScriptedPeer busy = subject.join();
    Hash low = chain.blocks().get(300).hash();
    Hash high = chain.blocks().get(1_100).hash();
    for (int i = 0; i < 50; i++) {
      busy.send(Messages.requestAntipast(low, high));
    }
    subject.assertResponsive();
    assertThat(busy.heard(PayloadCase.BLOCK_HEADERS)).as("answered in that time").isLessThan(50);
    busy.close();
  }

  @Test
  void answersThatNobodyAskedForEndThePeer() {
    List<KaspadMessage> unasked =
        List.of(
            Messages.headers(List.of(chain.last().header())),
            Messages.doneHeaders(),
            Messages.body(chain.last().transactions()),
            Messages.chainLocator(List.of(chain.sink())),
            Messages.blockLocator(List.of(chain.sink())),
            Messages.pong(1),
            Messages.transactionNotFound(randomHash()),
            KaspadMessage.newBuilder()
                .setPruningPointUtxoSetChunk(PruningPointUtxoSetChunkMessage.getDefaultInstance())
                .build());
    for (KaspadMessage message : unasked) {
      ScriptedPeer peer = subject.join();
      peer.send(message);
      subject.assertRejected(peer, "UNSOLICITED_ANSWER");
    }
  }

  // --- ping and reject ------------------------------------------------------------------------

  @Test
  void aFloodOfPingsIsAnsweredSlowly() {
    ScriptedPeer peer = subject.join();
    for (int i = 0; i < 5_000; i++) {
      peer.send(Messages.ping(i));
    }
    peer.expectHeard(PayloadCase.PONG, 16, SOON);
    subject.assertResponsive();
    assertThat(peer.heard(PayloadCase.PONG)).isLessThan(64);
    assertThat(subject.isConnected(peer)).isTrue();
    peer.close();
  }

  @Test
  void aFloodOfPongsThatNobodyAskedForEndsThePeerAtTheFirst() {
    ScriptedPeer peer = subject.join();
    try {
      for (int i = 0; i < 5_000; i++) {
        peer.send(Messages.pong(i));
      }
    } catch (UncheckedIOException closed) {
      // At the first one the node may have been quicker than we are with the last.
    }
    subject.assertDropped(peer, "violation.UNSOLICITED_ANSWER");
    subject.assertHeapIsBack();
  }

  @Test
  void aRejectOfTenMegabytesAndRejectsWithoutEndDoNoHarm() {
    ScriptedPeer loud = subject.join();
    assertThatThrownBy(() -> loud.send(Messages.reject("x".repeat(10_000_000))))
        .isInstanceOf(UncheckedIOException.class);
    subject.assertDropped(loud, "violation.OVERSIZED_MESSAGE");
    for (int i = 0; i < 100; i++) {
      ScriptedPeer peer = subject.join();
      peer.send(Messages.reject("line 1\nline 2 " + "é".repeat(3_000)));
      peer.expectEnd(SOON);
      if (i == 99) {
        assertThat(subject.departure(peer).get("detail").asText().length())
            .isLessThanOrEqualTo(2_048);
        assertThat(subject.departure(peer).get("reason").asText()).isEqualTo("refused");
      }
    }
    assertThat(subject.node().log().lines())
        .as("lines of a peer's making")
        .noneMatch(line -> line.startsWith("line 2"));
    subject.assertHeapIsBack();
  }
}
