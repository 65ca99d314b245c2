/**
 * Proof of work (kHeavyHash), merkle roots, and the multiset of unspent outputs (MuHash) with its
 * elements. Signatures, and lanes with the sequencing commitment, have packages of their own.
 */
@NullMarked
package kaspeer.crypto;

import org.jspecify.annotations.NullMarked;
