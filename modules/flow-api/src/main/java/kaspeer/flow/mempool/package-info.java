/** The Mempool protocol. */
@NullMarked
package kaspeer.flow.mempool;

import org.jspecify.annotations.NullMarked;
