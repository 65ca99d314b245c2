/** Proof of work (kHeavyHash) and merkle roots. */
@NullMarked
package kaspeer.crypto;

import org.jspecify.annotations.NullMarked;
