/**
 * The data of the block DAG: hashes, headers, blocks, transactions, network parameters, and how
 * each is hashed.
 */
@NullMarked
package kaspeer.primitives;

import org.jspecify.annotations.NullMarked;
