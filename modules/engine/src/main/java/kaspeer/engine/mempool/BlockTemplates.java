package kaspeer.engine.mempool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool.GetBlockTemplate;
import kaspeer.flow.mempool.Mempool.TemplateReply;
import kaspeer.primitives.Block;
import kaspeer.primitives.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Requests for block templates, of which one at a time is made: those that ask for the same while
 * it is made, or within a second, get it too. State of the mempool's actor.
 */
final class BlockTemplates {
  /** A template is as good as new for so long, if the virtual block has the same parents. */
  static final Duration FRESH = Duration.ofSeconds(1);

  static final int MAX_WAITING = 64;

  private final Deque<GetBlockTemplate> waiting = new ArrayDeque<>();
  private @Nullable GetBlockTemplate inWork;
  private @Nullable Latest latest;

  /** Transactions for a block, and when they were chosen. */
  record Choice(List<Transaction> transactions, Instant chosenAt) {}

  /**
   * @param chosenAt when its transactions were chosen
   */
  private record Latest(GetBlockTemplate request, Block block, Instant chosenAt) {}

  /**
   * Takes a request.
   *
   * @return whether it has to be made now; {@link #inWork} is what to make then
   */
  boolean ask(GetBlockTemplate request, DagSnapshot dag, Instant now, boolean nearlySynced) {
    Latest known = latest;
    if (known != null && isSame(known.request, request) && isFresh(known, dag, now)) {
      request.replyTo().tell(new TemplateReply.Made(known.block, nearlySynced));
      return false;
    }
    if (waiting.size() >= MAX_WAITING) {
      request.replyTo().tell(new TemplateReply.Busy());
      return false;
    }
    waiting.add(request);
    return inWork == null && next();
  }

  /**
   * The transactions of the latest template, if one for somebody else may have the same: only the
   * coinbase differs.
   */
  @Nullable Choice reusable(DagSnapshot dag, Instant now) {
    Latest known = latest;
    if (known == null || !isFresh(known, dag, now)) {
      return null;
    }
    return new Choice(
        known.block.transactions().stream().filter(tx -> !tx.isCoinbase()).toList(),
        known.chosenAt);
  }

  /** What is to be made. */
  GetBlockTemplate inWork() {
    if (inWork == null) {
      throw new IllegalStateException("no template is being made");
    }
    return inWork;
  }

  /**
   * It is made.
   *
   * @param chosenAt when its transactions were chosen
   * @return whether there is another one to make
   */
  boolean made(Block block, Instant chosenAt, boolean nearlySynced) {
    latest = new Latest(inWork(), block, chosenAt);
    return answer(new TemplateReply.Made(block, nearlySynced));
  }

  /** Likewise, if it could not be made. */
  boolean failed(String why) {
    return answer(new TemplateReply.Refused(why));
  }

  private boolean answer(TemplateReply reply) {
    GetBlockTemplate done = inWork();
    List<GetBlockTemplate> others = new ArrayList<>();
    done.replyTo().tell(reply);
    for (GetBlockTemplate request : waiting) {
      if (isSame(done, request)) {
        request.replyTo().tell(reply);
      } else {
        others.add(request);
      }
    }
    waiting.clear();
    waiting.addAll(others);
    return next();
  }

  private boolean next() {
    inWork = waiting.poll();
    return inWork != null;
  }

  private static boolean isSame(GetBlockTemplate a, GetBlockTemplate b) {
    return a.payTo().version() == b.payTo().version()
        && Arrays.equals(a.payTo().script(), b.payTo().script())
        && Arrays.equals(a.extraData(), b.extraData());
  }

  private static boolean isFresh(Latest known, DagSnapshot dag, Instant now) {
    // Before that only if the clock was set back: then nobody knows how old it is.
    return !now.isBefore(known.chosenAt)
        && now.isBefore(known.chosenAt.plus(FRESH))
        && new HashSet<>(known.block.header().directParents())
            .equals(new HashSet<>(dag.virtualParents()));
  }
}
