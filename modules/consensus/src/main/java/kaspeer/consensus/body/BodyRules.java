package kaspeer.consensus.body;

import java.util.ArrayList;
import java.util.List;
import kaspeer.consensus.BodyValidator;
import kaspeer.consensus.Rule;
import kaspeer.consensus.RuleException;
import kaspeer.crypto.Merkle;
import kaspeer.primitives.CoinbasePayload;
import kaspeer.primitives.CoinbasePayloadException;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Params;
import kaspeer.primitives.Subsidy;
import kaspeer.primitives.Transaction;

/**
 * The body rules that need no UTXO state, in the order of consensus reference 5.1 and 5.2: the
 * first one that is broken counts. That the parents have bodies is for the caller to see to.
 */
public final class BodyRules implements BodyValidator {
  private final Params params;
  private final TransactionRules transactionRules;

  public BodyRules(Params params) {
    this.params = params;
    this.transactionRules = new TransactionRules(params);
  }

  @Override
  public void validateInIsolation(Header header, List<Transaction> transactions)
      throws RuleException {
    if (transactions.isEmpty()) {
      throw new RuleException(Rule.NO_TRANSACTIONS, "the block has no transactions");
    }
    checkMerkleRoot(header, transactions);
    checkCoinbase(transactions);
    for (Transaction transaction : transactions) {
      transactionRules.validate(transaction);
    }
    BlockMasses masses = new BlockMasses(params);
    for (Transaction transaction : transactions) {
      masses.add(transaction);
    }
    SpendRules.validate(transactions);
  }

  /**
   * {@inheritDoc}
   *
   * @param transactions have passed {@link #validateInIsolation}
   * @param pastMedianTime of the block, milliseconds since 1970
   */
  @Override
  public void validateInContext(Header header, List<Transaction> transactions, long pastMedianTime)
      throws RuleException {
    checkCoinbasePayload(header, transactions.getFirst());
    for (Transaction transaction : transactions) {
      LockTimeRules.requireFinal(transaction, header.daaScore(), pastMedianTime);
    }
  }

  private static void checkMerkleRoot(Header header, List<Transaction> transactions)
      throws RuleException {
    List<Hash> hashes = new ArrayList<>(transactions.size());
    for (Transaction transaction : transactions) {
      hashes.add(transaction.hash());
    }
    Hash root = Merkle.root(hashes);
    if (!root.equals(header.hashMerkleRoot())) {
      throw new RuleException(
          Rule.BAD_MERKLE_ROOT,
          "the header states " + header.hashMerkleRoot() + ", the transactions give " + root);
    }
  }

  private static void checkCoinbase(List<Transaction> transactions) throws RuleException {
    if (!transactions.getFirst().isCoinbase()) {
      throw new RuleException(
          Rule.FIRST_TX_NOT_COINBASE, "the first transaction is not a coinbase");
    }
    for (int i = 1; i < transactions.size(); i++) {
      if (transactions.get(i).isCoinbase()) {
        throw new RuleException(
            Rule.MULTIPLE_COINBASES, "transaction number " + i + " is a coinbase too");
      }
    }
  }

  private void checkCoinbasePayload(Header header, Transaction coinbase) throws RuleException {
    CoinbasePayload payload = parse(coinbase);
    if (payload.blueScore() != header.blueScore()) {
      throw new RuleException(
          Rule.BAD_COINBASE_PAYLOAD_BLUE_SCORE,
          "the coinbase states blue score "
              + Long.toUnsignedString(payload.blueScore())
              + ", the header "
              + Long.toUnsignedString(header.blueScore()));
    }
    long subsidy = Subsidy.of(params, header.daaScore());
    if (payload.subsidy() != subsidy) {
      throw new RuleException(
          Rule.WRONG_SUBSIDY,
          "the coinbase states "
              + Long.toUnsignedString(payload.subsidy())
              + " sompi, it must be "
              + subsidy);
    }
  }

  private CoinbasePayload parse(Transaction coinbase) throws RuleException {
    try {
      return CoinbasePayload.parse(coinbase.payload(), params);
    } catch (CoinbasePayloadException e) {
      throw new RuleException(Rule.BAD_COINBASE_PAYLOAD, String.valueOf(e.getMessage()));
    }
  }
}
