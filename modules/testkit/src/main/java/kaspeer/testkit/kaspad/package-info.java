/**
 * A real kaspad as a partner in tests and benchmarks: finding it, running it, talking to its RPC,
 * mining on simnet with it.
 */
@NullMarked
package kaspeer.testkit.kaspad;

import org.jspecify.annotations.NullMarked;
