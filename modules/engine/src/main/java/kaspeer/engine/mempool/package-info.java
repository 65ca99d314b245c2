/** The mempool as the flows see it: an actor around the pool. */
@NullMarked
package kaspeer.engine.mempool;

import org.jspecify.annotations.NullMarked;
