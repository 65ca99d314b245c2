/** Learning addresses from a peer, and telling it some (protocol reference 5.1). */
@NullMarked
package kaspeer.flows.address;

import org.jspecify.annotations.NullMarked;
