/**
 * One peer: its supervisor, its flows and their inboxes, what is read from its link and sent on it.
 */
@NullMarked
package kaspeer.engine.peer;

import org.jspecify.annotations.NullMarked;
