/**
 * Who is connected: the peers actor, the supervisor of each connection, the dialler and the
 * listener.
 */
@NullMarked
package kaspeer.engine.peers;

import org.jspecify.annotations.NullMarked;
