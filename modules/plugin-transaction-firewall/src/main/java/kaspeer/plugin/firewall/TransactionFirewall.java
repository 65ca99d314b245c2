package kaspeer.plugin.firewall;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import kaspeer.flow.Extension.Intercept;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.FlowHost;
import kaspeer.flow.Telemetry;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.TransactionMessage;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps relayed transactions out by the rules in {@code rules.conf} of its folder: what matches one
 * never reaches the mempool, and the peer is not blamed. A change of the file is seen within a
 * second; one that is wrong changes nothing and is an event. With {@code dry-run = true} matches
 * are counted only.
 *
 * <pre>{@code
 * dry-run = false
 * rules = [
 *   { name = no-large-payload, payload-bytes-above = 1000 }
 *   { name = no-dust, any-value-below = 1000, outputs-above = 10, dry-run = true }
 * ]
 * }</pre>
 *
 * <p>Transactions in blocks are consensus' business and pass.
 */
public final class TransactionFirewall implements FlowFactory<FlowEvent.Intercepted> {
  /** The file of rules in the flow's folder. */
  public static final String RULES = "rules.conf";

  private static final Duration LOOK = Duration.ofSeconds(1);

  private @Nullable RuleFile file;
  private @Nullable Telemetry telemetry;
  private Telemetry.@Nullable Counter matches;
  private Instant lookedAt = Instant.MIN;

  @Override
  public synchronized void start(FlowHost host) {
    telemetry = host.telemetry();
    matches = telemetry.counter("matches", "Transactions that matched a rule.", "rule", "action");
    RuleFile rules = new RuleFile(host.folder().resolve(RULES));
    rules.refresh();
    file = rules;
  }

  @Override
  public FlowDescriptor descriptor() {
    return FlowDescriptor.intercepting(
        "transaction-firewall", Intercept.of(PayloadCase.TRANSACTION));
  }

  @Override
  public FlowEvent.Intercepted wrap(FlowEvent event) {
    return (FlowEvent.Intercepted) event;
  }

  @Override
  public Behavior<FlowEvent.Intercepted> create(FlowContext flow) {
    return Behaviors.receiveMessage(
        event -> {
          look(flow.clock().instant());
          if (isRefused(event.message().getTransaction())) {
            event.verdict().drop();
          } else {
            event.verdict().pass();
          }
          return Behaviors.same();
        });
  }

  private synchronized boolean isRefused(TransactionMessage transaction) {
    if (file == null || matches == null) {
      throw new IllegalStateException("not started");
    }
    for (Rule rule : file.rules()) {
      if (rule.matches(transaction)) {
        matches.add(1, rule.name(), rule.dryRun() ? "counted" : "dropped");
        if (!rule.dryRun()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Reads the rules anew if a second has passed and they have changed. */
  private synchronized void look(Instant now) {
    if (file == null || telemetry == null || lookedAt.plus(LOOK).isAfter(now)) {
      return;
    }
    lookedAt = now;
    try {
      if (file.refresh()) {
        telemetry.publish("rulesRead", Map.of("rules", "" + file.rules().size()));
      }
    } catch (IllegalArgumentException wrong) {
      String why = String.valueOf(wrong.getMessage());
      telemetry.publish(
          "rulesRefused", Map.of("why", why.substring(0, Math.min(500, why.length()))));
    }
  }
}
