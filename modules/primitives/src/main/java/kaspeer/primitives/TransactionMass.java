package kaspeer.primitives;

/**
 * The masses of a transaction that need no UTXO state, in grams (consensus reference 5.4).
 *
 * @param compute what checking it costs
 * @param transientStorage what keeping it until it is pruned costs
 */
public record TransactionMass(long compute, long transientStorage) {
  private static final TransactionMass NONE = new TransactionMass(0, 0);

  private static final long TRANSIENT_GRAMS_PER_BYTE = 4;
  private static final long GRAMS_PER_SIG_OP = 1000;
  private static final long GRAMS_PER_COMPUTE_BUDGET_UNIT = 100;

  /** Version, three counts or lengths, lock time, subnetwork id, gas, payload hash. */
  private static final long FIXED_SIZE = 2 + 3 * 8 + 8 + SubnetworkId.SIZE + 8 + Hash.SIZE;

  /** Outpoint, script length, sequence. */
  private static final long INPUT_SIZE = Hash.SIZE + 4 + 8 + 8;

  /** Value, script version, script length. */
  private static final long OUTPUT_SIZE = 8 + 2 + 8;

  /**
   * The masses of a transaction, whose inputs and outputs may be as many and as large as a message
   * can carry; those of a coinbase are 0.
   */
  public static TransactionMass of(Transaction transaction, Params params) {
    if (transaction.isCoinbase()) {
      return NONE;
    }
    long size = estimatedSize(transaction);
    long scripts = 0;
    for (Transaction.Output output : transaction.outputs()) {
      scripts += 2 + output.scriptPublicKey().script().length;
    }
    long committed = 0;
    for (Transaction.Input input : transaction.inputs()) {
      committed += input.computeCommit();
    }
    // These two prices are constants of consensus; the parameter massPerSigOp is that of the script
    // engine.
    long perCommitted =
        transaction.version() == 0 ? GRAMS_PER_SIG_OP : GRAMS_PER_COMPUTE_BUDGET_UNIT;
    long compute =
        size * params.massPerTxByte()
            + scripts * params.massPerScriptPubKeyByte()
            + committed * perCommitted;
    return new TransactionMass(compute, size * TRANSIENT_GRAMS_PER_BYTE);
  }

  /** Bytes of the transaction by the estimate that mass is reckoned from. */
  public static long estimatedSize(Transaction transaction) {
    long size = FIXED_SIZE + transaction.payload().length;
    int budget = transaction.version() == 0 ? 0 : 2;
    for (Transaction.Input input : transaction.inputs()) {
      size += INPUT_SIZE + budget + input.signatureScript().length;
    }
    for (Transaction.Output output : transaction.outputs()) {
      size += OUTPUT_SIZE + output.scriptPublicKey().script().length;
      if (output.covenant() != null) {
        size += 2 + Hash.SIZE;
      }
    }
    return size;
  }
}
