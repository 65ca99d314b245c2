/**
 * The sequencing commitment of KIP-21, and the tree of active lanes that it covers (consensus
 * reference 6.7).
 */
@NullMarked
package kaspeer.crypto.lanes;

import org.jspecify.annotations.NullMarked;
