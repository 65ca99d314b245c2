/**
 * The UTXO side of consensus (consensus reference 6): what merging a block does to the set of
 * unspent outputs, which transactions may be accepted, what a chain block has to state, and the
 * state of the selected chain as it moves from sink to sink. Used by the committer only, except
 * where a class says otherwise.
 */
@NullMarked
package kaspeer.consensus.utxo;

import org.jspecify.annotations.NullMarked;
