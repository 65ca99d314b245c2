/**
 * Measurements of the whole node and of its hot paths, beside kaspad on the same work in the same
 * run.
 */
@NullMarked
package kaspeer.benchmarks;

import org.jspecify.annotations.NullMarked;
