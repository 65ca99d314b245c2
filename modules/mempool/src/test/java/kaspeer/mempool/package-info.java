/** Tests of the pool. */
@NullMarked
package kaspeer.mempool;

import org.jspecify.annotations.NullMarked;
