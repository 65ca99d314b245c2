package kaspeer.testkit.chain;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.sync.HashPage;
import kaspeer.consensus.sync.SyncAnswer;
import kaspeer.consensus.sync.SyncQueries;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.testkit.peer.Answer;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.RequestIbdChainBlockLocatorMessage;
import org.jspecify.annotations.Nullable;

/**
 * Makes a scripted peer serve a DAG as an honest node does: blocks, locators, headers, antipasts,
 * bodies (protocol reference 5.7, 5.10 to 5.13, 5.18). A question it cannot answer gets a Reject.
 * To be dishonest in one respect, replace the answer to that request afterwards.
 */
public final class ChainServer {
  /** As many headers as kaspad looks up for one answer. */
  private static final int HEADERS = 1024;

  /** As kaspad: four times the largest mergeset. */
  private static final int ANTIPAST = 4 * Params.of(Network.SIMNET).mergesetSizeLimit();

  private final Consensus dag;
  private final SyncQueries queries;
  private @Nullable Hash next;
  private @Nullable Hash end;

  private ChainServer(Consensus dag) {
    this.dag = dag;
    this.queries = new SyncQueries(dag);
  }

  /** From now on the peer serves this DAG, as it grows. */
  public static ScriptedPeer serve(ScriptedPeer peer, ChainBuilder chain) {
    answers(chain).forEach(peer::answer);
    return peer;
  }

  /**
   * What an honest server of this DAG answers to what; for one peer, for it remembers how far that
   * has come.
   */
  public static Map<PayloadCase, Answer> answers(ChainBuilder chain) {
    ChainServer server = new ChainServer(chain.consensus());
    Map<PayloadCase, Answer> answers = new EnumMap<>(PayloadCase.class);
    answers.put(PayloadCase.REQUEST_RELAY_BLOCKS, server.answer(server::relayBlocks));
    answers.put(PayloadCase.REQUEST_BLOCK_LOCATOR, server.answer(server::blockLocator));
    answers.put(PayloadCase.REQUEST_IBD_CHAIN_BLOCK_LOCATOR, server.answer(server::chainLocator));
    answers.put(PayloadCase.REQUEST_HEADERS, server.answer(server::firstHeaders));
    answers.put(PayloadCase.REQUEST_NEXT_HEADERS, server.answer(message -> server.moreHeaders()));
    answers.put(PayloadCase.REQUEST_ANTIPAST, server.answer(server::antipast));
    answers.put(PayloadCase.REQUEST_BLOCK_BODIES, server.answer(server::bodies));
    answers.put(PayloadCase.REQUEST_IBD_BLOCKS, server.answer(server::ibdBlocks));
    return answers;
  }

  private interface Question {
    List<KaspadMessage> answer(KaspadMessage message) throws ConversionException;
  }

  /** A question that cannot be answered. */
  private static final class Unanswerable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unanswerable(String text) {
      super(text);
    }
  }

  private Answer answer(Question question) {
    return message -> {
      try {
        return question.answer(message);
      } catch (ConversionException | Unanswerable e) {
        return List.of(Messages.reject(String.valueOf(e.getMessage())));
      }
    };
  }

  private List<KaspadMessage> relayBlocks(KaspadMessage message) throws ConversionException {
    List<KaspadMessage> answers = new ArrayList<>();
    for (Hash hash : Hashes.fromWire(message.getRequestRelayBlocks().getHashesList())) {
      answers.add(Messages.block(block(hash)));
    }
    return answers;
  }

  private List<KaspadMessage> ibdBlocks(KaspadMessage message) throws ConversionException {
    List<KaspadMessage> answers = new ArrayList<>();
    for (Hash hash : Hashes.fromWire(message.getRequestIbdBlocks().getHashesList())) {
      KaspadMessage relayed = Messages.block(block(hash));
      answers.add(KaspadMessage.newBuilder().setIbdBlock(relayed.getBlock()).build());
    }
    return answers;
  }

  private List<KaspadMessage> bodies(KaspadMessage message) throws ConversionException {
    List<KaspadMessage> answers = new ArrayList<>();
    for (Hash hash : Hashes.fromWire(message.getRequestBlockBodies().getHashesList())) {
      answers.add(Messages.body(block(hash).transactions()));
    }
    return answers;
  }

  private List<KaspadMessage> blockLocator(KaspadMessage message) throws ConversionException {
    Hash high = Hashes.fromWire(message.getRequestBlockLocator().getHighHash());
    int limit = message.getRequestBlockLocator().getLimit();
    return List.of(Messages.blockLocator(found(queries.blockLocator(high, limit))));
  }

  private List<KaspadMessage> chainLocator(KaspadMessage message) throws ConversionException {
    RequestIbdChainBlockLocatorMessage request = message.getRequestIbdChainBlockLocator();
    Hash low = request.hasLowHash() ? Hashes.fromWire(request.getLowHash()) : null;
    Hash high = request.hasHighHash() ? Hashes.fromWire(request.getHighHash()) : null;
    return List.of(Messages.chainLocator(found(queries.chainLocator(low, high))));
  }

  private List<KaspadMessage> firstHeaders(KaspadMessage message) throws ConversionException {
    next = Hashes.fromWire(message.getRequestHeaders().getLowHash());
    end = Hashes.fromWire(message.getRequestHeaders().getHighHash());
    return moreHeaders();
  }

  private List<KaspadMessage> moreHeaders() {
    Hash low = next;
    Hash high = end;
    if (low == null || high == null) {
      throw new Unanswerable("no headers were asked for");
    }
    if (low.equals(high)) {
      next = null;
      return List.of(Messages.doneHeaders());
    }
    HashPage page = found(queries.headersBetween(low, high, HEADERS));
    next = page.reached();
    return List.of(Messages.headers(headers(page.hashes())));
  }

  private List<KaspadMessage> antipast(KaspadMessage message) throws ConversionException {
    Hash block = Hashes.fromWire(message.getRequestAntipast().getBlockHash());
    Hash context = Hashes.fromWire(message.getRequestAntipast().getContextHash());
    List<Hash> between = found(queries.antipast(block, context, ANTIPAST));
    return List.of(Messages.headers(headers(between)), Messages.doneHeaders());
  }

  private List<Header> headers(List<Hash> hashes) {
    return hashes.stream().map(hash -> Objects.requireNonNull(dag.header(hash))).toList();
  }

  private Block block(Hash hash) {
    Block block = dag.block(hash);
    if (block == null) {
      throw new Unanswerable("cannot find full block " + hash);
    }
    return block;
  }

  private static <T> T found(SyncAnswer<T> answer) {
    return switch (answer) {
      case SyncAnswer.Found<T>(T value) -> value;
      case SyncAnswer.Refused<T>(var failure) -> throw new Unanswerable(failure.text());
    };
  }
}
