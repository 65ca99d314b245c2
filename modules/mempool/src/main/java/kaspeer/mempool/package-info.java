/**
 * Transactions waiting for a block. Plain Java: {@link kaspeer.mempool.Mempool} is owned by one
 * thread at a time, and may be looked into from any.
 */
@NullMarked
package kaspeer.mempool;

import org.jspecify.annotations.NullMarked;
