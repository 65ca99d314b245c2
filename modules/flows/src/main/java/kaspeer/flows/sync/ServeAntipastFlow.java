package kaspeer.flows.sync;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.Breach;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.Headers;
import kaspeer.wire.proto.BlockHeadersMessage;
import kaspeer.wire.proto.DoneHeadersMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.RequestAntipastMessage;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Serves the headers that lie between a peer's new sink and a block that we relayed to it (protocol
 * reference 5.11): one batch, which may be empty, then the end. The DAG refuses a walk of more than
 * four mergesets.
 */
public final class ServeAntipastFlow {
  private static final double PER_SECOND = 1;
  private static final int BURST = 8;
  private static final int AT_ONCE = 16;

  private ServeAntipastFlow() {}

  /**
   * The flow's description and maker.
   *
   * @param executor where headers become messages
   */
  public static FlowFactory<?> factory(Executor executor) {
    return new OneAnswerFlow.Kind<>(
            "serve-antipast",
            PayloadCase.REQUEST_ANTIPAST,
            Set.of(PayloadCase.BLOCK_HEADERS, PayloadCase.DONE_HEADERS),
            Dag.HeadersReply.class,
            new TokenBuckets(PER_SECOND, BURST),
            new Semaphore(AT_ONCE),
            executor,
            ServeAntipastFlow::question,
            ServeAntipastFlow::answer)
        .factory();
  }

  private static Dag question(KaspadMessage message, ActorRef<Dag.HeadersReply> replyTo)
      throws ConversionException {
    RequestAntipastMessage request = message.getRequestAntipast();
    return new Dag.GetAntipast(
        Hashes.fromWire(request.getBlockHash()),
        Hashes.fromWire(request.getContextHash()),
        replyTo);
  }

  private static List<KaspadMessage.Builder> answer(Dag.HeadersReply reply) throws Breach {
    return switch (reply) {
      case Dag.HeadersReply.Found(var headers) ->
          List.of(
              KaspadMessage.newBuilder()
                  .setBlockHeaders(
                      BlockHeadersMessage.newBuilder().addAllBlockHeaders(Headers.toWire(headers))),
              KaspadMessage.newBuilder().setDoneHeaders(DoneHeadersMessage.getDefaultInstance()));
      case Dag.HeadersReply.Refused(var why) ->
          throw new Breach(ViolationCode.BAD_SYNC_REQUEST, "antipast: " + why);
    };
  }
}
