package kaspeer.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that commits: takes submissions in the order in which they came, waits for the
 * stateless checks of each part, decides about it, and stores in batches. A batch ends when there
 * is nothing to do but wait, when it is large, or when it has lasted long enough; verdicts go out
 * when their batch is stored. A block of which others are to hear at once is stored by itself,
 * before the virtual block is found: that takes the longer, the more transactions there are.
 */
final class Committer implements Runnable {
  private static final long MAX_BATCH_BYTES = 4 << 20;
  private static final long MAX_BATCH_NANOS = 20_000_000;

  /** What there is to do, in the order in which it came. */
  sealed interface Work permits Submission, Task {}

  /**
   * Something to be done by the committer with nothing left to be stored, which may leave
   * something.
   *
   * @param result of the action, or why there is none
   */
  record Task(Runnable action, CompletableFuture<?> result) implements Work {}

  private final BlockProcessor processor;
  private final Delivery delivery;
  private final Consumer<Throwable> onBroken;
  private final BlockingQueue<Work> queue = new LinkedBlockingQueue<>();
  private final Submission stop = new Submission(List.of(), null);
  private List<Submission> done = new ArrayList<>();
  private final List<Task> abandonedTasks = new ArrayList<>();
  private @Nullable Submission current;
  private long batchStart;

  /**
   * @param onBroken told when memory and store have parted and the thread ends
   */
  Committer(BlockProcessor processor, Delivery delivery, Consumer<Throwable> onBroken) {
    this.processor = processor;
    this.delivery = delivery;
    this.onBroken = onBroken;
  }

  /** Takes a submission; its size was reserved, so that the queue is bounded in bytes. */
  void add(Submission submission) {
    queue.add(submission);
  }

  /** Takes something to do between submissions. */
  void add(Task task) {
    queue.add(task);
  }

  /** Ends the thread after all that was added before. */
  void stop() {
    queue.add(stop);
  }

  /** Submissions that were never decided about, after the thread has broken. */
  List<Submission> takeAbandoned() {
    List<Submission> abandoned = new ArrayList<>(done);
    if (current != null) {
      abandoned.add(current);
    }
    List<Work> rest = new ArrayList<>();
    queue.drainTo(rest);
    for (Work work : rest) {
      switch (work) {
        case Submission submission -> abandoned.add(submission);
        case Task task -> abandonedTasks.add(task);
      }
    }
    abandoned.remove(stop);
    return abandoned;
  }

  /** After {@link #takeAbandoned}: tasks that were never begun. */
  List<Task> abandonedTasks() {
    return abandonedTasks;
  }

  @Override
  public void run() {
    try {
      work();
    } catch (BlockProcessor.BrokenException parted) {
      // Why is what an operator can act on; that memory is ahead follows from it.
      onBroken.accept(parted.reason());
    } catch (RuntimeException | Error broken) {
      onBroken.accept(broken);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      onBroken.accept(interrupted);
    }
  }

  private void work() throws InterruptedException {
    try {
      while (true) {
        Work work = queue.poll();
        if (work == null) {
          flush();
          work = queue.take();
          batchStart = System.nanoTime();
        }
        if (work == stop) {
          flush();
          return;
        }
        switch (work) {
          case Submission submission -> {
            current = submission;
            process(submission);
            current = null;
          }
          case Task task -> run(task);
        }
      }
    } finally {
      processor.end();
    }
  }

  private void run(Task task) {
    flush();
    try {
      task.action.run();
    } catch (IllegalArgumentException refused) { // what was asked makes no sense
      task.result.completeExceptionally(refused);
    } catch (RuntimeException | Error broken) {
      task.result.completeExceptionally(broken);
      throw broken;
    }
    flush();
  }

  private void process(Submission submission) {
    for (Submission.Chunk chunk : submission.chunks) {
      if (!chunk.ready().isDone()) {
        flush();
      }
      try {
        chunk.ready().join();
        for (int i = chunk.from(); i < chunk.to(); i++) {
          Verdict verdict = processor.decide(submission.items.get(i));
          submission.verdicts.add(verdict);
          if (!verdict.isHere()) {
            submission.ended = true;
            done.add(submission);
            return;
          }
        }
      } catch (BlockProcessor.BrokenException broken) {
        throw broken;
      } catch (RuntimeException failure) {
        submission.ended = true;
        Throwable cause =
            failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        delivery.failed(submission, cause);
        return;
      }
      if (processor.changeBytes() >= MAX_BATCH_BYTES
          || System.nanoTime() - batchStart >= MAX_BATCH_NANOS) {
        flush();
      }
    }
    if (submission.onStored != null
        && submission.verdicts.stream().allMatch(Verdict.Accepted.class::isInstance)) {
      processor.store();
      submission.onStored.run();
    }
    done.add(submission);
  }

  private void flush() {
    List<ConsensusEvent> events = processor.flush();
    batchStart = System.nanoTime();
    if (!events.isEmpty() || !done.isEmpty()) {
      List<Submission> finished = done;
      done = new ArrayList<>();
      delivery.committed(events, finished);
    }
  }
}
