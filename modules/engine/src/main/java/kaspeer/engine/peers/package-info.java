/** Who is connected: the peers actor, whom it takes and whom it lets go of. */
@NullMarked
package kaspeer.engine.peers;

import org.jspecify.annotations.NullMarked;
