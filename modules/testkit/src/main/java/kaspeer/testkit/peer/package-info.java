/**
 * A peer played by a test: it dials or is dialled, says what the script says, and tells what it
 * heard. Speaks HTTP/2 over plain sockets by itself, so that it shares no code with the transport
 * it tests and can break every rule of it; a thread per peer is a virtual one, so that thousands
 * can idle in one process.
 */
@NullMarked
package kaspeer.testkit.peer;

import org.jspecify.annotations.NullMarked;
