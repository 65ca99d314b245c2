package kaspeer.cluster.wire;

import com.google.protobuf.ByteString;
import java.util.Collection;
import java.util.List;
import kaspeer.cluster.proto.Answer;
import kaspeer.cluster.proto.BlockVerdict;
import kaspeer.cluster.proto.BytesList;
import kaspeer.cluster.proto.HashList;
import kaspeer.cluster.proto.OrphanVerdict;
import kaspeer.cluster.proto.Place;
import kaspeer.cluster.proto.Sighting;
import kaspeer.cluster.proto.Sightings;
import kaspeer.cluster.proto.Statuses;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.Dag.BlockReply;
import kaspeer.flow.dag.Dag.OrphanReply;
import kaspeer.primitives.Hash;

/** What the DAG says, as answers of a core. */
public final class DagAnswers {
  private DagAnswers() {}

  public static Answer of(BlockReply reply) {
    BlockVerdict.Builder wire = BlockVerdict.newBuilder().setHash(Wire.bytes(reply.hash()));
    switch (reply) {
      case BlockReply.Accepted(var _, var unorphaned) ->
          wire.setKind(BlockVerdict.Kind.ACCEPTED).addAllHashes(Wire.bytes(unorphaned));
      case BlockReply.Known(var _, var status) ->
          wire.setKind(BlockVerdict.Kind.KNOWN).setStatus(status.name());
      case BlockReply.MissingParents(var _, var parents) ->
          wire.setKind(BlockVerdict.Kind.MISSING_PARENTS).addAllHashes(Wire.bytes(parents));
      case BlockReply.Invalid(var _, var rule, var detail) ->
          wire.setKind(BlockVerdict.Kind.INVALID).setRule(rule).setDetail(detail);
      case BlockReply.Busy _ -> wire.setKind(BlockVerdict.Kind.BUSY);
    }
    return Answer.newBuilder().setBlockVerdict(wire).build();
  }

  public static Answer of(OrphanReply reply) {
    OrphanVerdict.Builder wire = OrphanVerdict.newBuilder().setHash(Wire.bytes(reply.hash()));
    switch (reply) {
      case OrphanReply.Waiting(var _, var roots) ->
          wire.setKind(OrphanVerdict.Kind.WAITING).addAllMissingRoots(Wire.bytes(roots));
      case OrphanReply.Ready _ -> wire.setKind(OrphanVerdict.Kind.READY);
      case OrphanReply.Absent _ -> wire.setKind(OrphanVerdict.Kind.ABSENT);
    }
    return Answer.newBuilder().setOrphan(wire).build();
  }

  public static Answer of(Dag.Statuses reply) {
    return Answer.newBuilder()
        .setStatuses(
            Statuses.newBuilder()
                .addAllStatuses(reply.statuses().stream().map(Enum::name).toList()))
        .build();
  }

  public static Answer of(Dag.LookedUp reply) {
    return Answer.newBuilder()
        .setSightings(
            Sightings.newBuilder()
                .addAllSightings(reply.sightings().stream().map(DagAnswers::sighting).toList()))
        .build();
  }

  private static Sighting sighting(Dag.Sighting sighting) {
    Sighting.Builder wire =
        Sighting.newBuilder()
            .setStatus(sighting.status().name())
            .setOrphan(sighting.missingRoots().isPresent());
    sighting.missingRoots().ifPresent(roots -> wire.addAllMissingRoots(Wire.bytes(roots)));
    return wire.build();
  }

  public static Answer of(Dag.HashesReply reply) {
    return switch (reply) {
      case Dag.HashesReply.Found(var hashes) -> of(hashes);
      case Dag.HashesReply.Refused(var why) -> Answer.newBuilder().setRefused(why).build();
    };
  }

  static Answer of(Collection<Hash> hashes) {
    return Answer.newBuilder()
        .setHashes(HashList.newBuilder().addAllHashes(Wire.bytes(hashes)))
        .build();
  }

  public static Answer of(Dag.HeadersReply reply) {
    return switch (reply) {
      case Dag.HeadersReply.Found(var headers) ->
          Answer.newBuilder()
              .setHeaders(
                  BytesList.newBuilder().addAllItems(headers.stream().map(Wire::bytes).toList()))
              .build();
      case Dag.HeadersReply.Refused(var why) -> Answer.newBuilder().setRefused(why).build();
    };
  }

  /** Headers, blocks or transactions. */
  public static Answer ofThings(List<ByteString> things) {
    return Answer.newBuilder().setThings(BytesList.newBuilder().addAllItems(things)).build();
  }

  public static Answer of(boolean yes) {
    return Answer.newBuilder().setYes(yes).build();
  }

  public static Answer of(Dag.Place place) {
    Place.Builder wire =
        Place.newBuilder().setStatus(place.status().name()).setOnChain(place.onChain());
    place.accepted().ifPresent(accepted -> wire.addAccepted(NewsCodec.toWire(accepted)));
    place
        .merge()
        .ifPresent(
            merge ->
                wire.setSelectedParent(Wire.bytes(merge.selectedParent()))
                    .addAllBlues(Wire.bytes(merge.blues()))
                    .addAllReds(Wire.bytes(merge.reds())));
    return Answer.newBuilder().setPlace(wire).build();
  }
}
