package kaspeer.flows.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import kaspeer.flow.dag.Dag;
import kaspeer.primitives.Header;
import kaspeer.wire.Blocks;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Headers;
import kaspeer.wire.proto.BlockHeader;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Turns messages into headers and bodies outside the flow's actor. Headers are hashed then, which
 * takes longer than everything else the flow does.
 *
 * @param <C> the flow's commands
 */
final class Conversions<C> {
  /** Something that makes a command of a message. */
  private interface Conversion<C> {
    C run() throws ConversionException;
  }

  private final ActorContext<C> actor;
  private final Executor executor;
  private final Function<List<Header>, C> headersConverted;
  private final BiFunction<BodyFetch.Part, List<Dag.Body>, C> bodiesConverted;
  private final Function<String, C> malformed;
  private final Function<Throwable, C> failed;

  /**
   * @param malformed makes a command of what is wrong with a message
   * @param failed makes one of a failure of our own, which the flow is to throw: what is thrown
   *     outside of its commands nobody hears of
   */
  Conversions(
      ActorContext<C> actor,
      Executor executor,
      Function<List<Header>, C> headersConverted,
      BiFunction<BodyFetch.Part, List<Dag.Body>, C> bodiesConverted,
      Function<String, C> malformed,
      Function<Throwable, C> failed) {
    this.actor = actor;
    this.executor = executor;
    this.headersConverted = headersConverted;
    this.bodiesConverted = bodiesConverted;
    this.malformed = malformed;
    this.failed = failed;
  }

  void headers(List<BlockHeader> batch) {
    run(
        () -> {
          List<Header> headers = Headers.fromWire(batch);
          headers.forEach(Header::hash); // here rather than where it is first needed
          return headersConverted.apply(headers);
        });
  }

  void bodies(BodyFetch.Part part) {
    run(() -> bodiesConverted.apply(part, convert(part)));
  }

  private static List<Dag.Body> convert(BodyFetch.Part part) throws ConversionException {
    List<Dag.Body> converted = new ArrayList<>(part.bodies().size());
    for (int i = 0; i < part.bodies().size(); i++) {
      int size = part.sizes().get(i);
      converted.add(
          new Dag.Body(part.hashes().get(i), Blocks.bodyFromWire(part.bodies().get(i)), size));
    }
    return converted;
  }

  private void run(Conversion<C> conversion) {
    CompletableFuture<C> result =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return conversion.run();
              } catch (ConversionException e) {
                return malformed.apply(String.valueOf(e.getMessage()));
              }
            },
            executor);
    actor.pipeToSelf(
        result, (command, failure) -> failure == null ? command : failed.apply(failure));
  }
}
