/** Tests of {@code kaspeer.consensus.body}. */
@NullMarked
package kaspeer.consensus.body;

import org.jspecify.annotations.NullMarked;
