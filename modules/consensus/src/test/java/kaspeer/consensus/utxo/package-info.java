/** Tests of the UTXO side of consensus. */
@NullMarked
package kaspeer.consensus.utxo;

import org.jspecify.annotations.NullMarked;
