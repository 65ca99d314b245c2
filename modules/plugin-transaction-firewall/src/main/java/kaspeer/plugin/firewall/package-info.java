/** A plug-in that keeps transactions out by rules of the node's operator. */
@NullMarked
package kaspeer.plugin.firewall;

import org.jspecify.annotations.NullMarked;
