/**
 * Finding out whether a peer is still there, and telling it that we are (protocol reference 5.2).
 */
@NullMarked
package kaspeer.flows.ping;

import org.jspecify.annotations.NullMarked;
