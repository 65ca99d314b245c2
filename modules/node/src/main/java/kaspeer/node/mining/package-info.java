/** Mining on networks that are made for experiments. */
@NullMarked
package kaspeer.node.mining;

import org.jspecify.annotations.NullMarked;
