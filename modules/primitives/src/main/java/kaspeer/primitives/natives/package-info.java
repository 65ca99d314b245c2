/** Native libraries that come in jars. */
@NullMarked
package kaspeer.primitives.natives;

import org.jspecify.annotations.NullMarked;
