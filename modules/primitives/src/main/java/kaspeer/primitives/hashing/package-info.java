/**
 * The keyed hash functions of consensus and their domains: BLAKE2b-256 and BLAKE3 (consensus
 * reference 1.2).
 */
@NullMarked
package kaspeer.primitives.hashing;

import org.jspecify.annotations.NullMarked;
