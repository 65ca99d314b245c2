/** Tests of the store. */
@NullMarked
package kaspeer.storage;

import org.jspecify.annotations.NullMarked;
