package kaspeer.cluster.wire;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import kaspeer.cluster.proto.Answer;
import kaspeer.cluster.proto.HashList;
import kaspeer.cluster.proto.OneBlock;
import kaspeer.cluster.proto.Place;
import kaspeer.cluster.proto.Question;
import kaspeer.cluster.proto.Range;
import kaspeer.cluster.proto.Sighting;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.Dag.BlockReply;
import kaspeer.flow.dag.Dag.OrphanReply;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import org.apache.pekko.actor.typed.ActorRef;

/** What is asked of a far DAG, as questions to a core. */
public final class DagAsks {
  private static final ByteString NONE = ByteString.EMPTY;

  private DagAsks() {}

  /**
   * The question.
   *
   * @param verdicts hears of every verdict on a block before the one who asked
   * @throws IllegalArgumentException if that is not asked of a core
   */
  public static Ask of(Dag request, Consumer<BlockReply> verdicts) {
    Question.Builder question = Question.newBuilder();
    return switch (request) {
      case Dag.SubmitBlock submit -> submit(submit, verdicts);
      case Dag.KeepOrphan(var block, var origin, var bytes, var replyTo) ->
          new Ask(
              question.setKeepOrphan(block(block, origin, bytes)).build(),
              answer -> replyTo.tell(orphan(answer)),
              () -> replyTo.tell(new OrphanReply.Absent(block.hash())));
      case Dag.LookUp(var hashes, var replyTo) ->
          new Ask(
              question.setLookUp(list(hashes)).build(),
              answer -> replyTo.tell(lookedUp(hashes, answer)),
              null);
      case Dag.GetStatuses(var hashes, var replyTo) ->
          new Ask(
              question.setStatuses(list(hashes)).build(),
              answer -> replyTo.tell(statuses(hashes, answer)),
              null);
      case Dag.GetChainLocator(var low, var high, var replyTo) ->
          new Ask(
              question
                  .setChainLocator(
                      Range.newBuilder()
                          .setLow(low.map(Wire::bytes).orElse(NONE))
                          .setHigh(high.map(Wire::bytes).orElse(NONE)))
                  .build(),
              answer -> replyTo.tell(hashes(answer)),
              null);
      case Dag.GetBlockLocator(var high, var limit, var replyTo) ->
          new Ask(
              question
                  .setBlockLocator(Range.newBuilder().setHigh(Wire.bytes(high)).setLimit(limit))
                  .build(),
              answer -> replyTo.tell(hashes(answer)),
              null);
      case Dag.GetHeaders(var low, var high, var most, var replyTo) ->
          new Ask(
              question.setHeaders(range(low, high).setLimit(most)).build(),
              answer -> replyTo.tell(headers(answer)),
              null);
      case Dag.GetAntipast antipast -> ofAntipast(antipast);
      case Dag.GetMissingBodies(var target, var limit, var replyTo) ->
          new Ask(
              question
                  .setMissingBodies(Range.newBuilder().setHigh(Wire.bytes(target)).setLimit(limit))
                  .build(),
              answer -> replyTo.tell(hashes(answer)),
              null);
      case Dag.GetHeader(var hash, var replyTo) ->
          new Ask(
              question.setHeader(Wire.bytes(hash)).build(),
              answer -> replyTo.tell(header(answer)),
              null);
      case Dag.GetBlock(var hash, var replyTo) -> ofBlock(hash, (block, _) -> replyTo.tell(block));
      case Dag.GetPlace(var hash, var replyTo) ->
          new Ask(
              question.setPlace(Wire.bytes(hash)).build(),
              answer -> replyTo.tell(place(answer)),
              null);
      case Dag.GetAccepted(var blocks, var limit, var replyTo) ->
          new Ask(
              question.setAccepted(list(blocks).setLimit(limit)).build(),
              answer -> replyTo.tell(accepted(answer)),
              null);
      case Dag.IsAncestor(var block, var descendant, var replyTo) ->
          new Ask(
              question.setIsAncestor(range(block, descendant)).build(),
              answer -> replyTo.tell(yes(answer)),
              null);
      case Dag.SubmitHeaders _, Dag.SubmitBodies _, Dag.Subscribe _ ->
          throw new IllegalArgumentException("not asked of a core: " + request);
    };
  }

  private static Ask ofAntipast(Dag.GetAntipast asked) {
    return new Ask(
        Question.newBuilder().setAntipast(range(asked.block(), asked.context())).build(),
        answer -> asked.replyTo().tell(headers(answer)),
        null);
  }

  /** Hears of a block, or that there is none, and of its bytes on the wire. */
  public interface BlockFound {
    void block(Optional<Block> block, int bytes);
  }

  /** Asks for a block. */
  public static Ask ofBlock(Hash hash, BlockFound found) {
    return new Ask(
        Question.newBuilder().setBlock(Wire.bytes(hash)).build(),
        answer -> found.block(found(answer), answer.getSerializedSize()),
        null);
  }

  private static Ask submit(Dag.SubmitBlock submit, Consumer<BlockReply> verdicts) {
    ActorRef<BlockReply> replyTo = submit.replyTo();
    Hash hash = submit.block().hash();
    return new Ask(
        Question.newBuilder()
            .setSubmitBlock(block(submit.block(), submit.origin(), submit.bytes()))
            .build(),
        answer -> {
          BlockReply reply = verdict(answer);
          verdicts.accept(reply);
          replyTo.tell(reply);
        },
        () -> replyTo.tell(new BlockReply.Busy(hash)));
  }

  private static OneBlock block(Block block, long peer, int size) {
    return OneBlock.newBuilder()
        .setBlock(Wire.bytes(block))
        .setPeer(peer)
        .setSize(Math.max(0, size))
        .build();
  }

  private static HashList.Builder list(List<Hash> hashes) {
    return HashList.newBuilder().addAllHashes(Wire.bytes(hashes));
  }

  private static Range.Builder range(Hash low, Hash high) {
    return Range.newBuilder().setLow(Wire.bytes(low)).setHigh(Wire.bytes(high));
  }

  static void expect(Answer answer, Answer.KindCase... kinds) {
    if (!List.of(kinds).contains(answer.getKindCase())) {
      throw new MalformedMessageException("answer " + answer.getKindCase());
    }
  }

  private static BlockReply verdict(Answer answer) {
    expect(answer, Answer.KindCase.BLOCK_VERDICT);
    var wire = answer.getBlockVerdict();
    Hash hash = Wire.hash(wire.getHash());
    return switch (wire.getKind()) {
      case ACCEPTED -> new BlockReply.Accepted(hash, Wire.hashes(wire.getHashesList()));
      case KNOWN -> new BlockReply.Known(hash, status(wire.getStatus()));
      case MISSING_PARENTS ->
          new BlockReply.MissingParents(hash, Wire.hashes(wire.getHashesList()));
      case INVALID -> new BlockReply.Invalid(hash, wire.getRule(), wire.getDetail());
      case BUSY, UNRECOGNIZED -> new BlockReply.Busy(hash);
    };
  }

  private static BlockStatus status(String name) {
    return Wire.named(BlockStatus.class, name);
  }

  private static OrphanReply orphan(Answer answer) {
    expect(answer, Answer.KindCase.ORPHAN);
    var wire = answer.getOrphan();
    Hash hash = Wire.hash(wire.getHash());
    return switch (wire.getKind()) {
      case WAITING -> new OrphanReply.Waiting(hash, Wire.hashes(wire.getMissingRootsList()));
      case READY -> new OrphanReply.Ready(hash);
      case ABSENT, UNRECOGNIZED -> new OrphanReply.Absent(hash);
    };
  }

  private static Dag.Statuses statuses(List<Hash> hashes, Answer answer) {
    expect(answer, Answer.KindCase.STATUSES);
    List<BlockStatus> statuses =
        answer.getStatuses().getStatusesList().stream().map(DagAsks::status).toList();
    expect(statuses.size(), hashes);
    return new Dag.Statuses(hashes, statuses);
  }

  private static Dag.LookedUp lookedUp(List<Hash> hashes, Answer answer) {
    expect(answer, Answer.KindCase.SIGHTINGS);
    List<Sighting> wire = answer.getSightings().getSightingsList();
    expect(wire.size(), hashes);
    List<Dag.Sighting> sightings = new ArrayList<>(wire.size());
    for (Sighting each : wire) {
      Optional<List<Hash>> roots =
          each.getOrphan()
              ? Optional.of(Wire.hashes(each.getMissingRootsList()))
              : Optional.empty();
      sightings.add(
          new Dag.Sighting(hashes.get(sightings.size()), status(each.getStatus()), roots));
    }
    return new Dag.LookedUp(sightings);
  }

  private static void expect(int answers, List<Hash> hashes) {
    if (answers != hashes.size()) {
      throw new MalformedMessageException(answers + " statuses of " + hashes.size());
    }
  }

  private static Dag.HashesReply hashes(Answer answer) {
    expect(answer, Answer.KindCase.HASHES, Answer.KindCase.REFUSED);
    return answer.hasRefused()
        ? new Dag.HashesReply.Refused(answer.getRefused())
        : new Dag.HashesReply.Found(Wire.hashes(answer.getHashes().getHashesList()));
  }

  private static Dag.HeadersReply headers(Answer answer) {
    expect(answer, Answer.KindCase.HEADERS, Answer.KindCase.REFUSED);
    return answer.hasRefused()
        ? new Dag.HeadersReply.Refused(answer.getRefused())
        : new Dag.HeadersReply.Found(
            answer.getHeaders().getItemsList().stream().map(Wire::header).toList());
  }

  private static Optional<Header> header(Answer answer) {
    expect(answer, Answer.KindCase.THINGS);
    return answer.getThings().getItemsList().stream().findFirst().map(Wire::header);
  }

  private static Optional<Block> found(Answer answer) {
    expect(answer, Answer.KindCase.THINGS);
    return answer.getThings().getItemsList().stream().findFirst().map(Wire::block);
  }

  private static Dag.AcceptedTransactions accepted(Answer answer) {
    expect(answer, Answer.KindCase.THINGS);
    return new Dag.AcceptedTransactions(Wire.transactions(answer.getThings().getItemsList()));
  }

  private static boolean yes(Answer answer) {
    expect(answer, Answer.KindCase.YES);
    return answer.getYes();
  }

  private static Dag.Place place(Answer answer) {
    expect(answer, Answer.KindCase.PLACE);
    Place wire = answer.getPlace();
    Optional<Dag.MergeSet> merge =
        wire.getSelectedParent().isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Dag.MergeSet(
                    Wire.hash(wire.getSelectedParent()),
                    Wire.hashes(wire.getBluesList()),
                    Wire.hashes(wire.getRedsList())));
    return new Dag.Place(
        status(wire.getStatus()),
        wire.getOnChain(),
        wire.getAcceptedList().stream().findFirst().map(NewsCodec::fromWire),
        merge);
  }
}
