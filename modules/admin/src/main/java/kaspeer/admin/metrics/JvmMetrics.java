package kaspeer.admin.metrics;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.RuntimeMXBean;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import kaspeer.engine.metrics.Metrics;

/** What the JVM says of itself: memory, collections, threads, time. */
public final class JvmMetrics {
  private static final double MILLIS = 1e3;
  private static final double NANOS = 1e9;

  private JvmMetrics() {}

  /** Adds the gauges to a registry. They are read when it is. */
  public static void register(Metrics metrics) {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    metrics.gauges(
        "kaspeer_jvm_memory_used_bytes",
        "Memory in use, by area.",
        () ->
            Map.of(
                "heap", (double) memory.getHeapMemoryUsage().getUsed(),
                "nonheap", (double) memory.getNonHeapMemoryUsage().getUsed()),
        "area");
    metrics.gauge(
        "kaspeer_jvm_memory_max_bytes",
        "Most heap the JVM will take.",
        () -> memory.getHeapMemoryUsage().getMax());
    metrics.gauges(
        "kaspeer_jvm_buffer_pool_used_bytes",
        "Memory of buffers outside the heap, by pool.",
        JvmMetrics::pools,
        "pool");
    metrics.gauges(
        "kaspeer_jvm_gc_collection_seconds",
        "Time in garbage collection since the start, by collector.",
        () -> collectors(gc -> gc.getCollectionTime() / MILLIS),
        "collector");
    metrics.gauges(
        "kaspeer_jvm_gc_collections",
        "Garbage collections since the start, by collector.",
        () -> collectors(GarbageCollectorMXBean::getCollectionCount),
        "collector");
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    metrics.gauge("kaspeer_jvm_threads", "Platform threads.", threads::getThreadCount);
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    metrics.gauge(
        "kaspeer_process_start_time_seconds",
        "Start, in seconds since 1970.",
        () -> runtime.getStartTime() / MILLIS);
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean os) {
      metrics.gauge(
          "kaspeer_process_cpu_seconds",
          "Processor time since the start.",
          () -> os.getProcessCpuTime() / NANOS);
    }
  }

  private static Map<String, Double> pools() {
    Map<String, Double> pools = new HashMap<>();
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      pools.put(pool.getName(), (double) pool.getMemoryUsed());
    }
    return pools;
  }

  private static Map<String, Double> collectors(ToDoubleFunction<GarbageCollectorMXBean> value) {
    Map<String, Double> collectors = new HashMap<>();
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      collectors.put(collector.getName(), value.applyAsDouble(collector));
    }
    return collectors;
  }
}
