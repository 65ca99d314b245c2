/** Outcomes in, scores and bans out. */
@NullMarked
package kaspeer.engine.sanctions;

import org.jspecify.annotations.NullMarked;
