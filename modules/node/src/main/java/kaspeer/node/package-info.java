/** The node: puts the parts together, starts them in order and stops them in reverse. */
@NullMarked
package kaspeer.node;

import org.jspecify.annotations.NullMarked;
