/** Tests of the sync's arbiter. */
@NullMarked
package kaspeer.engine.sync;

import org.jspecify.annotations.NullMarked;
