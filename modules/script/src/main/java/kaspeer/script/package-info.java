/**
 * The script engine (consensus reference 6.8): what may spend an output. Opcodes, their metering in
 * script units, covenants, signature hashes and the signature cache.
 */
@NullMarked
package kaspeer.script;

import org.jspecify.annotations.NullMarked;
