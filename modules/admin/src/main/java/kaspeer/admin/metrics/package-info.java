/** Metrics as Prometheus reads them, and those of the JVM. */
@NullMarked
package kaspeer.admin.metrics;

import org.jspecify.annotations.NullMarked;
