package kaspeer.consensus.body;

import java.util.ArrayList;
import java.util.List;
import kaspeer.consensus.BodyValidator;
import kaspeer.consensus.Rule;
import kaspeer.consensus.RuleException;
import kaspeer.crypto.Merkle;
import kaspeer.primitives.BlockMass;
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
    checkMasses(transactions);
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
      LockTime.requireFinal(transaction, header.daaScore(), pastMedianTime);
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

  private void checkMasses(List<Transaction> transactions) throws RuleException {
    BlockMass mass = BlockMass.of(transactions, params);
    requireAtMost(
        Rule.EXCEEDS_COMPUTE_MASS_LIMIT, "compute mass", mass.compute(), params.maxComputeMass());
    requireAtMost(
        Rule.EXCEEDS_TRANSIENT_MASS_LIMIT,
        "transient mass",
        mass.transientStorage(),
        params.maxTransientMass());
    requireAtMost(
        Rule.EXCEEDS_STORAGE_MASS_LIMIT, "storage mass", mass.storage(), params.maxStorageMass());
    requireAtMost(
        Rule.EXCEEDS_LANES_LIMIT, "number of lanes", mass.lanes(), params.maxLanesPerBlock());
    requireAtMost(
        Rule.EXCEEDS_LANE_GAS_LIMIT, "gas of one lane", mass.maxLaneGas(), params.maxGasPerLane());
  }

  private static void requireAtMost(Rule rule, String what, long value, long limit)
      throws RuleException {
    if (Long.compareUnsigned(value, limit) > 0) {
      throw new RuleException(
          rule, what + " " + Long.toUnsignedString(value) + ", at most " + limit);
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
      Rule rule =
          switch (e.reason()) {
            case TOO_SHORT, TOO_LONG -> Rule.BAD_COINBASE_PAYLOAD_LENGTH;
            case SCRIPT_TOO_LONG, SCRIPT_CUT_SHORT -> Rule.BAD_COINBASE_PAYLOAD;
          };
      throw new RuleException(rule, String.valueOf(e.getMessage()));
    }
  }
}
