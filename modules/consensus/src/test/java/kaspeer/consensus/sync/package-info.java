/** Tests of {@code kaspeer.consensus.sync}. */
@NullMarked
package kaspeer.consensus.sync;

import org.jspecify.annotations.NullMarked;
