/** Tests of what flows have in common. */
@NullMarked
package kaspeer.flows.common;

import org.jspecify.annotations.NullMarked;
