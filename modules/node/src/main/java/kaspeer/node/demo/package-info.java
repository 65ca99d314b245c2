/** A small network on one machine, to look at. */
@NullMarked
package kaspeer.node.demo;

import org.jspecify.annotations.NullMarked;
