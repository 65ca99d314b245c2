package kaspeer.flows.sync;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.Breach;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.WireLimits;
import kaspeer.wire.proto.BlockLocatorMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.RequestBlockLocatorMessage;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Serves locators of the chain below a block, by which a peer judges whether an orphan is worth
 * keeping (protocol reference 5.12). The answer repeats the request's number, without which the
 * peer could not route it.
 */
public final class ServeBlockLocatorFlow {
  private static final double PER_SECOND = 20;
  private static final int BURST = 64;
  private static final int AT_ONCE = 64;

  private ServeBlockLocatorFlow() {}

  /** The flow's description and maker. */
  public static FlowFactory<?> factory() {
    return new OneAnswerFlow.Kind<>(
            "serve-block-locator",
            PayloadCase.REQUEST_BLOCK_LOCATOR,
            Set.of(PayloadCase.BLOCK_LOCATOR),
            Dag.HashesReply.class,
            new TokenBuckets(PER_SECOND, BURST),
            new Semaphore(AT_ONCE),
            Runnable::run,
            ServeBlockLocatorFlow::question,
            ServeBlockLocatorFlow::answer)
        .factory();
  }

  private static Dag question(KaspadMessage message, ActorRef<Dag.HashesReply> replyTo)
      throws ConversionException {
    RequestBlockLocatorMessage request = message.getRequestBlockLocator();
    // Unsigned on the wire, and 0 for no limit; no peer accepts more entries than this.
    long limit = Integer.toUnsignedLong(request.getLimit());
    int most = limit == 0 || limit > WireLimits.MAX_LOCATOR ? WireLimits.MAX_LOCATOR : (int) limit;
    return new Dag.GetBlockLocator(Hashes.fromWire(request.getHighHash()), most, replyTo);
  }

  private static List<KaspadMessage.Builder> answer(Dag.HashesReply reply) throws Breach {
    return switch (reply) {
      case Dag.HashesReply.Found(var hashes) ->
          List.of(
              KaspadMessage.newBuilder()
                  .setBlockLocator(
                      BlockLocatorMessage.newBuilder().addAllHashes(Hashes.toWire(hashes))));
      case Dag.HashesReply.Refused(var why) ->
          throw new Breach(ViolationCode.BAD_SYNC_REQUEST, "block locator: " + why);
    };
  }
}
