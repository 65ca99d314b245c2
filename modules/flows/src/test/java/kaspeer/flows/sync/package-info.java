/** Tests of the sync's flows. */
@NullMarked
package kaspeer.flows.sync;

import org.jspecify.annotations.NullMarked;
