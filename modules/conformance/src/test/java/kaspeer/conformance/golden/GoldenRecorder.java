package kaspeer.conformance.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.testkit.chain.ChainBuilder;
import kaspeer.testkit.chain.ChainServer;
import kaspeer.testkit.kaspad.AnyoneCanSpendWallet;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.KaspadBinary;
import kaspeer.testkit.kaspad.KaspadRpc;
import kaspeer.testkit.kaspad.SignedWallet.Coin;
import kaspeer.testkit.kaspad.SimnetMiner;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerListener;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.NetAddress;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records the messages in {@code src/test/resources/golden} anew, from two real kaspads that sync,
 * relay and ping through us, and from our asking one of them. Takes three minutes and is run by
 * name only, from the checkout's root:
 *
 * <pre>
 * mvn -pl modules/conformance -am test -Dtest=GoldenRecorder -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
final class GoldenRecorder {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final int SAMPLES = 2;
  private static final int MAX_BYTES = 12_000;
  private static final int BLOCKS = 1_300;

  private final Map<PayloadCase, Integer> samples = new EnumMap<>(PayloadCase.class);
  private final Path target = Path.of("src/test/resources/golden");

  @Test
  void recordsEveryTypeThatKaspadsSendEachOtherOnAYoungNetwork(@TempDir Path folder)
      throws IOException {
    Files.createDirectories(target);
    try (Stream<Path> old = Files.list(target)) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
    }
    record(folder);
    assertThat(samples.keySet()).containsAll(GoldenMessagesTest.RECORDED);
  }

  private void record(Path folder) {
    Path binary = KaspadBinary.require();
    try (PeerLab lab = new PeerLab();
        PeerListener between = lab.listen(PeerOptions.DEFAULT.withoutReading());
        Kaspad a = Kaspad.start(binary, folder.resolve("a"), List.of())) {
      SimnetMiner miner =
          new SimnetMiner(a.rpc(), AnyoneCanSpendWallet.ADDRESS, new SplittableRandom(1));
      miner.mine(BLOCKS, 1, 3);
      try (Kaspad b = Kaspad.start(binary, folder.resolve("b"), List.of(between.address()))) {
        ScriptedPeer toB = between.accept(SOON);
        ScriptedPeer toA = lab.dial(a.p2pAddress(), PeerOptions.DEFAULT.withoutReading());
        forward(toA, toB);
        forward(toB, toA);
        toA.reading(true);
        toB.reading(true);
        Await.until("sync", LONG, () -> b.rpc().sink().equals(a.rpc().sink()), b::log);
        ask(lab.join(a.p2pAddress()), a);
        relay(a, b, miner);
        toA.expectHeard(PayloadCase.PING, 1, LONG);
        toB.expectHeard(PayloadCase.PONG, 1, LONG);
        refuse(lab, a);
      }
    }
    syncFromUs(binary, folder.resolve("c"));
  }

  /** What a kaspad asks for that syncs towards a block beside the chain. */
  private void syncFromUs(Path binary, Path folder) {
    Params params = Params.of(Network.SIMNET);
    try (ChainBuilder chain =
            new ChainBuilder(params, System.currentTimeMillis() - BLOCKS * 100L, 55);
        PeerLab lab = new PeerLab();
        PeerListener listener = lab.listen(PeerOptions.DEFAULT.withoutReading())) {
      Hash end = chain.extend(BLOCKS).getLast().hash();
      Hash one = chain.branch(end, 1).getFirst().hash();
      Hash other = chain.branch(end, 1).getFirst().hash();
      Hash side = chain.sink().equals(one) ? other : one;
      try (Kaspad kaspad = Kaspad.start(binary, folder, List.of(listener.address()))) {
        ScriptedPeer peer = ChainServer.serve(listener.accept(SOON), chain);
        peer.onBytes(
            bytes -> {
              if (parse(bytes).hasRequestAntipast()) {
                keep(bytes, List.of(), false);
              }
            });
        peer.reading(true);
        peer.handshake();
        peer.send(Messages.inv(side));
        try {
          peer.expectHeard(PayloadCase.REQUEST_ANTIPAST, 1, LONG);
        } catch (AssertionError e) {
          throw new AssertionError(kaspad.log(), e);
        }
      }
    }
  }

  private void forward(ScriptedPeer from, ScriptedPeer to) {
    from.leave(PayloadCase.PING, PayloadCase.REQUEST_ADDRESSES)
        .onBytes(
            bytes -> {
              keep(bytes, List.of(), false);
              to.sendBytes(bytes);
            });
  }

  private void relay(Kaspad a, Kaspad b, SimnetMiner miner) {
    for (int i = 0; i < 10; i++) {
      miner.mineOne();
    }
    // Ids wait for a later call to announce them, so one transaction does not get through alone.
    Iterator<Coin> coins = AnyoneCanSpendWallet.spendable(a.rpc()).iterator();
    String first = AnyoneCanSpendWallet.respend(a.rpc(), coins.next());
    Await.until(
        "transaction",
        SOON,
        () -> {
          AnyoneCanSpendWallet.respend(a.rpc(), coins.next());
          return AnyoneCanSpendWallet.inMempool(b.rpc(), first);
        },
        b::log);
  }

  /** Asks for what kaspads do not ask each other, or only for too much of. */
  private void ask(ScriptedPeer peer, Kaspad kaspad) {
    Hash sink = Hash.fromHex(kaspad.rpc().sink());
    JsonNode block =
        kaspad
            .rpc()
            .call(
                "getBlock",
                KaspadRpc.params().put("hash", sink.toString()).put("includeTransactions", true))
            .get("block");
    Hash parent = Hash.fromHex(block.get("verboseData").get("selectedParentHash").asText());
    List<String> transactions = new ArrayList<>();
    block
        .get("transactions")
        .forEach(t -> transactions.add(t.get("verboseData").get("transactionId").asText()));
    ConcurrentLinkedQueue<byte[]> heard = new ConcurrentLinkedQueue<>();
    peer.onBytes(heard::add);

    peer.ask(Messages.requestRelayBlocks(List.of(sink)), PayloadCase.BLOCK, SOON);
    keepLast(heard, sink.toString());
    peer.ask(Messages.requestIbdBlocks(List.of(sink)), PayloadCase.IBD_BLOCK, SOON);
    keepLast(heard, sink.toString());
    peer.ask(Messages.requestBlockLocator(sink, 5), PayloadCase.BLOCK_LOCATOR, SOON);
    keepLast(heard, sink.toString());
    peer.ask(Messages.requestBodies(List.of(sink)), PayloadCase.BLOCK_BODY, SOON);
    keepLast(heard, transactions.toArray(new String[0]));
    peer.send(Messages.requestAntipast(parent, sink));
    peer.expect(PayloadCase.DONE_HEADERS, SOON);
    heard.removeIf(bytes -> parse(bytes).hasDoneHeaders());
    keepLast(heard, headersOf(kaspad, parent, heard));
    peer.send(Messages.requestTransactions(List.of(sink)));
    peer.expect(PayloadCase.TRANSACTION_NOT_FOUND, SOON);
    keepLast(heard, sink.toString());
  }

  /** Hashes of the last headers heard, as kaspad's RPC knows those blocks. */
  private static String[] headersOf(Kaspad kaspad, Hash low, ConcurrentLinkedQueue<byte[]> heard) {
    KaspadMessage last = parse(heard.stream().reduce((first, second) -> second).orElseThrow());
    return last.getBlockHeaders().getBlockHeadersList().stream()
        .map(header -> find(kaspad, low, header.getTimestamp(), header.getNonce()))
        .toArray(String[]::new);
  }

  private static String find(Kaspad kaspad, Hash low, long timestamp, long nonce) {
    JsonNode blocks =
        kaspad
            .rpc()
            .call(
                "getBlocks",
                KaspadRpc.params()
                    .put("lowHash", low.toString())
                    .put("includeBlocks", true)
                    .put("includeTransactions", false));
    for (JsonNode block : blocks.get("blocks")) {
      JsonNode header = block.get("header");
      if (header.get("timestamp").asLong() == timestamp && header.get("nonce").asLong() == nonce) {
        return header.get("hash").asText();
      }
    }
    throw new IllegalStateException("kaspad has no such block");
  }

  /** A Reject, and an answer with addresses in it. */
  private void refuse(PeerLab lab, Kaspad kaspad) {
    ScriptedPeer teller = lab.dial(kaspad.p2pAddress());
    List<NetAddress> some =
        List.of(
            new NetAddress(InetAddress.ofLiteral("8.8.4.4"), 16_111),
            new NetAddress(InetAddress.ofLiteral("2a02:4780::1"), 16_112));
    teller.answer(PayloadCase.REQUEST_ADDRESSES, message -> List.of(Messages.addresses(some)));
    teller.handshake();
    teller.expectHeard(PayloadCase.REQUEST_ADDRESSES, 1, SOON);
    teller.expectPong(SOON);
    ScriptedPeer asker = lab.join(kaspad.p2pAddress());
    asker.onBytes(bytes -> keep(bytes, List.of(), true));
    asker.send(Messages.requestAddresses());
    asker.expect(PayloadCase.ADDRESSES, SOON);
    asker.send(Messages.requestRelayBlocks(List.of(Hash.ZERO)));
    asker.expectEnd(SOON);
  }

  private void keepLast(ConcurrentLinkedQueue<byte[]> heard, String... hashes) {
    keep(heard.stream().reduce((first, second) -> second).orElseThrow(), List.of(hashes), true);
    heard.clear();
  }

  private synchronized void keep(byte[] bytes, List<String> hashes, boolean always) {
    PayloadCase payload = parse(bytes).getPayloadCase();
    int number = samples.getOrDefault(payload, 0) + 1;
    if (bytes.length > MAX_BYTES || (number > SAMPLES && !always)) {
      return;
    }
    samples.put(payload, number);
    try {
      new GoldenMessage(GoldenMessage.name(payload, number), hashes, bytes).write(target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KaspadMessage parse(byte[] bytes) {
    try {
      return KaspadMessage.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }
}
