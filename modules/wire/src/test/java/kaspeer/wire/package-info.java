/** Tests of the wire: checks of raw bytes, converters, the catalogue. */
@NullMarked
package kaspeer.wire;

import org.jspecify.annotations.NullMarked;
