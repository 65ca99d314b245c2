/** Who fetches what from whom. */
@NullMarked
package kaspeer.engine.relay;

import org.jspecify.annotations.NullMarked;
