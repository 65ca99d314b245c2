package kaspeer.flows.refused;

import java.util.EnumSet;
import java.util.Set;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/**
 * Conversations that this node neither serves nor begins: those by which a node joins a pruned
 * network (protocol reference 5.14 to 5.17), and those of protocol versions long gone.
 */
enum RefusedFamily {
  PRUNING_PROOF(
      "pruning proofs are not served",
      EnumSet.of(PayloadCase.REQUEST_PRUNING_POINT_PROOF),
      EnumSet.of(
          PayloadCase.PRUNING_POINT_PROOF,
          PayloadCase.PRUNING_POINT_PROOF_CHUNK,
          PayloadCase.PRUNING_POINT_PROOF_CHUNKS_END)),
  TRUSTED_DATA(
      "the pruning point's anticone and its trusted data are not served",
      EnumSet.of(
          PayloadCase.REQUEST_PRUNING_POINT_AND_ITS_ANTICONE,
          PayloadCase.REQUEST_NEXT_PRUNING_POINT_AND_ITS_ANTICONE_BLOCKS),
      EnumSet.of(
          PayloadCase.PRUNING_POINTS,
          PayloadCase.TRUSTED_DATA,
          PayloadCase.TRUSTED_DATA_CHUNK,
          PayloadCase.TRUSTED_DATA_CHUNKS_END,
          PayloadCase.BLOCK_WITH_TRUSTED_DATA_V4,
          PayloadCase.DONE_BLOCKS_WITH_TRUSTED_DATA)),
  UTXO_SET(
      "the pruning point's UTXO set is not served",
      EnumSet.of(
          PayloadCase.REQUEST_PRUNING_POINT_UTXO_SET,
          PayloadCase.REQUEST_NEXT_PRUNING_POINT_UTXO_SET_CHUNK),
      EnumSet.of(
          PayloadCase.PRUNING_POINT_UTXO_SET_CHUNK,
          PayloadCase.DONE_PRUNING_POINT_UTXO_SET_CHUNKS,
          PayloadCase.UNEXPECTED_PRUNING_POINT)),
  SMT_STATE(
      "the pruning point's lanes are not served",
      EnumSet.of(
          PayloadCase.REQUEST_PRUNING_POINT_SMT_STATE,
          PayloadCase.REQUEST_NEXT_PRUNING_POINT_SMT_CHUNK),
      EnumSet.of(PayloadCase.SMT_METADATA, PayloadCase.SMT_LANE_CHUNK)),
  LEGACY(
      "no version spoken here has this message",
      EnumSet.of(PayloadCase.IBD_BLOCK_LOCATOR),
      EnumSet.of(
          PayloadCase.IBD_BLOCK,
          PayloadCase.IBD_BLOCK_LOCATOR_HIGHEST_HASH,
          PayloadCase.IBD_BLOCK_LOCATOR_HIGHEST_HASH_NOT_FOUND,
          PayloadCase.BLOCK_WITH_TRUSTED_DATA));

  private final String why;
  private final Set<PayloadCase> requests;
  private final Set<PayloadCase> answers;

  RefusedFamily(String why, Set<PayloadCase> requests, Set<PayloadCase> answers) {
    this.why = why;
    this.requests = Set.copyOf(requests);
    this.answers = Set.copyOf(answers);
  }

  /** What to tell who asks. */
  String why() {
    return why;
  }

  /** What a peer may ask, or ask to go on with. */
  Set<PayloadCase> requests() {
    return requests;
  }

  /** What a peer may send only to who asked: we never do. */
  Set<PayloadCase> answers() {
    return answers;
  }
}
