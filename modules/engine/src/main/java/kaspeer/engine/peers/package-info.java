/** Who is connected: the peers actor, the supervisor of each connection, and the dialler. */
@NullMarked
package kaspeer.engine.peers;

import org.jspecify.annotations.NullMarked;
