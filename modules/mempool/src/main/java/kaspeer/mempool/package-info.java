/**
 * Transactions waiting for a block: admission, replacement, orphans, eviction, expiry, fee
 * estimates and what goes into block templates (consensus reference 8). Plain Java: {@link
 * kaspeer.mempool.TransactionPool} is owned by one thread at a time, and sees the DAG through
 * {@link kaspeer.mempool.VirtualState}.
 */
@NullMarked
package kaspeer.mempool;

import org.jspecify.annotations.NullMarked;
