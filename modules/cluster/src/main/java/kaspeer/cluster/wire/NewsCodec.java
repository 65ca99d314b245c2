package kaspeer.cluster.wire;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import kaspeer.cluster.proto.BlockAdded;
import kaspeer.cluster.proto.BlockSettled;
import kaspeer.cluster.proto.ChainChanged;
import kaspeer.cluster.proto.Disqualified;
import kaspeer.cluster.proto.Merged;
import kaspeer.cluster.proto.News;
import kaspeer.cluster.proto.State;
import kaspeer.cluster.proto.Tip;
import kaspeer.flow.dag.AcceptedBlock;
import kaspeer.flow.dag.DagEvent;
import kaspeer.flow.dag.DagSnapshot;

/** Events of the DAG and its state, to and from the wire. */
public final class NewsCodec {
  private NewsCodec() {}

  /**
   * An event, without session and sequence.
   *
   * @param peers what the edge calls a peer by its number here; 0 if it is none of its own
   */
  public static News.Builder toWire(DagEvent event, LongUnaryOperator peers) {
    News.Builder news = News.newBuilder();
    return switch (event) {
      case DagEvent.BlockAdded added ->
          news.setBlockAdded(
              BlockAdded.newBuilder()
                  .setHeader(Wire.bytes(added.header()))
                  .setTransactions(added.transactions())
                  .setPeer(peers.applyAsLong(added.origin()))
                  .setAnnounce(added.announce()));
      case DagEvent.BlockSettled(var hash, var transactions) ->
          news.setBlockSettled(
              BlockSettled.newBuilder().setHash(Wire.bytes(hash)).setTransactions(transactions));
      case DagEvent.ChainChanged(var removed, var added) ->
          news.setChainChanged(
              ChainChanged.newBuilder()
                  .addAllRemoved(Wire.bytes(removed))
                  .addAllAdded(added.stream().map(NewsCodec::toWire).toList()));
      case DagEvent.BlockDisqualified(var hash, var rule, var detail) ->
          news.setDisqualified(
              Disqualified.newBuilder().setHash(Wire.bytes(hash)).setRule(rule).setDetail(detail));
      case DagEvent.ChainStopped(var hash, var detail) ->
          news.setChainStopped(
              Disqualified.newBuilder().setHash(Wire.bytes(hash)).setDetail(detail));
      case DagEvent.FinalityViolated(var tip) -> news.setFinalityViolated(Wire.bytes(tip));
      case DagEvent.StateChanged(var snapshot) -> news.setState(toWire(snapshot));
    };
  }

  /**
   * The event.
   *
   * @throws IllegalArgumentException if the news are of no event of the DAG
   */
  public static DagEvent fromWire(News news) {
    return switch (news.getKindCase()) {
      case BLOCK_ADDED ->
          new DagEvent.BlockAdded(
              Wire.header(news.getBlockAdded().getHeader()),
              news.getBlockAdded().getTransactions(),
              news.getBlockAdded().getPeer(),
              news.getBlockAdded().getAnnounce());
      case BLOCK_SETTLED ->
          new DagEvent.BlockSettled(
              Wire.hash(news.getBlockSettled().getHash()),
              news.getBlockSettled().getTransactions());
      case CHAIN_CHANGED ->
          new DagEvent.ChainChanged(
              Wire.hashes(news.getChainChanged().getRemovedList()),
              news.getChainChanged().getAddedList().stream().map(NewsCodec::fromWire).toList());
      case DISQUALIFIED ->
          new DagEvent.BlockDisqualified(
              Wire.hash(news.getDisqualified().getHash()),
              news.getDisqualified().getRule(),
              news.getDisqualified().getDetail());
      case CHAIN_STOPPED ->
          new DagEvent.ChainStopped(
              Wire.hash(news.getChainStopped().getHash()), news.getChainStopped().getDetail());
      case FINALITY_VIOLATED ->
          new DagEvent.FinalityViolated(Wire.hash(news.getFinalityViolated()));
      case STATE -> new DagEvent.StateChanged(fromWire(news.getState()));
      case ANNOUNCED, KIND_NOT_SET -> throw new IllegalArgumentException("no event of the DAG");
    };
  }

  static kaspeer.cluster.proto.AcceptedBlock toWire(AcceptedBlock block) {
    kaspeer.cluster.proto.AcceptedBlock.Builder wire =
        kaspeer.cluster.proto.AcceptedBlock.newBuilder().setHash(Wire.bytes(block.hash()));
    block
        .merged()
        .forEach(
            merged ->
                wire.addMerged(
                    Merged.newBuilder()
                        .setBlock(Wire.bytes(merged.block()))
                        .addAllTransactions(Wire.bytes(merged.transactions()))));
    return wire.build();
  }

  static AcceptedBlock fromWire(kaspeer.cluster.proto.AcceptedBlock wire) {
    List<AcceptedBlock.Merged> merged = new ArrayList<>();
    wire.getMergedList()
        .forEach(
            each ->
                merged.add(
                    new AcceptedBlock.Merged(
                        Wire.hash(each.getBlock()), Wire.hashes(each.getTransactionsList()))));
    return new AcceptedBlock(Wire.hash(wire.getHash()), merged);
  }

  public static State toWire(DagSnapshot snapshot) {
    return State.newBuilder()
        .setHeaders(snapshot.headerCount())
        .setBlocks(snapshot.blockCount())
        .addAllTips(Wire.bytes(snapshot.tips()))
        .setSink(toWire(snapshot.sink()))
        .setHeadersTip(toWire(snapshot.headersTip()))
        .addAllVirtualParents(Wire.bytes(snapshot.virtualParents()))
        .setVirtualDaaScore(snapshot.virtualDaaScore())
        .setVirtualBits(snapshot.virtualBits())
        .setPastMedianTime(snapshot.pastMedianTime())
        .setPruningPoint(Wire.bytes(snapshot.pruningPoint()))
        .setMergeDepthRootWork(Wire.bytes(snapshot.mergeDepthRootWork()))
        .build();
  }

  public static DagSnapshot fromWire(State wire) {
    return new DagSnapshot(
        wire.getHeaders(),
        wire.getBlocks(),
        Wire.hashes(wire.getTipsList()),
        fromWire(wire.getSink()),
        fromWire(wire.getHeadersTip()),
        Wire.hashes(wire.getVirtualParentsList()),
        wire.getVirtualDaaScore(),
        wire.getVirtualBits(),
        wire.getPastMedianTime(),
        Wire.hash(wire.getPruningPoint()),
        Wire.blueWork(wire.getMergeDepthRootWork()));
  }

  private static Tip toWire(DagSnapshot.Tip tip) {
    return Tip.newBuilder()
        .setHash(Wire.bytes(tip.hash()))
        .setBlueScore(tip.blueScore())
        .setBlueWork(Wire.bytes(tip.blueWork()))
        .setDaaScore(tip.daaScore())
        .setTimestamp(tip.timestamp())
        .build();
  }

  private static DagSnapshot.Tip fromWire(Tip wire) {
    ByteString work = wire.getBlueWork();
    return new DagSnapshot.Tip(
        Wire.hash(wire.getHash()),
        wire.getBlueScore(),
        Wire.blueWork(work),
        wire.getDaaScore(),
        wire.getTimestamp());
  }
}
