/** Whom to dial and when: peers that are to be found, permanent peers, feelers. */
@NullMarked
package kaspeer.engine.dial;

import org.jspecify.annotations.NullMarked;
