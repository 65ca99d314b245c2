package kaspeer.engine.mempool;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import kaspeer.engine.mempool.MempoolActor.Command;
import kaspeer.engine.mempool.MempoolActor.TemplateMade;
import kaspeer.flow.mempool.Mempool.GetBlockTemplate;
import kaspeer.primitives.Hash;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has block templates made of what the pool holds. One in which a transaction is found that is not
 * valid is made anew without it. State of the mempool's actor.
 */
final class TemplateWork {
  /** So often a template is made anew while transactions are found in it that are not valid. */
  static final int MAX_ATTEMPTS = 5;

  private static final Logger LOG = LoggerFactory.getLogger(TemplateWork.class);

  private final ActorContext<Command> context;
  private final MempoolActor.Setup setup;
  private final Jobs jobs;
  private final BooleanSupplier nearlySynced;
  private final BlockTemplates templates = new BlockTemplates();

  /** Of the template that is being made. */
  private final Set<Hash> invalid = new HashSet<>();

  private int attempts;

  TemplateWork(
      ActorContext<Command> context,
      MempoolActor.Setup setup,
      Jobs jobs,
      BooleanSupplier nearlySynced) {
    this.context = context;
    this.setup = setup;
    this.jobs = jobs;
    this.nearlySynced = nearlySynced;
  }

  void request(GetBlockTemplate request) {
    if (templates.ask(
        request, setup.snapshots().get(), setup.clock().instant(), nearlySynced.getAsBoolean())) {
      make();
    }
  }

  private void make() {
    invalid.clear();
    attempts = 0;
    BlockTemplates.Choice known =
        templates.reusable(setup.snapshots().get(), setup.clock().instant());
    if (known == null) {
      choose();
    } else {
      make(known);
    }
  }

  private void choose() {
    make(
        new BlockTemplates.Choice(
            setup.pool().select(setup.limits(), invalid).transactions(), setup.clock().instant()));
  }

  private void make(BlockTemplates.Choice choice) {
    GetBlockTemplate request = templates.inWork();
    attempts++;
    context.pipeToSelf(
        CompletableFuture.supplyAsync(
            () ->
                setup.templates().make(request.payTo(), request.extraData(), choice.transactions()),
            setup.blocking()),
        (made, failure) -> new TemplateMade(made, choice.chosenAt(), failure));
  }

  void on(TemplateMade event) {
    TemplateMaker.Made made = event.made();
    if (made == null) {
      onFailure(event.failure());
      return;
    }
    if (!made.invalid().isEmpty()) {
      jobs.add(setup.pool().rejected(made.invalid(), setup.virtual()), _ -> {});
      invalid.addAll(made.invalid());
      if (attempts < MAX_ATTEMPTS) {
        // Their room in the block is for others.
        choose();
        return;
      }
    }
    makeNext(templates.made(made.block(), event.chosenAt(), nearlySynced.getAsBoolean()));
  }

  private void onFailure(@Nullable Throwable failure) {
    Throwable cause = failure != null && failure.getCause() != null ? failure.getCause() : failure;
    if (!(cause instanceof IllegalArgumentException)) {
      LOG.error("A block template could not be made", failure);
    }
    makeNext(templates.failed(cause == null ? "no template" : String.valueOf(cause.getMessage())));
  }

  private void makeNext(boolean more) {
    if (more) {
      make();
    }
  }
}
