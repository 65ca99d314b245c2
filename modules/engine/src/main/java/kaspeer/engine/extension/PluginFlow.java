package kaspeer.engine.extension;

import java.util.concurrent.atomic.AtomicLong;
import kaspeer.engine.metrics.Metrics;
import kaspeer.flow.Extension;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowFactory;

/** A plug-in's flow, for all peers. */
final class PluginFlow {
  /** Most bytes that wait for it, over all peers. */
  private static final long MAX_BYTES = 64 << 20;

  private final FlowFactory<?> factory;
  private final FlowDescriptor descriptor;
  private final String origin;
  private final FlowHealth health;
  private final AtomicLong waitingBytes = new AtomicLong();
  private final long mostBytes;

  PluginFlow(FlowFactory<?> factory, FlowDescriptor descriptor, String origin, Metrics metrics) {
    this.factory = factory;
    this.descriptor = descriptor;
    this.origin = origin;
    this.health = new FlowHealth(descriptor.name(), metrics);
    this.mostBytes = Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / 32);
  }

  FlowFactory<?> factory() {
    return factory;
  }

  FlowDescriptor descriptor() {
    return descriptor;
  }

  Extension extension() {
    return descriptor.extension();
  }

  String name() {
    return descriptor.name();
  }

  /** The jar it came from. */
  String origin() {
    return origin;
  }

  FlowHealth health() {
    return health;
  }

  /** Takes room for bytes that will wait, if all peers together have left any. */
  boolean reserve(int bytes) {
    if (waitingBytes.addAndGet(bytes) > mostBytes) {
      waitingBytes.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void release(long bytes) {
    waitingBytes.addAndGet(-bytes);
  }

  long waitingBytes() {
    return waitingBytes.get();
  }
}
