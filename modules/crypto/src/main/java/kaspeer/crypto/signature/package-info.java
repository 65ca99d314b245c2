/** Signatures on secp256k1, by libsecp256k1 (consensus reference 6.8.4). */
@NullMarked
package kaspeer.crypto.signature;

import org.jspecify.annotations.NullMarked;
