package kaspeer.plugin.firewall;

import com.google.protobuf.ByteString;
import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import kaspeer.wire.proto.TransactionMessage;
import kaspeer.wire.proto.TransactionOutput;

/**
 * One rule: a transaction matches if all of its conditions hold.
 *
 * @param name for metrics
 * @param dryRun whether matches are counted only
 */
record Rule(String name, boolean dryRun, List<Predicate<TransactionMessage>> conditions) {
  private static final String NAME = "name";
  private static final String DRY_RUN = "dry-run";

  boolean matches(TransactionMessage transaction) {
    return conditions.stream().allMatch(condition -> condition.test(transaction));
  }

  /**
   * A rule as it is written.
   *
   * @param dryRun unless it says otherwise itself
   * @throws IllegalArgumentException if there is anything in it that is no condition
   */
  static Rule of(Config written, boolean dryRun) {
    String name = written.getString(NAME);
    if (!name.matches("[a-z][a-z0-9-]{0,39}")) {
      throw new IllegalArgumentException(
          "a rule's name is lower case letters, digits and dashes, not '" + name + "'");
    }
    List<Predicate<TransactionMessage>> conditions = new ArrayList<>();
    for (Map.Entry<String, ?> entry : written.root().entrySet()) {
      String key = entry.getKey();
      if (!key.equals(NAME) && !key.equals(DRY_RUN)) {
        conditions.add(condition(name, key, written));
      }
    }
    if (conditions.isEmpty()) {
      throw new IllegalArgumentException("rule " + name + " has no condition");
    }
    return new Rule(
        name, written.hasPath(DRY_RUN) ? written.getBoolean(DRY_RUN) : dryRun, conditions);
  }

  private static Predicate<TransactionMessage> condition(String rule, String key, Config written) {
    return switch (key) {
      case "bytes-above" -> above(written, key, TransactionMessage::getSerializedSize);
      case "inputs-above" -> above(written, key, TransactionMessage::getInputsCount);
      case "outputs-above" -> above(written, key, TransactionMessage::getOutputsCount);
      case "payload-bytes-above" -> above(written, key, tx -> tx.getPayload().size());
      case "payload-starts-with" -> {
        ByteString start = bytes(written.getString(key));
        yield tx -> tx.getPayload().startsWith(start);
      }
      case "any-value-below" -> {
        long sompi = written.getLong(key);
        yield tx ->
            tx.getOutputsList().stream()
                .anyMatch(output -> Long.compareUnsigned(output.getValue(), sompi) < 0);
      }
      case "pays-to-script" -> {
        ByteString script = bytes(written.getString(key));
        yield tx -> tx.getOutputsList().stream().anyMatch(output -> pays(output, script));
      }
      default ->
          throw new IllegalArgumentException("rule " + rule + " has an unknown condition " + key);
    };
  }

  /** A number of a transaction. */
  private interface Measure {
    int of(TransactionMessage transaction);
  }

  private static Predicate<TransactionMessage> above(Config written, String key, Measure measure) {
    long most = written.getLong(key);
    return tx -> measure.of(tx) > most;
  }

  private static boolean pays(TransactionOutput output, ByteString script) {
    return output.getScriptPublicKey().getScript().equals(script);
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }
}
