/** The whole node as a process of its own, as an operator runs it. */
@NullMarked
package kaspeer.testkit.node;

import org.jspecify.annotations.NullMarked;
