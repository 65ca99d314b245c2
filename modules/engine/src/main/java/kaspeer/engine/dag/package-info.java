/**
 * The DAG as the flows see it: an actor that hands work to the consensus library, and the pool of
 * blocks that wait for ancestors.
 */
@NullMarked
package kaspeer.engine.dag;

import org.jspecify.annotations.NullMarked;
