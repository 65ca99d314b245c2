/** Requests that this node does not serve, and says so. */
@NullMarked
package kaspeer.flows.refused;

import org.jspecify.annotations.NullMarked;
