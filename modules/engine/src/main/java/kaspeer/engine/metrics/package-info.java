/**
 * Counters, gauges and histograms with bounded label sets; the admin endpoint renders a snapshot of
 * them.
 */
@NullMarked
package kaspeer.engine.metrics;

import org.jspecify.annotations.NullMarked;
