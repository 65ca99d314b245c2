/**
 * Runs one flow by itself: {@link kaspeer.testkit.flow.FlowHarness} plays the engine, the peer and
 * the shared actors, with time in the test's hand.
 */
@NullMarked
package kaspeer.testkit.flow;

import org.jspecify.annotations.NullMarked;
