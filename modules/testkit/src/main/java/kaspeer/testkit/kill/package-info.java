/** Nodes that are killed in the middle of what they do, and what has to be left of them. */
@NullMarked
package kaspeer.testkit.kill;

import org.jspecify.annotations.NullMarked;
