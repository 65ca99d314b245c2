package kaspeer.flows.sync;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.Breach;
import kaspeer.primitives.Hash;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.IbdChainBlockLocatorMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.RequestIbdChainBlockLocatorMessage;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Serves locators of the selected chain, by which a peer finds where its chain leaves ours
 * (protocol reference 5.13). A block that is known but no longer on the chain gets an empty
 * locator, upon which the peer begins anew.
 */
public final class ServeChainLocatorFlow {
  /** A negotiation takes some tens of requests in a row, one for each halving of the chain. */
  private static final int BURST = 256;

  private static final double PER_SECOND = 10;
  private static final int AT_ONCE = 64;

  private ServeChainLocatorFlow() {}

  /** The flow's description and maker. */
  public static FlowFactory<?> factory() {
    return new OneAnswerFlow.Kind<>(
            "serve-chain-locator",
            PayloadCase.REQUEST_IBD_CHAIN_BLOCK_LOCATOR,
            Set.of(PayloadCase.IBD_CHAIN_BLOCK_LOCATOR),
            Dag.HashesReply.class,
            new TokenBuckets(PER_SECOND, BURST),
            new Semaphore(AT_ONCE),
            Runnable::run,
            ServeChainLocatorFlow::question,
            ServeChainLocatorFlow::answer)
        .factory();
  }

  private static Dag question(KaspadMessage message, ActorRef<Dag.HashesReply> replyTo)
      throws ConversionException {
    RequestIbdChainBlockLocatorMessage request = message.getRequestIbdChainBlockLocator();
    Optional<Hash> low =
        request.hasLowHash()
            ? Optional.of(Hashes.fromWire(request.getLowHash()))
            : Optional.empty();
    Optional<Hash> high =
        request.hasHighHash()
            ? Optional.of(Hashes.fromWire(request.getHighHash()))
            : Optional.empty();
    return new Dag.GetChainLocator(low, high, replyTo);
  }

  private static List<KaspadMessage.Builder> answer(Dag.HashesReply reply) throws Breach {
    return switch (reply) {
      case Dag.HashesReply.Found(var hashes) ->
          List.of(
              KaspadMessage.newBuilder()
                  .setIbdChainBlockLocator(
                      IbdChainBlockLocatorMessage.newBuilder()
                          .addAllBlockLocatorHashes(Hashes.toWire(hashes))));
      case Dag.HashesReply.Refused(var why) ->
          throw new Breach(ViolationCode.BAD_SYNC_REQUEST, "chain locator: " + why);
    };
  }
}
