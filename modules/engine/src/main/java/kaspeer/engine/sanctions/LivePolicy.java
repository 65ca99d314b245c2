package kaspeer.engine.sanctions;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import kaspeer.flow.policy.Policy;

/**
 * The policy in force. Written by the {@link SanctionsActor} alone, read by everybody at every
 * breach, so that another row counts from the next breach on. Safe from any thread.
 */
public final class LivePolicy implements Supplier<Policy> {
  private final Policy configured;
  private final AtomicReference<Policy> inForce;

  /**
   * @param configured what the node was started with, and starts with again
   */
  public LivePolicy(Policy configured) {
    this.configured = configured;
    this.inForce = new AtomicReference<>(configured);
  }

  /** What the node was started with. */
  public Policy configured() {
    return configured;
  }

  @Override
  public Policy get() {
    return Objects.requireNonNull(inForce.get());
  }

  void set(Policy policy) {
    inForce.set(policy);
  }
}
