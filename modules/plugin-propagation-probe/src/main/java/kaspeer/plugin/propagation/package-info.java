/** A plug-in that measures how blocks and transactions reach the node, peer by peer. */
@NullMarked
package kaspeer.plugin.propagation;

import org.jspecify.annotations.NullMarked;
