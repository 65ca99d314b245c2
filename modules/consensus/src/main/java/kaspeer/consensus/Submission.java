package kaspeer.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.ParentsByLevel;
import kaspeer.primitives.Transaction;
import org.jspecify.annotations.Nullable;

/** Some headers or bodies that were handed in together. */
final class Submission implements Committer.Work {
  /** One header, body or both. Filled in by a worker, then read by the committer. */
  static final class Item {
    final Hash hash;
    final @Nullable Header header;
    final @Nullable List<Transaction> body;

    /** Bytes the body holds, roughly. */
    final long bodyBytes;

    /** The header of a body that came alone, if it was known when the worker looked. */
    @Nullable Header knownHeader;

    boolean headerChecked;
    int level;
    @Nullable RuleException headerFailure;
    boolean bodyChecked;
    @Nullable RuleException bodyFailure;

    Item(Hash hash, @Nullable Header header, @Nullable List<Transaction> body) {
      this.hash = hash;
      this.header = header;
      this.body = body;
      this.bodyBytes = body == null ? 0 : bytesOf(body);
    }

    /** Bytes it holds, roughly. */
    long bytes() {
      return ITEM_BYTES + (header == null ? 0 : bytesOf(header)) + bodyBytes;
    }
  }

  /** Items {@code from} to {@code to} - 1, and whether their stateless checks are done. */
  record Chunk(int from, int to, CompletableFuture<Void> ready) {}

  private static final int CHUNK_ITEMS = 32;
  private static final long CHUNK_BYTES = 1 << 18;

  private static final int ITEM_BYTES = 192;
  private static final int HEADER_BYTES = 320;
  private static final int HASH_BYTES = 48;
  private static final int TRANSACTION_BYTES = 160;
  private static final int INPUT_BYTES = 128;
  private static final int OUTPUT_BYTES = 96;

  final List<Item> items;
  final List<Chunk> chunks = new ArrayList<>();
  final long bytes;
  final CompletableFuture<List<Verdict>> result = new CompletableFuture<>();
  final List<Verdict> verdicts = new ArrayList<>();

  /** Hears that all of it is accepted and stored, before the virtual block is found. */
  final @Nullable Runnable onStored;

  /** Set when a failure ends it: the stateless checks of the rest need not be done. */
  volatile boolean ended;

  Submission(List<Item> items, @Nullable Runnable onStored) {
    this.items = items;
    this.onStored = onStored;
    long total = 0;
    long chunkBytes = 0;
    int from = 0;
    for (int i = 0; i < items.size(); i++) {
      long itemBytes = items.get(i).bytes();
      total += itemBytes;
      chunkBytes += itemBytes;
      if (i + 1 - from == CHUNK_ITEMS || chunkBytes >= CHUNK_BYTES || i + 1 == items.size()) {
        chunks.add(new Chunk(from, i + 1, new CompletableFuture<>()));
        from = i + 1;
        chunkBytes = 0;
      }
    }
    bytes = total;
  }

  static long bytesOf(Header header) {
    long hashes = 0;
    for (ParentsByLevel.Run run : header.parents().runs()) {
      hashes += run.parents().size();
    }
    return HEADER_BYTES + HASH_BYTES * (hashes + header.parents().runs().size());
  }

  static long bytesOf(List<Transaction> body) {
    long bytes = 0;
    for (Transaction transaction : body) {
      bytes += TRANSACTION_BYTES + transaction.payload().length;
      for (Transaction.Input input : transaction.inputs()) {
        bytes += INPUT_BYTES + input.signatureScript().length;
      }
      for (Transaction.Output output : transaction.outputs()) {
        bytes += OUTPUT_BYTES + output.scriptPublicKey().script().length;
      }
    }
    return bytes;
  }
}
