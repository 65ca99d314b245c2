/** Version, verack, ready (protocol reference 4). */
@NullMarked
package kaspeer.flows.handshake;

import org.jspecify.annotations.NullMarked;
