/** Files that are made whole or not at all. */
@NullMarked
package kaspeer.primitives.files;

import org.jspecify.annotations.NullMarked;
