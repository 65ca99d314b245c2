/**
 * The rules of block bodies and of single transactions that need no UTXO state (consensus reference
 * 5). Pure functions of their arguments and the parameters, safe from any thread.
 */
@NullMarked
package kaspeer.consensus.body;

import org.jspecify.annotations.NullMarked;
