/** Protocols of the actors that flows of all peers share: relay, sync and addresses. */
@NullMarked
package kaspeer.flow.peers;

import org.jspecify.annotations.NullMarked;
